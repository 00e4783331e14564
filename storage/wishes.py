"""What editors set of a channel in the chat, who did it, and what it can be set to. First writer wins."""

from __future__ import annotations

import json
from datetime import datetime, time

from storage import journal
from storage.database import Reading, Transaction
from storage.editorial import Changed, Field
from storage.instants import instant, seconds
from storage.model import Channel


async def set_by(db: Reading, channel_id: int) -> dict[str, Changed]:
    """Who set each field that is not as the environment says, by the field."""
    rows = await db.all(
        """SELECT field, at, coalesce(editor.name, '') AS editor
             FROM channel_wish LEFT JOIN editor ON editor.id = channel_wish.editor WHERE channel_id = ?""",
        (channel_id,),
    )
    return {row["field"]: Changed(instant(row["at"]), row["editor"]) for row in rows}


async def touch(tx: Transaction, seen: Channel, editor: int, now: datetime) -> bool:
    """The channel or its schedule changes by this editor; False, and nothing may be changed, when somebody changed it
    since it was `seen`."""
    touched = await tx.run(
        """UPDATE channel SET version = version + 1, changed_at = ?, changed_by = ? WHERE id = ? AND version = ?""",
        (seconds(now), editor, seen.id, seen.version),
    )
    return bool(touched)


async def change(
    tx: Transaction, seen: Channel, wanted: Channel, field: Field, editor: int, now: datetime, *, own: bool = True
) -> bool:
    """The channel is as `wanted` has it in this field, an editor's own value or again the environment's; False, and
    nothing done, when somebody was faster."""
    if not await touch(tx, seen, editor, now):
        return False
    await tx.run(
        """UPDATE channel SET language = :language, sections_json = :sections, signature = :signature,
               quiet_from = :begins, quiet_until = :ends, picture = :picture, pins = :pins WHERE id = :id""",
        {
            "language": wanted.language,
            "sections": json.dumps(list(wanted.sections), ensure_ascii=False),
            "signature": wanted.signature,
            "begins": _wall(wanted.quiet_from),
            "ends": _wall(wanted.quiet_until),
            "picture": wanted.picture,
            "pins": wanted.pins,
            "id": seen.id,
        },
    )
    await tx.run("DELETE FROM channel_wish WHERE channel_id = ? AND field = ?", (seen.id, field))
    if own:
        await tx.run("INSERT INTO channel_wish VALUES (?, ?, ?, ?)", (seen.id, field, seconds(now), editor))
    subject, was, became = f"channel:{seen.id}", told(seen, field), told(wanted, field)
    await journal.write(tx, field, subject, now, actor=editor, was=was, became=became if own else "")
    return True


async def begin(tx: Transaction, chat: str, title: str, language: str, now: datetime) -> int:
    """The number of the channel at `chat`: a new one is off until editors have set it up."""
    await tx.run(
        """INSERT INTO channel (chat, title, language, created_at, state) VALUES (?, ?, ?, ?, 'off')
           ON CONFLICT (chat) DO UPDATE SET title = excluded.title""",
        (chat, title, language, seconds(now)),
    )
    return int(await tx.value("SELECT id FROM channel WHERE chat = ?", (chat,)))


async def switch(tx: Transaction, seen: Channel, editor: int, now: datetime, *, on: bool) -> bool:
    """The newsroom publishes there from now on, or does not; what fell into the time between is owed to nobody. False
    when somebody was faster."""
    if not await touch(tx, seen, editor, now):
        return False
    await tx.run("UPDATE channel SET state = ? WHERE id = ?", ("active" if on else "off", seen.id))
    if on:
        await tx.run("UPDATE rubric SET since_at = max(since_at, ?) WHERE channel_id = ?", (seconds(now), seen.id))
    await journal.write(tx, "on" if on else "off", f"channel:{seen.id}", now, actor=editor, was=seen.state)
    return True


async def entitle(tx: Transaction, channel_id: int, title: str, discussion: int | None) -> None:
    """What Telegram says of the channel: its title, and the group that is linked to it."""
    await tx.run("UPDATE channel SET title = ?, discussion = ? WHERE id = ?", (title, discussion, channel_id))


async def shelved(db: Reading, channel: Channel) -> list[int]:
    """The posts that left the queue when the channel was turned off, and that nobody touched since."""
    if channel.changed_at is None:
        return []
    rows = await db.all(
        """SELECT id FROM post WHERE channel_id = ? AND state = 'draft' AND changed_at = ? AND changed_by = ?
              AND undo_json IS NOT NULL ORDER BY id""",
        (channel.id, seconds(channel.changed_at), channel.changed_by),
    )
    return [row["id"] for row in rows]


async def sections(db: Reading, since: datetime) -> list[str]:
    """The sections that reports since then stand in, the most used first."""
    rows = await db.all(
        """SELECT has.value AS name, count(*) AS number FROM item_now AS i, json_each(i.sections_json) AS has
            WHERE i.published_at >= ? GROUP BY has.value ORDER BY number DESC, name""",
        (seconds(since),),
    )
    return [str(row["name"]) for row in rows]


def told(channel: Channel, field: Field) -> str:
    """The value of a field, for the journal."""
    if field == "quiet":
        return f"{_wall(channel.quiet_from) or ''}-{_wall(channel.quiet_until) or ''}"
    value = getattr(channel, field)
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _wall(at: time | None) -> str | None:
    return None if at is None else f"{at:%H:%M}"
