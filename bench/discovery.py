"""How well a site's feeds are found from one of its pages: `python bench/discovery.py DIR_OF_DATA [-v]`.

The directory holds fundus-pages. The peer is a tree of the whole page (selectolax) asked for every
<link rel=alternate> whose type names RSS, Atom or RDF: what it sees, the candidates must hold, and comments
and authors may not come first.
"""

from __future__ import annotations

import gzip
import statistics
import sys
import time
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from bot.intake import discovery
from bot.intake.entries import absolute


def main(folder: Path, talkative: bool) -> None:
    """Print what was declared, found, linked to or guessed, and how long a page takes."""
    declared = found = pages = first_aside = linked = 0
    ours, theirs = [], []
    for path in sorted((folder / "fundus-pages").glob("*/*.html.gz")):
        body, pages = gzip.decompress(path.read_bytes()), pages + 1
        url = _address(body) or "https://nowhere.example/"
        began = time.perf_counter()
        candidates = discovery.candidates(body, "text/html; charset=utf-8", url)
        ours.append(time.perf_counter() - began)
        began = time.perf_counter()
        truth = _declared(body, url)
        theirs.append(time.perf_counter() - began)
        known = {one.url.rstrip("/") for one in candidates}
        declared, found = declared + len(truth), found + len(truth & known)
        named = [one for one in candidates if not one.guess and one.kind == "feed"]
        linked += len(named)
        first_aside += bool(named and "comment" in named[0].url.lower() and len(named) > 1)
        if talkative:
            print(f"{path.name[:44]:44} {len(named):3} {named[0].url if named else '–'}", *(truth - known))
    print(f"pages                       {pages:6}")
    print(f"feeds declared (peer sees)  {declared:6}")
    print(f"… among the candidates      {found:6}   {found / max(1, declared):.1%}")
    print(f"feeds named, all            {linked:6}")
    print(f"comments before the feed    {first_aside:6}")
    print(f"a page, median / worst      {statistics.median(ours) * 1000:6.1f} / {max(ours) * 1000:.1f} ms")
    print(f"the peer                    {statistics.median(theirs) * 1000:6.1f} / {max(theirs) * 1000:.1f} ms")


def _address(body: bytes) -> str | None:
    node = LexborHTMLParser(body.decode("utf-8", "replace")).css_first('link[rel="canonical"], meta[property="og:url"]')
    return absolute(node.attributes.get("href") or node.attributes.get("content"), "") if node else None


def _declared(body: bytes, url: str) -> set[str]:
    links = LexborHTMLParser(body.decode("utf-8", "replace")).css('link[rel~="alternate"][type][href]')
    kinds = {"application/rss+xml", "application/atom+xml", "application/rdf+xml"}
    found = {absolute(one.attributes["href"], url) for one in links if one.attributes["type"] in kinds}
    return {one.partition("#")[0].rstrip("/") for one in found if one}


if __name__ == "__main__":
    main(Path(sys.argv[1]), "-v" in sys.argv)
