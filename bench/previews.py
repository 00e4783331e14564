"""How a channel's posts become headlines: `python bench/previews.py DIR_OF_DATA [-v]`.

The directory holds ua_channel_stream_2026 (texts of a real channel). They are laid out as Telegram's preview
pages, 20 a page, headline and body on lines of their own where the data tell them apart, and read back.
"""

from __future__ import annotations

import json
import re
import statistics
import sys
import time
from datetime import datetime, timedelta
from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.intake import previews

KYIV = ZoneInfo("Europe/Kyiv")
PAGE = 20
_ABBREVIATION = re.compile(r"(?<!\w)(?:м|с|р|рр|ст|вул|обл|тис|млн|млрд|ім|гр|[А-ЯІЇЄA-Z])\.$")
_NAMED = re.compile(r"[^\w«“„]")


def main(folder: Path, talkative: bool) -> None:
    """Print how many posts were told, what their titles look like, and how long a page takes."""
    lines = (folder / "ua_channel_stream_2026" / "posts.jsonl").read_text(encoding="utf-8").splitlines()
    posts = [json.loads(line) for line in lines]
    now = datetime.fromisoformat(posts[-1]["ts_utc"]) + timedelta(hours=1)
    took, titles, right_time, leads = [], [], 0, 0
    for start in range(0, len(posts), PAGE):
        some = posts[start : start + PAGE]
        body = _page(some).encode()
        began = time.perf_counter()
        feed = previews.read(body, "text/html; charset=utf-8", "https://t.me/s/channel", now, KYIV)
        took.append(time.perf_counter() - began)
        written = {f"https://t.me/channel/{one['id']}": datetime.fromisoformat(one["ts_utc"]) for one in some}
        right_time += sum(written[report.guid or ""] == report.published_at for report in feed.reports)
        titles += [report.title for report in feed.reports]
        leads += sum(bool(report.lead) for report in feed.reports)
    told = [("posts", len(posts)), ("told", len(titles)), ("with their instant", right_time), ("with a lead", leads)]
    told += [
        ("title cut in a sentence", sum(title.endswith("…") for title in titles)),
        ("title ends in an abbreviation", sum(bool(_ABBREVIATION.search(title)) for title in titles)),
        ("title begins with an ornament", sum(bool(_NAMED.match(title)) for title in titles)),
        ("title below 20 characters", sum(len(title) < 20 for title in titles)),
    ]
    for name, count in told:
        print(f"{name:32}{count:6}")
    print(f"{'a page, median / worst':32}{statistics.median(took) * 1000:6.1f} / {max(took) * 1000:.1f} ms")
    if talkative:
        print(*sorted(title for title in titles if len(title) < 40 or _NAMED.match(title)), sep="\n")


def _page(posts: list[dict[str, str]]) -> str:
    return '<section class="tgme_channel_history">' + "".join(map(_post, posts)) + "</section>"


def _post(post: dict[str, str]) -> str:
    text = f"{post['headline']}\n{post['body'] or ''}" if post["headline"] else post["text"]
    return (
        f'<div class="tgme_widget_message" data-post="channel/{post["id"]}"><div class="tgme_widget_message_text '
        f'js-message_text">{escape(text).replace(chr(10), "<br/>")}</div><a class="tgme_widget_message_date">'
        f'<time datetime="{post["ts_utc"]}"></time></a></div>'
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), "-v" in sys.argv)
