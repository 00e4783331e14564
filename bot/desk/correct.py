"""Carries a correction out, everywhere the story went, in one transaction of wishes: what is on its way when the
process dies is shown at the next start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.desk import content, errata, notices, reach
from bot.desk.apologise import apologise
from bot.desk.content import headline
from bot.desk.paint import Easel
from bot.editions.mend import Fate, mend
from bot.judgement.amends import telling
from bot.judgement.words import index_keys
from bot.screen import Page
from bot.wording import Wording
from storage import channels, corrections, following, journal, posts, search, traces
from storage import lines as printed
from storage.database import Transaction
from storage.editorial import Correction
from storage.lines import Told
from storage.model import Content, Post

BECOMES = {"data": "updated", "error": "corrected"}  # a typo changes nothing that a reader knew


async def write(
    tx: Transaction,
    easel: Easel,
    post: Post,
    going: Correction,
    text: str,
    entities: Sequence[Mapping[str, Any]],
    now: datetime,
) -> Content:
    """Keeps the editor's new words until somebody says yes to them; the post as it would read then."""
    was = await reach.said(tx, post)
    became = errata.reworded(was, text, entities)
    went = await reach.of_post(tx, post, now)
    channel = await channels.get(tx, post.channel_id)
    assert channel is not None  # channels are never deleted
    wording = easel.house.wordings.of(channel.language)
    line = errata.line(going.kind, was, became, went.sent_at or post.changed_at, wording, now)
    await corrections.write(tx, going.id, became.text, became.entities, line)
    return errata.headed(became, line)


async def save(tx: Transaction, easel: Easel, post: Post, going: Correction, editor: int, now: datetime) -> Post | None:
    """The post after it; None when somebody changed it meanwhile, or it was carried out before."""
    was = await reach.said(tx, post)
    became = replace(was, text=going.text or "", entities=going.entities)
    after = await posts.change(
        tx, post, state=BECOMES.get(going.kind, post.state), due_at=post.due_at, editor=editor, now=now
    )
    if after is None or not await corrections.done(tx, going.id):
        return None
    head, _, rest = became.text.strip().partition("\n")
    await search.amend(tx, going.id, index_keys(head), index_keys(rest))
    went = await traces.posts(tx, post.id, post.story_id)
    before, whole = post.content, errata.headed(became, going.line)
    for trace in went:
        other = after if trace.post_id == post.id else await posts.get(tx, trace.post_id or 0)
        if other is not None and other.content == before:  # the same words in another channel too
            await posts.put_version(tx, other.id, whole, editor, now)
            await traces.say(tx, trace, content.call(whole, silent=other.silent).parameters)
    await journal.write(
        tx, f"correct:{going.kind}", f"post:{post.id}", now, actor=editor, was=headline(was), became=headline(became)
    )
    if post.story_id is not None:
        await _follow(tx, easel, post, going, was, became, now)
        if going.kind != "typo":
            await following.tells(tx, post.id, post.story_id)
    return await posts.get(tx, post.id)


async def _follow(
    tx: Transaction, easel: Easel, post: Post, going: Correction, was: Content, became: Content, now: datetime
) -> None:
    """Digests and roundups in the post's language, and the readers who had an alert."""
    assert post.story_id is not None
    channel = await channels.get(tx, post.channel_id)
    assert channel is not None  # channels are never deleted
    wording = easel.house.wordings.of(channel.language)
    lines = [line for line in await printed.telling(tx, post.story_id) if line.language == channel.language]
    mark = "" if going.kind == "typo" else f"\n<i>{wording.html(f'correct.mark.{going.kind}', at=wording.at(now))}</i>"
    fates = [fate for line in lines if (fate := _fate(line, going.kind, was, became, mark)) is not None]
    await mend(tx, easel.house, fates, {}, now)
    if going.kind == "typo":
        return
    for trace in await traces.alerts(tx, post.story_id):
        if trace.state == "waiting" and going.kind == "error" and not trace.intent.startswith("fix:"):
            await traces.take_down(tx, trace, {}, now)  # nobody has read it yet, and it is not so
    told, right = telling(was.text, became.text)
    url = await reach.url_of(tx, post)
    kind = going.kind if told and right else f"{going.kind}.bare"

    def words(reader: Wording, at: str) -> Page:
        return notices.fix(kind, told, right, at, url, reader)

    await apologise(tx, easel, going, post.story_id, words, now)


def _fate(line: Told, kind: str, was: Content, became: Content, mark: str) -> Fate | None:
    """What the line says from now on; None when the correction does not concern it."""
    words = errata.retold(line.headline, kind, was, became)
    return Fate(line, words, mark) if words and words != line.headline else None
