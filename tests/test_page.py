"""The demo's page over HTTP: what it shows, what one can do there, and what it refuses."""

from __future__ import annotations

import asyncio
import io
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.playground import newspapers, stage
from bot.playground.sample_day import instant
from bot.playground.stage import Stage
from bot.playground.town import town

pytestmark = pytest.mark.asyncio(loop_scope="module")  # one town for all that is asked of its page
PAGE = Path(stage.__file__).with_name("page")
OLIA, ANDRII, TARAS = 1001, 1002, 2002


@dataclass
class Visitor:
    """Who has the page open: a browser's headers, unless others are given."""

    stage: Stage
    session: aiohttp.ClientSession

    async def get(self, path: str, **headers: str) -> tuple[int, Any, bytes]:
        async with self.session.get(self.stage.url + path, headers=headers) as answer:
            return answer.status, answer.headers, await answer.read()

    async def act(self, name: str, **values: Any) -> tuple[int, Any]:
        return await self.post("/api/act", json.dumps({"act": name, **values}).encode(), Origin=self.stage.url)

    async def post(self, path: str, body: Any, **headers: str) -> tuple[int, Any]:
        kind = {} if isinstance(body, aiohttp.FormData) else {"Content-Type": "application/json"}
        async with self.session.post(self.stage.url + path, data=body, headers=kind | headers) as answer:
            text = await answer.text()
            return answer.status, json.loads(text) if answer.content_type == "application/json" else text

    @property
    def pieces(self) -> dict[str, Any]:
        return self.stage.scene.pieces()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def visitor(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Visitor]:
    async with town(0, tmp_path_factory.mktemp("page")) as place:
        await place.live_until(instant("08:50"))
        async with stage.opened(place, 0) as shown, aiohttp.ClientSession() as session:
            shown.hours.set_speed(0)
            yield Visitor(shown, session)


async def test_the_page_brings_its_policy_and_everything_it_names(visitor: Visitor) -> None:
    status, headers, body = await visitor.get("/")

    assert status == 200
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script-src 'self';" in policy and "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    for name in re.findall(r'(?:src|href)="(/page/[^"]+)"', body.decode()):
        assert (await visitor.get(name))[0] == 200, name
    for script in PAGE.glob("*.js"):
        for name in re.findall(r'from "\./([^"]+)"', script.read_text("utf-8")):
            status, headers, _ = await visitor.get(f"/page/{name}")
            assert (status, headers["Content-Type"]) == (200, "text/javascript; charset=utf-8"), name


async def test_nothing_on_the_page_is_written_as_markup() -> None:
    for script in PAGE.glob("*.js"):
        text = script.read_text("utf-8")
        for forbidden in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"):
            assert forbidden not in text, f"{script.name}: {forbidden}"
    markup = (PAGE / "index.html").read_text("utf-8")
    assert "style=" not in markup and not re.search(r"<script>|\son\w+=|https?://", markup)


async def test_both_languages_say_the_same_things() -> None:
    uk, en = (json.loads((PAGE / f"{language}.json").read_text("utf-8")) for language in ("uk", "en"))

    assert uk.keys() == en.keys()
    for key in uk:
        forms = [list(text.values()) if isinstance(text, dict) else [text] for text in (uk[key], en[key])]
        values = [{*re.findall(r"\{(\w+)\}", form)} for told in forms for form in told]
        assert all(each == values[0] for each in values), key
    assert not re.search(r"[ыэъёЫЭЪЁ]", json.dumps(uk, ensure_ascii=False))
    used = " ".join(path.read_text("utf-8") for path in PAGE.glob("*.js"))
    for key in re.findall(r'\bt\("([\w.]+)"', used):
        assert key in uk, key


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1"},
        {"Host": "holovne.127.0.0.1.nip.io:80"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
async def test_a_foreign_site_is_refused(visitor: Visitor, headers: dict[str, str]) -> None:
    for path in ("/", "/api/state", "/api/events", "/page/main.js"):
        assert (await visitor.get(path, **headers))[0] == 403, path
    said = json.dumps({"act": "say", "chat": TARAS, "who": TARAS, "text": "foreign"}).encode()
    status, _ = await visitor.post("/api/act", said, **({"Origin": visitor.stage.url} | headers))
    assert status == 403
    assert "foreign" not in json.dumps(visitor.pieces)


async def test_what_changes_something_must_name_its_origin(visitor: Visitor) -> None:
    clock = json.dumps({"act": "clock", "to": "step", "number": 5}).encode()

    assert (await visitor.post("/api/act", clock))[0] == 403
    assert (await visitor.post("/api/act", clock, Origin=visitor.stage.url, **{"Content-Type": "text/plain"}))[0] == 415
    assert visitor.pieces["clock"]["now"] == instant("08:50").timestamp()


@pytest.mark.parametrize(
    "path", ["/nothing", "/page/", "/page/none.js", "/page/..%2Fstage.py", "/api/file/none", "/api/nothing"]
)
async def test_what_is_not_there_is_404(visitor: Visitor, path: str) -> None:
    status, headers, _ = await visitor.get(path)

    assert status == 404
    assert "Content-Security-Policy" in headers


async def test_pictures_come_from_our_newspapers_alone(visitor: Visitor) -> None:
    for url in ("http://127.0.0.1:1/x.png", "http://evil.example/x.png", "file:///etc/passwd", visitor.stage.url, ""):
        assert (await visitor.get(f"/api/picture?url={url}"))[0] == 404, url


async def test_a_body_has_a_limit(visitor: Visitor) -> None:
    long = json.dumps({"act": "say", "chat": TARAS, "who": TARAS, "text": "я" * 100_000}).encode()
    form = aiohttp.FormData()
    form.add_field("act", json.dumps({"chat": visitor.stage.town.desk.id, "who": OLIA}))
    form.add_field("photo", io.BytesIO(b"\xff\xd8\xff" + bytes(stage.PHOTO_LIMIT)), filename="big.jpg")

    assert (await visitor.post("/api/act", long, Origin=visitor.stage.url))[0] == 413
    assert (await visitor.post("/api/photos", form, Origin=visitor.stage.url))[0] == 413
    assert (await visitor.act("say", chat=TARAS, who=TARAS, text="я" * 4097)) == (400, {"error": "long"})


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b'{"act": "none"}', b'{"act": "say", "chat": "x"}'])
async def test_nonsense_is_refused_in_one_word(visitor: Visitor, body: bytes) -> None:
    status, told = await visitor.post("/api/act", body, Origin=visitor.stage.url)

    assert status in (400, 404)
    assert set(told) == {"error"}


