"""Messages of editions that a person changed in the channel: nothing is written over them until the editors, who are
shown the difference, say whose words stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from bot.delivery.likeness import expected
from bot.delivery.marks import Seen, seen
from bot.delivery.markup import read
from bot.delivery.typeset import typeset
from bot.desk import by_hand_page
from bot.desk.by_hand_page import Overwritten
from bot.desk.paint import Easel
from bot.editions.named import edition_words
from bot.editions.packing import units
from bot.screen import message_url, parameters
from storage import corrections, editions, guard, journal, messages, outbox, posts, traces
from storage import lines as printed
from storage.database import Reading, Transaction
from storage.editorial import Correction
from storage.lines import Told
from storage.model import DESK, Parcel


async def notice(
    tx: Transaction, easel: Easel, part: Parcel, chat_id: int, message_id: int, text: str,
    entities: Sequence[Mapping[str, Any]], now: datetime,
) -> None:  # fmt: skip
    """This part of an edition says this now. When that is not what the bot wants of it, a person changed it, and the
    editors are asked; when it is, nobody is any more."""
    home = by_hand_page.home(chat_id, message_id)
    ours, asked = await _ours(tx, part), await corrections.standing(tx, home)
    if not ours.text or easel.newsroom.admin_chat is None:
        return  # it cannot be read back, or there is nobody to ask
    if ours == seen(text, entities):
        if asked is not None:
            await corrections.drop(tx, home)
            await _answer(tx, easel, asked, part, "over", "")
        return
    if asked is not None and (asked.text, asked.entities) == (text, tuple(entities)):
        return
    begun = asked or await corrections.begin(tx, kind="typo", home=home, editor=journal.BOT, now=now)
    await corrections.write(tx, begun.id, text, entities, "")
    begun = replace(begun, text=text, entities=tuple(entities), at=now)
    page = parameters(by_hand_page.asking(await _overwritten(tx, easel, begun, part), easel.wording))
    if asked is not None:
        await messages.want(tx, by_hand_page.note(begun), page)
        return
    await journal.write(tx, "by_hand", f"edition:{part.edition_id}", now)
    note = Parcel(by_hand_page.note(begun), str(easel.newsroom.admin_chat), "sendMessage", page, DESK, now)
    await outbox.put(tx, note, now)


async def settle(
    tx: Transaction, easel: Easel, number: int, version: int, which: str, editor: int, now: datetime
) -> str:
    """The key of what to say: whose words stand from now on, when an editor saw both as they are."""
    asked = await corrections.get(tx, number)
    part = await about(tx, asked) if asked is not None else None
    if asked is None or part is None or part.edition_id is None:
        return "guard.toast.over"
    if asked.state != "shown":
        if asked.state == "dropped":  # by a withdrawal, which waits for nobody
            await _answer(tx, easel, asked, part, "over", "")
        return "guard.toast.over"
    found = await _overwritten(tx, easel, asked, part)
    if found.version != version:  # what the bot wants of it is another since
        await messages.want(tx, by_hand_page.note(asked), parameters(by_hand_page.asking(found, easel.wording)))
        return "guard.toast.over"
    chat_id, message_id = by_hand_page.place(asked)
    if which == "keep":
        await _keep(tx, asked, part)
    await guard.settle_edit(tx, chat_id, message_id, ours=which == "ours")
    await corrections.done(tx, asked.id)
    await corrections.erase(tx, asked.id)
    await journal.write(tx, which, f"edition:{part.edition_id}", now, actor=editor)
    await _answer(tx, easel, asked, part, which, await posts.name_of(tx, editor))
    return f"by_hand.toast.{which}"


async def about(db: Reading, asked: Correction) -> Parcel | None:
    """The part of an edition that the question is about; None for a correction that is none of these questions."""
    if not asked.home.startswith(by_hand_page.HOME):
        return None
    intent = await corrections.home_of(db, *by_hand_page.place(asked))
    return await outbox.find(db, intent) if intent is not None else None


async def _keep(tx: Transaction, asked: Correction, part: Parcel) -> None:
    """The message is the person's: later corrections of its lines begin with what is written there."""
    said, text = await traces.said(tx, part.id), asked.text or ""
    key = "caption" if "caption" in said else "text"
    whole = typeset(text, asked.entities)
    kept = {name: value for name, value in said.items() if name not in ("entities", "caption_entities")}
    was = (await _ours(tx, part)).text
    await messages.want(tx, part.intent, kept | {key: whole, "parse_mode": "HTML"})
    assert part.edition_id is not None  # the question is about an edition
    for line in await printed.of(tx, part.edition_id):
        if line.part == part.part and line.text not in whole:
            await _reline(tx, line, was, asked, whole)


