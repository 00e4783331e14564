"""What editors make of the sources: their names, addresses, weights, pauses; and what they are shown of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from storage.database import Reading, Transaction
from storage.instants import instant, instant_or_none, seconds
from storage.model import Headline, Source, Traffic

WEEK = timedelta(days=7)


async def traffic(db: Reading, now: datetime) -> dict[int, Traffic]:
    """By the source's id, every source in it."""
    rows = await db.all(
        """SELECT s.id, s.fresh_at, count(i.id) AS week
             FROM source AS s LEFT JOIN item AS i ON i.source_id = s.id AND i.published_at > ?
            GROUP BY s.id ORDER BY s.id""",
        (seconds(now - WEEK),),
    )
    return {row["id"]: Traffic(instant_or_none(row["fresh_at"]), row["week"]) for row in rows}


async def headlines(db: Reading, source_id: int, count: int) -> list[Headline]:
    """The newest reports of the source by their own dates, newest first, at most `count`."""
    rows = await db.all(
        """SELECT v.title, v.url, i.published_at
             FROM item AS i JOIN item_version AS v ON v.item_id = i.id AND v.version = i.version
            WHERE i.source_id = ? AND i.withdrawn_at IS NULL ORDER BY i.published_at DESC, i.id DESC LIMIT ?""",
        (source_id, count),
    )
    return [Headline(row["title"], row["url"], instant(row["published_at"])) for row in rows]


async def holder(db: Reading, url: str) -> int | None:
    """The id of the source that has this address, None when none has."""
    found = await db.value("SELECT id FROM source WHERE url = ?", (url,))
    return None if found is None else int(found)


async def wanted(db: Reading, urls: Sequence[str]) -> list[str]:
    """The addresses without those that editors took from a source: what they said in the chat wins over settings."""
    left = {
        row["was"]
        for row in await db.all("SELECT was FROM journal WHERE act IN ('source:address', 'source:remove') ORDER BY id")
    }
    held = {row["url"] for row in await db.all("SELECT url FROM source ORDER BY id")}
    return [url for url in urls if url in held or url not in left]


async def left(db: Reading, source_id: int) -> list[str]:
    """The addresses that the source had before this one, the first first."""
    rows = await db.all(
        "SELECT was FROM journal WHERE act = 'source:address' AND subject = ? ORDER BY id", (f"source:{source_id}",)
    )
    return [row["was"] for row in rows]


async def pause(tx: Transaction, source_id: int) -> None:
    """It is not polled until it is woken."""
    await tx.run("UPDATE source SET state = 'paused' WHERE id = ? AND state = 'active'", (source_id,))


async def wake(tx: Transaction, source_id: int, now: datetime) -> None:
    """A paused source is polled again from now on; what it tells first is history, as at its first contact."""
    await tx.run(
        """UPDATE source SET state = 'active', first_contact_at = NULL, etag = NULL, last_modified = NULL,
             due_at = :now, failures = 0, trouble = NULL, trouble_at = NULL, empty_polls = 0, moves_to = NULL,
             alarm = NULL, alarm_at = NULL
           WHERE id = :id AND state = 'paused'""",
        {"id": source_id, "now": seconds(now)},
    )


async def rename(tx: Transaction, source_id: int, name: str) -> None:
    """It is called so from now on."""
    await tx.run("UPDATE source SET name = ? WHERE id = ?", (name, source_id))


async def put_under(tx: Transaction, source_id: int, section: str | None) -> None:
    """What it tells without a section of its own stands under this one; None: under none."""
    await tx.run("UPDATE source SET section = ? WHERE id = ?", (section, source_id))


async def weigh(tx: Transaction, source_id: int, weight: float) -> None:
    """How much its word counts; 1 is usual."""
    await tx.run("UPDATE source SET weight = ? WHERE id = ?", (weight, source_id))


async def speak(tx: Transaction, source_id: int, language: str | None) -> None:
    """The language of what it tells; None: as each report says."""
    await tx.run("UPDATE source SET language = ? WHERE id = ?", (language, source_id))


async def live_in(tx: Transaction, source_id: int, zone: str | None) -> None:
    """What it tells without a zone is read in this one from now on; None: in the newsroom's."""
    await tx.run("UPDATE source SET timezone = ?, clock_proofs = 0 WHERE id = ?", (zone, source_id))


async def select(tx: Transaction, source_id: int, selector: str | None, now: datetime) -> None:
    """The rows of its page are found by this from now on, None: by themselves; what stands there is history."""
    await tx.run(
        """UPDATE source SET selector = :selector, first_contact_at = NULL, etag = NULL, last_modified = NULL,
             due_at = :now, failures = 0, trouble = NULL, trouble_at = NULL, empty_polls = 0
           WHERE id = :id AND kind = 'page' AND state != 'gone'""",
        {"id": source_id, "selector": selector, "now": seconds(now)},
    )


async def move(tx: Transaction, source_id: int, *, url: str, kind: str, family: str, now: datetime) -> bool:
    """It is read at this address from now on, and what stands there is history. False, and nothing is changed, when
    another source has the address."""
    other = await holder(tx, url)
    if other is not None and other != source_id:
        return False
    await tx.run(
        """UPDATE source SET url = :url, kind = :kind, family = :family, first_contact_at = NULL, etag = NULL,
             last_modified = NULL, due_at = :now, failures = 0, trouble = NULL, trouble_at = NULL,
             selector = NULL, empty_polls = 0, moves_to = NULL, mislabelled_at = NULL
           WHERE id = :id AND state != 'gone'""",
        {"id": source_id, "url": url, "kind": kind, "family": family, "now": seconds(now)},
    )
    return True


async def remove(tx: Transaction, source: Source) -> None:
    """It is nobody's source any more; what it told stays, and its address may become another's."""
    await tx.run(
        "UPDATE source SET state = 'gone', url = ? WHERE id = ? AND state != 'gone'",
        (f"gone:{source.id}:{source.url}", source.id),
    )
