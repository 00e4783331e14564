"""The command that measures the choice of news: what it reads, what it counts, what it prints."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import notes
from bot.__main__ import main
from bot.check import check
from bot.judge import Asked, CannotJudge, judge
from bot.judgement import moves, rivals, tastes
from bot.judgement.contest import Row, beside, contest, grouping, lived
from bot.judgement.labelled import UnknownLabels, read
from bot.judgement.measures import Interval, b_cubed, drawn, interval, measure, pair_scores
from bot.judgement.tastes import default_taste
from bot.newsroom import Newsroom
from bot.rooms import weights
from bot.settings import Settings
from bot.wording import Wording
from tests.conftest import KYIV, NOON

UK = Wording("uk", KYIV)
HEADLINES = [
    ("08:00", "Удар по Покровську: загинули двоє людей", 3, "удар"),
    ("09:00", "У бібліотеці громади відкрили виставку вишивок", 0, "виставка"),
    ("10:00", "Унаслідок удару по Покровську загинули троє людей", 3, "удар"),
    ("11:00", "Верховна Рада ухвалила закон про виплати переселенцям", 2, "закон"),
    ("12:00", "Втрати ворога за добу: 1200 окупантів", 0, "втрати"),
    ("13:00", "Автобусний маршрут подовжили до ринку", 1, "маршрут"),
]


def graded(*days: str) -> str:
    rows = [
        {"day": day, "id": f"{day}-{number}", "ts_kyiv": f"{day}T{clock}:00+02:00", "title": title, "text": f"{title}.",
         "grade": grade, "story": f"{day}-{story}"}
        for day in days for number, (clock, title, grade, story) in enumerate(HEADLINES)
    ]  # fmt: skip
    return lines(rows)


def roundup(*picks: Sequence[int]) -> str:
    candidates = [{"id": number, "ts_kyiv": f"2024-11-20T{clock}:00+02:00", "title": title, "text": ""}
                  for number, (clock, title, *_) in enumerate(HEADLINES)]  # fmt: skip
    return lines([{"roundup_id": 7, "candidates": candidates, "picks": [{"relevant_ids": pick} for pick in picks]}])


def lines(rows: Sequence[dict[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def pairs() -> str:
    same = {
        "a": "У Києві відкрили новий міст через Дніпро",
        "b": "Новий міст через Дніпро відкрили в Києві",
        "label": 1,
    }
    other = {"a": "Ціна на хліб зросла вдвічі", "b": "Збірна з волейболу перемогла у фіналі", "label": -1}
    return lines([same, same | {"label": 0}, other])


VIEWS = lines(
    [{"day": "2024-11-20", "id": number, "published_utc": "2024-11-20 08:00:00", "section": section, "title": title,
      "grade": grade, "pct": 0.5} for number, (section, title, grade) in
     enumerate([("Політика", "Уряд подав бюджет", 3), ("Спорт", "Матч завершився нічиєю", 0)])]
)  # fmt: skip
TABLE = (
    "INPUT:first_title\tINPUT:second_title\tINPUT:first_text\tINPUT:second_text\tGOLDEN:quality\nА\tБ\tа а\tб б\tOK\n"
)


# What it reads


@pytest.mark.parametrize(
    ("text", "kind", "size"),
    [
        pytest.param(graded("2024-11-20", "2024-11-21"), "graded", 2, id="graded"),
        pytest.param(roundup([0, 2], [3]), "roundups", 1, id="roundups"),
        pytest.param(VIEWS, "views", 1, id="views"),
        pytest.param(pairs(), "pairs", 3, id="headlines"),
        pytest.param(TABLE, "pairs", 1, id="articles"),
        pytest.param(TABLE.replace("INPUT:first_title\tINPUT:second_title\t", "").replace("А\tБ\t", ""), "pairs", 1,
                     id="posts"),
    ],
)  # fmt: skip
def test_a_file_is_known_by_what_it_holds(text: str, kind: str, size: int) -> None:
    labelled = read(text)

    assert (labelled.kind, len(labelled.days) + len(labelled.pairs)) == (kind, size)


def test_a_loose_paraphrase_is_one_event_and_another_event_is_not() -> None:
    assert [pair.same for pair in read(pairs()).pairs] == [True, True, False]


def test_a_line_that_no_post_tells_counts_only_as_a_place() -> None:
    [day] = read(roundup([0, 2], [], [3])).days

    assert (day.picks, day.lines) == ((frozenset({"0", "2"}), frozenset({"3"})), 3)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"grade": 1}', '{"picks": 1, "candidates": 2}', "1", "A\tGOLDEN:x\n1"]
)
def test_an_unknown_form_is_refused(text: str) -> None:
    with pytest.raises(UnknownLabels):
        read(text)


@given(st.text(max_size=60))
def test_whatever_a_file_holds_it_is_read_or_refused(text: str) -> None:
    with suppress(UnknownLabels):
        read(text)


# What it counts


def test_a_repeated_story_earns_nothing_and_takes_a_place() -> None:
    [day] = read(graded("2024-11-20")).days
    ids = [post.id for post in day.posts]

    best = measure("graded", day, [ids[0], ids[3], ids[5], ids[1], ids[4], ids[2]])
    twice = measure("graded", day, [ids[0], ids[2], ids[3], ids[5], ids[1], ids[4]])

    assert best == {"nDCG@8": 1.0, "junk@8": 2 / 8, "dup@8": 1 / 8}
    assert twice is not None and 0.9 < twice["nDCG@8"] < 1


def test_an_editors_line_is_found_by_any_post_that_tells_it() -> None:
    [day] = read(roundup([0, 2], [3])).days

    scores = measure("roundups", day, ["2", "1", "4", "3", "5", "0"])

    assert scores == {"recall@K": 1 / 2, "recall@2K": 1.0, "MRR": (1 + 1 / 4) / 2}


def test_a_day_on_which_nothing_was_picked_is_left_out() -> None:
    assert lived(read(roundup([]))) == []


def test_posts_apart_are_pure_and_posts_in_one_heap_are_complete() -> None:
    truth = ["a", "a", "b"]

    assert b_cubed(truth, [1, 2, 3]) == pytest.approx({"B³ P": 1.0, "B³ R": 2 / 3, "B³ F": 0.8})
    assert b_cubed(truth, [1, 1, 1]) == pytest.approx({"B³ P": 5 / 9, "B³ R": 1.0, "B³ F": 10 / 14})


def test_pairs_are_counted_by_threshold_and_by_order() -> None:
    scores = pair_scores([True, False, True], [True, True, False], [0.9, 0.8, 0.7])

    assert scores == pytest.approx({"P": 0.5, "R": 0.5, "F1": 0.5, "AP": (1 + 2 / 3) / 2})


def test_chance_is_the_same_every_time_and_fair() -> None:
    thrown = list(drawn(6_000, 6))

    assert thrown == list(drawn(6_000, 6)) != list(drawn(6_000, 6, seed=2))
    assert all(900 < thrown.count(face) < 1_100 for face in range(6))


@settings(max_examples=10)
@given(st.lists(st.floats(-1, 1), min_size=1, max_size=8))
def test_a_mean_lies_in_its_interval(values: list[float]) -> None:
    found = interval(values)

    assert found.low - 1e-9 <= found.mean <= found.high + 1e-9


@pytest.mark.parametrize(
    ("gain", "decided"),
    [
        (Interval(0.2, 0.1, 0.3), True),
        (Interval(-0.2, -0.3, -0.1), True),
        (Interval(0.2, -0.1, 0.4), False),
        (Interval(0.07, 0.05, 0.09), False),
    ],
)
def test_a_small_or_doubtful_difference_is_undecided(gain: Interval, decided: bool) -> None:
    assert gain.decided is decided


def test_less_junk_is_better() -> None:
    ours, theirs = Row("digest", ({"junk@8": 0.0},) * 3), Row("newest", ({"junk@8": 0.5},) * 3)

    assert [each.verdict for each in beside([theirs, ours])] == ["better"]


def test_trivial_orders_tell_every_post_once() -> None:
    [(day, known)] = lived(read(graded("2024-11-20")))
    ids = [post.id for post in day.posts]

    orders = [rivals.newest, rivals.covered, rivals.covered_lately, rivals.shuffled(1),
              rivals.once(rivals.newest, known.story_of), rivals.by_section({})]  # fmt: skip

    assert all(sorted(order(day.posts)) == sorted(ids) for order in orders)
    assert rivals.newest(day.posts) == ids[::-1]
    assert rivals.once(rivals.newest, known.story_of)(day.posts)[-1] == ids[0]


def test_a_section_is_judged_by_other_days() -> None:
    labelled = read(VIEWS + VIEWS.replace("2024-11-20", "2024-11-21"))

    rows = {row.name: row for row in contest(labelled.kind, lived(labelled), default_taste())}

    assert rows["sections"].mean("nDCG@10") == 1.0


def test_the_growing_toll_is_one_story_and_comes_first() -> None:
    [(day, known)] = lived(read(graded("2024-11-20")))

    assert known.story_of[day.posts[0].id] == known.story_of[day.posts[2].id]
    assert grouping([(day, known)]).mean("B³ F") == 1.0
    rows = {row.name: row for row in contest("graded", [(day, known)], default_taste())}
    assert rows["roundup"].mean("nDCG@8") > rows["newest"].mean("nDCG@8")


# What a change moves


def snapshot(**lists: Sequence[str]) -> moves.Snapshot:
    return {name: [moves.Line(post, (post, f"{post}-bis"), post, 1.0, ()) for post in posts]
            for name, posts in lists.items()}  # fmt: skip


def test_only_the_stories_that_came_and_went_are_told() -> None:
    before, after = snapshot(one=["a", "b"], two=["c"], gone=["x"]), snapshot(one=["b", "d"], two=["c"], new=["y"])

    [move] = moves.moves(before, after)

    assert (move.name, [line.post for line in move.came], [line.post for line in move.went]) == ("one", ["d"], ["a"])


def test_another_post_of_the_same_story_is_no_move() -> None:
    before = snapshot(one=["a"])
    after = {"one": [replace(before["one"][0], post="a-bis", posts=("a-bis",))]}

    assert list(moves.moves(before, after)) == []


def test_a_snapshot_is_read_as_it_was_written() -> None:
    kept = snapshot(one=["a", "b"])

    assert moves.read(moves.write(kept)) == kept


def test_a_post_that_is_no_candidate_tells_nothing() -> None:
    [day] = read(roundup([0, 99], [99])).days

    assert (day.picks, day.lines) == ((frozenset({"0"}),), 2)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 2, "lists": {}}', '{"version": 1, "lists": [1]}'])
def test_a_file_that_is_no_snapshot_is_refused(text: str) -> None:
    with pytest.raises(moves.UnreadableSnapshot):
        moves.read(text)


# What it prints


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "graded.jsonl").write_text(graded("2024-11-20", "2024-11-21"), "utf-8")
    (tmp_path / "pairs.jsonl").write_text(pairs(), "utf-8")
    return tmp_path


def test_ours_stands_beside_the_trivial_orders(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["judge", "graded.jsonl", "pairs.jsonl"]) == 0

    said = capsys.readouterr().out
    assert "graded.jsonl: 2 дні, 12 дописів" in said
    assert "pairs.jsonl: 3 пари" in said
    for words in ("навмання", "найновіше", "про що пишуть", "дайджест", "головне за день", "nDCG@8", "B³ F", "F1"):
        assert words in said
    assert "проти «" in said


def test_a_change_of_weights_shows_what_moved(folder: Path) -> None:
    files, before, taste = [folder / "many.jsonl"], folder / "before.json", default_taste()
    files[0].write_text(many(), "utf-8")
    list(judge(Asked(files, save=before), taste, UK))
    other = replace(taste, sections={"спорт": 5.0})

    same, moved = (list(judge(Asked(files, against=before), each, UK)) for each in (taste, other))

    assert same[-1] == "\nЗмінилися 0 списків із 2."
    told = "\n".join(moved).partition("Змінилися 2 списки з 2.")[2].splitlines()
    assert told[1] == "many.jsonl 2024-11-20 digest"
    assert told[2].startswith("  + ") and "стадіон" in told[2]
    assert "розділ «Спорт» +5.00" in told[3]
    assert told[4].startswith("  − ")


def many() -> str:
    """More stories than a screen has places, of which the last is about sport."""
    themes = ("міст", "ринок", "школу", "лікарню", "парк", "театр", "басейн", "музей", "вокзал", "завод", "стадіон")
    rows = [{"day": "2024-11-20", "id": number, "published_utc": f"2024-11-20 {8 + number:02}:00:00",
             "section": "Спорт" if theme == "стадіон" else "Місто", "title": f"Оновили {theme}", "grade": 1, "pct": 0.5}
            for number, theme in enumerate(reversed(themes))]  # fmt: skip
    return lines(rows)


@pytest.mark.parametrize("text", ["не JSON", "{}"])
def test_a_file_that_cannot_be_used_is_named(text: str, folder: Path) -> None:
    (folder / "odd").write_text(text, "utf-8")

    with pytest.raises(CannotJudge, match="odd має невідому розмітку"):
        list(judge(Asked([folder / "odd"]), default_taste(), UK))
    with pytest.raises(CannotJudge, match="odd — не знімок"):
        list(judge(Asked([], against=folder / "odd"), default_taste(), UK))


def test_a_missing_file_ends_the_command_with_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["judge", "absent.jsonl"]) == 2

    assert capsys.readouterr().err == "Файл absent.jsonl не прочитано: No such file or directory.\n"


# The newsroom's own weights


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(None, "No such file or directory", id="absent"),
        pytest.param(b"[points", "Expected", id="broken"),
        pytest.param(b"\xff", "utf-8", id="no text"),
        pytest.param(b"[points]\nbasis = 1", "knows only", id="a name that means nothing"),
    ],
)
def test_weights_that_cannot_be_read_leave_the_built_in_ones(content: bytes | None, reason: str, folder: Path) -> None:
    path = folder / "weights.toml"
    if content is not None:
        path.write_bytes(content)

    taste, trouble = weights(Settings(_env_file=None, weights=path))

    assert taste == default_taste()
    assert trouble is not None and reason in trouble


def test_the_newsrooms_weights_hold(folder: Path) -> None:
    (folder / "weights.toml").write_text("[points]\nbase = 3.5", "utf-8")

    taste, trouble = weights(Settings(_env_file=None, weights=folder / "weights.toml"))

    assert (taste.points.base, trouble) == (3.5, None)


def test_the_shipped_file_is_a_good_start_for_ones_own(folder: Path) -> None:
    shipped = Path(tastes.__file__).with_name("weights.toml")

    assert weights(Settings(_env_file=None, weights=shipped)) == (default_taste(), None)


@pytest.mark.parametrize(("text", "said"), [("[points]", "✓ Ваги редакції: "), ("[points", "✗ Ваги редакції ")])
async def test_check_tells_whether_the_weights_are_read(text: str, said: str, folder: Path) -> None:
    path = folder / "weights.toml"
    path.write_text(text, "utf-8")
    settings = Settings(_env_file=None, weights=path, database=folder / "none.db")

    found = [f"{UK.text(f'check.grade.{each.grade}')} {each.sentence}" async for each in check(settings, UK, NOON)]

    assert [line for line in found if line.startswith(f"{said}{path}")]


def test_editors_are_told_of_weights_that_cannot_be_read() -> None:
    newsroom = Newsroom(name="", channel="@nd", admin_chat=-1001, zone=KYIV, language="uk")

    note = notes.weights(UK, newsroom, "<weights>", "comma & brace", NOON)

    assert note is not None and note.chat == "-1001"
    assert "<b>Ваги редакції не прочитано</b>\n&lt;weights&gt;: comma &amp; brace." in note.payload["text"]
    assert notes.weights(UK, replace(newsroom, admin_chat=None), "", "", NOON) is None
