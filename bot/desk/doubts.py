"""What an editor is asked when the bot cannot know by looking whether something went out, and what stands there
afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from markupsafe import Markup

from bot import notes
from bot.newsroom import Newsroom
from bot.screen import Button, Page, message_url, parameters
from bot.wording import Wording
from storage.model import DESK, Parcel

ASK = "ask:"
MOST_SEEN = 3  # messages that might be it: more help nobody to choose
WHYS = ("unknown", "protected", "many", "unlike", "media", "busy", "blind", "long")


def question(
    wording: Wording, newsroom: Newsroom, what: Parcel, why: str, seen: Sequence[int], now: datetime
) -> Parcel | None:
    """The question as a parcel to the admin chat, asked anew for each try; None where there are no editors."""
    if newsroom.admin_chat is None:
        return None
    said = parameters(page(wording, what, why, seen)) | {"disable_notification": False}
    return Parcel(intent(what), str(newsroom.admin_chat), "sendMessage", said, DESK, now)


def intent(what: Parcel) -> str:
    """The event that editors are asked about this try of the parcel."""
    return f"{ASK}{what.id}:{what.tries}"


def page(wording: Wording, what: Parcel, why: str, seen: Sequence[int]) -> Page:
    """What happened, why the bot cannot tell, and three ways on."""
    lines = [
        wording.html("doubt.title", subject=notes.subject(what)),
        wording.html(f"doubt.why.{why if why in WHYS else 'unknown'}"),
    ]
    if seen:
        places = [
            Markup('<a href="{}">{}</a>').format(message_url(what.chat, each), wording.text("doubt.place", number=each))
            for each in seen[:MOST_SEEN]
        ]
        lines.append(wording.html("doubt.seen", places=Markup(", ").join(places)))
    lines.append(wording.html("doubt.safe"))
    landed = f":{seen[0]}" if len(seen) == 1 else ""
    return Page(
        Markup("\n").join(lines),
        (
            (Button(wording.text("doubt.button.there"), f"d:there:{what.id}:{what.tries}{landed}", style="success"),),
            (Button(wording.text("doubt.button.again"), f"d:again:{what.id}:{what.tries}"),),
            (Button(wording.text("doubt.button.drop"), f"d:drop:{what.id}:{what.tries}", style="danger"),),
        ),
    )


def answered(wording: Wording, what: Parcel, act: str, editor: str, now: datetime) -> Page:
    """The same message once an editor has decided."""
    return Page(
        Markup("\n").join(
            (
                wording.html("doubt.title.over", subject=notes.subject(what)),
                wording.html(f"doubt.answer.{act}", editor=editor, at=wording.clock(now)),
            )
        )
    )