async def _reline(tx: Transaction, line: Told, was: str, asked: Correction, whole: str) -> None:
    """A line that the person reworded is known by its new words. One that is not to be found stays as it was told."""
    text = asked.text or ""
    own, old, new = (each.split("\n") for each in (read(line.text)[0], was, text))
    became = _places(old, new)
    for first in range(len(old) - len(own) + 1):
        places = [became.get(first + place, -1) for place in range(len(own))]
        if old[first : first + len(own)] != own or places != [*range(places[0], places[0] + len(own))] or places[0] < 0:
            continue
        block, start = "\n".join(new[place] for place in places), units("".join(f"{row}\n" for row in new[: places[0]]))
        markup = typeset(block, _within(asked.entities, start, units(block)))
        if whole.count(markup) == 1:
            mark = line.mark if markup.endswith(line.mark) else ""
            await printed.reline(tx, line, _headline(line.headline, own[0], new[places[0]]), markup, mark)
            return


def _headline(headline: str, old: str, new: str) -> str:
    """What a line's headline became with its row: all but what stands around it still, the row when that changed."""
    before, _, behind = old.partition(headline)
    around = new.startswith(before) and new.endswith(behind) and len(new) > len(before) + len(behind)
    return new[len(before) : len(new) - len(behind)] if around else new


def _places(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Where each row stands now that stayed, or gave way to one row."""
    return {
        row: other
        for _, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        if last - first == end - start
        for row, other in zip(range(first, last), range(start, end), strict=True)
    }


def _within(entities: Sequence[Mapping[str, Any]], start: int, length: int) -> list[Mapping[str, Any]]:
    """The entities of a row, counted from its beginning."""
    cut: list[Mapping[str, Any]] = []
    for each in entities:
        begins, ends = each["offset"] - start, each["offset"] + each["length"] - start
        if ends > 0 and begins < length:
            begins, ends = max(begins, 0), min(ends, length)
            cut.append(dict(each) | {"offset": begins, "length": ends - begins})
    return cut


async def _overwritten(tx: Transaction, easel: Easel, asked: Correction, part: Parcel) -> Overwritten:
    url = message_url(part.chat, by_hand_page.place(asked)[1])
    version = await messages.wanted_version(tx, part.id)
    return Overwritten(await _name(tx, easel, part), asked, (await _ours(tx, part)).text, url, version)


async def _answer(tx: Transaction, easel: Easel, asked: Correction, part: Parcel, which: str, editor: str) -> None:
    page = by_hand_page.answered(await _name(tx, easel, part), which, editor, easel.wording)
    await messages.want(tx, by_hand_page.note(asked), parameters(page))


async def _name(tx: Transaction, easel: Easel, part: Parcel) -> str:
    edition = await editions.get(tx, part.edition_id or 0)
    assert edition is not None  # editions are never deleted
    return edition_words(edition.rubric, edition.wall_time, easel.wording)


async def _ours(db: Reading, part: Parcel) -> Seen:
    """What the message should show."""
    return expected(part.method, await traces.said(db, part.id)).words
