"""How editors sit at drafts: what each draft's message shows, who writes words for it, and what can be taken back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from storage.database import Reading, Transaction
from storage.editorial import Draft, DraftLine, Sitting
from storage.instants import instant, instant_or_none, seconds


async def get(db: Reading, draft: Draft) -> Sitting:
    """How editors sit at this draft; as at a new one before anybody touched it."""
    row = await db.one("SELECT * FROM sitting WHERE edition_id = ?", (draft.id,))
    return _sitting(row, draft) if row is not None else Sitting(draft.slot_at)


async def put(tx: Transaction, edition_id: int, now_so: Sitting) -> None:
    """They sit so from now on."""
    await tx.run(
        """INSERT OR REPLACE INTO sitting (edition_id, view, story_id, writes, writes_of, writer, until_at, leads_json,
             undo_json, act, acted_at, acted_by, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            edition_id,
            now_so.view,
            now_so.story_id,
            now_so.writes,
            now_so.writes_of,
            now_so.writer,
            None if now_so.until_at is None else seconds(now_so.until_at),
            json.dumps(dict(now_so.leads)),
            None if now_so.undo is None else json.dumps(_kept(now_so.undo), ensure_ascii=False),
            now_so.act,
            seconds(now_so.acted_at),
            now_so.acted_by,
            now_so.version,
        ),
    )


async def shown_since(db: Reading, at: datetime) -> list[int]:
    """The editions with a slot since then that stand as drafts or have a message that showed one, earliest first."""
    rows = await db.all(
        """SELECT id FROM edition WHERE slot_at >= ? AND (state = 'drafted'
              OR EXISTS (SELECT 1 FROM outbox WHERE intent = 'draft:' || edition.id)) ORDER BY slot_at, id""",
        (seconds(at),),
    )
    return [row["id"] for row in rows]


async def of_message(db: Reading, chat_id: int, message_id: int) -> int | None:
    """The edition whose draft this message shows, None when it shows none."""
    found = await db.value(
        """SELECT substr(o.intent, 7) FROM message AS m JOIN outbox AS o ON o.id = m.outbox_id
            WHERE m.chat_id = ? AND m.message_id = ? AND o.intent LIKE 'draft:%'""",
        (chat_id, message_id),
    )
    return None if found is None else int(found)


async def shown(db: Reading, draft: Draft) -> Mapping[str, Any] | None:
    """What its message shows or will show, None when none was put yet."""
    found = await db.value("SELECT coalesce(wanted_json, payload_json) FROM outbox WHERE intent = ?", (draft.intent,))
    return json.loads(found) if found else None


async def again(tx: Transaction, draft: Draft, said: Mapping[str, Any], now: datetime) -> bool:
    """Whether its message was sent and somebody deleted it; then it goes out once more, as it should show now."""
    touched = await tx.run(
        """UPDATE outbox SET state = 'waiting', payload_json = :said, due_at = :now, done_at = NULL, wanted_version = 1,
             wanted_json = NULL
            WHERE intent = :intent AND state = 'sent' AND NOT EXISTS (
              SELECT 1 FROM message WHERE outbox_id = outbox.id AND gone_at IS NULL)""",
        {"said": json.dumps(said, ensure_ascii=False), "now": seconds(now), "intent": draft.intent},
    )
    return touched == 1


async def went(db: Reading, edition_id: int) -> tuple[str, int, datetime] | None:
    """(chat as parcels call it, message, when) of the edition's first message, None while none of it stands."""
    row = await db.one(
        """SELECT o.chat, m.message_id, m.sent_at FROM outbox AS o JOIN message AS m ON m.outbox_id = o.id
            WHERE o.edition_id = ? AND m.place = 1 AND m.gone_at IS NULL ORDER BY o.part, o.id LIMIT 1""",
        (edition_id,),
    )
    return None if row is None else (row["chat"], row["message_id"], instant(row["sent_at"]))


async def ended_by(db: Reading, edition_id: int) -> str:
    """What ended the draft, as the journal calls it: skip, expire or unwanted; '' when none of them did."""
    found = await db.value(
        """SELECT act FROM journal WHERE subject = 'edition:' || ? AND act IN ('skip', 'expire', 'unwanted', 'publish')
            ORDER BY id DESC LIMIT 1""",
        (edition_id,),
    )
    return str(found or "")


def _sitting(row: sqlite3.Row, draft: Draft) -> Sitting:
    return Sitting(
        acted_at=instant(row["acted_at"]),
        acted_by=row["acted_by"],
        act=row["act"],
        version=row["version"],
        view=row["view"],
        story_id=row["story_id"],
        writes=row["writes"],
        writes_of=row["writes_of"],
        writer=row["writer"],
        until_at=instant_or_none(row["until_at"]),
        leads={name: (story, version) for name, (story, version) in json.loads(row["leads_json"]).items()},
        undo=None if row["undo_json"] is None else _before(json.loads(row["undo_json"]), draft),
    )


def _kept(before: Draft) -> dict[str, Any]:
    return {
        "lines": [asdict(line) for line in before.lines],
        "a": before.fragment_a,
        "b": before.fragment_b,
        "approved": None if before.approved_at is None else seconds(before.approved_at),
        "held": None if before.held_at is None else seconds(before.held_at),
        "by": before.settled_by,
        "state": before.state,
    }


def _before(kept: Mapping[str, Any], draft: Draft) -> Draft:
    return replace(
        draft,
        lines=tuple(DraftLine(**line) for line in kept["lines"]),
        fragment_a=kept["a"],
        fragment_b=kept["b"],
        approved_at=instant_or_none(kept["approved"]),
        held_at=instant_or_none(kept["held"]),
        settled_by=kept["by"],
        state=kept["state"],
    )
