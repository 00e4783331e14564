"""Knows a site's articles again after the site has moved to another domain: the same page, another host before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from bot.intake import identity
from storage import catalogue, items
from storage.database import Transaction
from storage.model import Report, Source


async def rehome(tx: Transaction, source: Source, reports: Sequence[Report], permanent_url: str | None) -> None:
    """What was known at the source's former host is known at its new one too.

    Former is a host that its server sends on from for ever (`permanent_url`: where to), or, while it was not read
    there yet, one that an editor took its address from.
    """
    former = {_host(source.url)} if permanent_url else set()
    if source.first_contact_at is None:
        former |= {_host(url) for url in await catalogue.left(tx, source.id)}
    if not former:
        return
    for report in reports:
        keys = identity.keys(report, str(source.id))
        if report.url and _host(report.url) not in former and await items.known(tx, keys) is None:
            parts = urlsplit(report.url)
            for host in sorted(former):
                there = replace(report, url=parts._replace(netloc=host).geturl())
                known = await items.known(tx, identity.keys(there, str(source.id)))
                if known is not None:
                    await items.learn_keys(tx, known, keys)
                    break


def _host(url: str) -> str:
    return urlsplit(identity.canonical(url)).netloc