async def test_the_state_is_the_town(visitor: Visitor) -> None:
    _, _, body = await visitor.get("/api/state")
    state = json.loads(body)

    assert state["clock"]["next"] == {"rubric": "digest", "wall": "09:00", "at": instant("09:00").timestamp()}
    assert [person["name"] for person in state["people"]["people"]] == ["Оля", "Андрій", "Тарас"]
    channel = state[f"chat:{visitor.stage.town.channel.id}"]
    assert channel["writers"] == [OLIA, ANDRII]
    await visitor.stage.town.telegram.until(lambda: visitor.pieces[f"chat:{TARAS}"]["commands"][str(TARAS)])


async def test_nobody_does_what_they_may_not(visitor: Visitor) -> None:
    place = visitor.stage.town

    assert (await visitor.act("say", chat=place.channel.id, who=TARAS, text="x"))[0] == 403
    assert (await visitor.act("say", chat=place.desk.id, who=TARAS, text="x"))[0] == 403
    assert (await visitor.act("say", chat=TARAS, who=OLIA, text="x"))[0] == 403
    assert (await visitor.act("say", chat=place.desk.id, who=42, text="x"))[0] == 404
    _, said = await visitor.act("say", chat=place.desk.id, who=OLIA, text="моє")
    assert (await visitor.act("edit", chat=place.desk.id, who=ANDRII, message=said["id"], text="x"))[0] == 403
    assert (await visitor.act("edit", chat=place.desk.id, who=OLIA, message=said["id"], text="змінено"))[0] == 200
    assert (await visitor.act("delete", chat=place.desk.id, who=OLIA, message=said["id"]))[0] == 200
    assert (await visitor.act("edit", chat=place.desk.id, who=OLIA, message=said["id"], text="x"))[0] == 404


async def test_an_album_keeps_its_caption_and_its_pictures(visitor: Visitor) -> None:
    place = visitor.stage.town
    form = aiohttp.FormData()
    form.add_field("act", json.dumps({"chat": place.desk.id, "who": OLIA, "text": "два фото"}))
    pictures = [newspapers.picture(name) for name in ("/1", "/2")]
    for picture in pictures:
        form.add_field("photo", picture, filename="photo.png")

    assert (await visitor.post("/api/photos", form, Origin=visitor.stage.url))[0] == 200

    first, second = place.telegram.messages(place.desk)[-2:]
    assert first.media_group_id == second.media_group_id is not None
    assert (first.text, second.text) == ("два фото", "")
    file_id = first.media["photo"][-1]["file_id"] if first.media else ""
    status, headers, body = await visitor.get(f"/api/file/{file_id}")
    assert (status, headers["Content-Type"], body) == (200, "image/png", pictures[0])


async def test_what_is_no_picture_is_saved_and_not_shown(visitor: Visitor) -> None:
    place = visitor.stage.town
    message = place.telegram.document(place.desk, OLIA, "a.html", b"<script>alert(1)</script>", mime="text/html")
    file_id = message.media["document"]["file_id"] if message.media else ""

    _, headers, _ = await visitor.get(f"/api/file/{file_id}")

    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"].startswith("attachment")


async def test_reactions_are_counted_and_taken_back(visitor: Visitor) -> None:
    place = visitor.stage.town
    _, said = await visitor.act("say", chat=place.channel.id, who=ANDRII, text="допис")
    where = {"chat": place.channel.id, "message": said["id"], "emoji": "🔥"}

    await visitor.act("react", who=TARAS, **where)
    await visitor.act("react", who=OLIA, **where)
    shown = visitor.pieces[f"message:{place.channel.id}:{said['id']}"]["reactions"]
    await visitor.act("react", who=TARAS, **where)
    after = visitor.pieces[f"message:{place.channel.id}:{said['id']}"]["reactions"]

    assert shown == [{"emoji": "🔥", "count": 2, "who": [TARAS, OLIA]}]
    assert after == [{"emoji": "🔥", "count": 1, "who": [OLIA]}]
    place.telegram.delete(place.channel, said["id"])


async def test_a_link_brings_the_card_that_its_newspaper_serves(visitor: Visitor) -> None:
    place = visitor.stage.town
    _, said = await visitor.act("say", chat=place.desk.id, who=OLIA, text=visitor.pieces["people"]["fresh"])
    name = f"message:{place.desk.id}:{said['id']}"

    card = await place.telegram.until(lambda: visitor.pieces[name].get("card"))

    assert card["site"] == "Новини Донбасу"
    assert card["title"]


async def test_the_clock_goes_to_the_next_edition_and_never_back(visitor: Visitor) -> None:
    place = visitor.stage.town

    assert (await visitor.act("clock", to="next"))[0] == 200
    assert (await visitor.act("clock", to="step", number=-60))[0] == 400
    assert (await visitor.act("clock", to="speed", number=1000))[0] == 400

    assert place.clock() == instant("09:00")
    assert place.telegram.texts(place.channel)[-1].endswith("Лише найважливіше на 09:00")
    assert visitor.pieces["clock"]["next"]["wall"] == "13:00"


async def test_a_page_that_is_closed_while_it_is_told_something_is_no_trouble(visitor: Visitor) -> None:
    ended = asyncio.Event()

    async def closing(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.close()
        response = await visitor.stage.events(request)
        ended.set()
        return response

    app = web.Application()
    app.router.add_get("/", closing)
    async with TestServer(app) as server:
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await visitor.session.get(server.make_url("/"))
        await asyncio.wait_for(ended.wait(), 10)


async def test_a_page_that_is_closed_does_not_cut_the_hours_short(visitor: Visitor) -> None:
    place = visitor.stage.town
    began = place.clock()
    impatient = aiohttp.ClientTimeout(total=0.05)
    body, headers = {"act": "clock", "to": "step", "number": 60}, {"Origin": visitor.stage.url}

    with pytest.raises(TimeoutError):
        await visitor.session.post(visitor.stage.url + "/api/act", json=body, headers=headers, timeout=impatient)
    await place.telegram.until(lambda: not visitor.stage.hours.jumping)

    assert place.clock() - began == timedelta(hours=1)


async def test_a_tap_brings_the_answer_of_the_bot(visitor: Visitor) -> None:
    place = visitor.stage.town
    await visitor.act("say", chat=TARAS, who=TARAS, text="/latest")
    message = (await place.telegram.until(lambda: [m for m in place.telegram.messages(TARAS) if m.buttons]))[-1]
    data = next(button["callback_data"] for button in message.buttons if "callback_data" in button)

    assert (await visitor.act("tap", chat=TARAS, who=TARAS, message=message.message_id, data=data))[0] == 200
    assert (await visitor.act("tap", chat=TARAS, who=OLIA, message=message.message_id, data=data))[0] == 403
    assert (await visitor.act("tap", chat=TARAS, who=TARAS, message=message.message_id, data="none"))[0] == 409


async def test_events_tell_everything_and_then_what_changed(visitor: Visitor) -> None:
    place = visitor.stage.town
    async with visitor.session.get(visitor.stage.url + "/api/events") as events:
        first = json.loads((await events.content.readline()).removeprefix(b"data: "))
        await events.content.readline()
        _, said = await visitor.act("say", chat=place.desk.id, who=ANDRII, text="нове")
        then = json.loads((await events.content.readline()).removeprefix(b"data: "))

    assert first["all"] and first["pieces"].keys() == visitor.pieces.keys() - {f"message:{place.desk.id}:{said['id']}"}
    assert not then["all"] and f"message:{place.desk.id}:{said['id']}" in then["pieces"]
    assert "people" not in then["pieces"]


async def test_trouble_is_made_and_mended(visitor: Visitor) -> None:
    place = visitor.stage.town
    await visitor.act("fault", kind="rights", on=False)
    await visitor.act("fault", kind="lost_after")
    shown = visitor.pieces["faults"]
    place.telegram.faults.clear()
    await visitor.act("fault", kind="rights", on=True)
    await visitor.act("fault", kind="network", on=False)
    away = visitor.pieces["faults"]
    await visitor.act("fault", kind="network", on=True)

    assert shown == {"planned": ["lost_after"], "network": True, "may_post": False}
    assert away == {"planned": [], "network": False, "may_post": True}
    assert visitor.pieces["faults"]["network"]
