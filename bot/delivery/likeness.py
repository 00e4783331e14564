"""Whether a message found in the chat is the one that we tried to send, when the answer to the send was lost.

A wrong «other» posts twice, which is the worst that can happen; a wrong «same» loses a post; «unsure» costs an
editor one tap. So «other» and «same» are said only of what is certain.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.delivery.marks import Seen, seen
from bot.delivery.markup import UnreadableMarkup, read

Verdict = Literal["same", "other", "unsure"]
_KINDS = {
    "sendMessage": "text",
    "sendPhoto": "photo",
    "sendVideo": "video",
    "sendAnimation": "animation",
    "sendDocument": "document",
    "sendAudio": "audio",
    "sendVoice": "voice",
}
# https://core.telegram.org/bots/api#message: an animation has its `document` too, so it is looked for first.
_SHOWN = (
    "text", "animation", "photo", "video", "document", "audio", "voice", "sticker", "video_note", "poll", "location",
    "venue", "contact", "dice", "game", "invoice", "paid_media", "story", "checklist", "giveaway",
)  # fmt: skip
MOSTLY = 0.6  # an editor who mends a post leaves most of its words; two posts on one thing share fewer


@dataclass(frozen=True, slots=True)
class Expected:
    """What Telegram would show of a call. `kind` is '' for a method that we cannot read; `files` are the unique ids
    that the file is known by; `comparable` is False when its words, or its kind, cannot be known before."""

    kind: str
    words: Seen
    files: frozenset[str] = frozenset()
    comparable: bool = True


def expected(method: str, payload: Mapping[str, Any], unique_ids: Sequence[str] = ()) -> Expected:
    """What would be seen in the chat after this call. `unique_ids` are those of the file that it sends."""
    kind = _KINDS.get(method, "")
    files = frozenset(each for each in unique_ids if each)
    name = "text" if kind == "text" else "caption"
    words = str(payload.get(name) or "")
    mode = str(payload.get("parse_mode") or "").lower()
    entities = payload.get("entities" if kind == "text" else "caption_entities") or []
    if mode == "html":
        try:
            words, entities = read(words)
        except UnreadableMarkup:
            return Expected(kind, Seen(""), files, comparable=False)
    # A file's kind is kept when it is sent by its id; what an address leads to is Telegram's to say.
    # https://core.telegram.org/bots/api#sending-files
    readable = kind != "" and mode in ("", "html") and not str(payload.get(kind) or "").startswith(("http:", "https:"))
    return Expected(kind, seen(words, entities), files, readable)


def alike(wanted: Expected, found: Mapping[str, Any], *, chat_id: int, message_id: int, bot_id: int) -> Verdict:
    """Whether `found`, the Bot API's Message that came of forwarding `message_id` of `chat_id`, shows what is wanted.

    The keyboard and the preview of a page are not compared: forwarding does not keep them.
    """
    origin = found.get("forward_origin") or {}
    whose = _whose(origin, chat_id, message_id, bot_id)
    shown = next((kind for kind in _SHOWN if found.get(kind)), "")
    if whose == "foreign" or not _may_be(wanted, shown):
        return "other"
    if not wanted.comparable or not shown:
        return "unsure"
    verdict = _words(wanted.words, _seen(found), by_hand=origin.get("type") != "user")
    if shown != "text":
        verdict = _file(wanted, _files(found[shown]), verdict)
    return "unsure" if verdict == "same" and whose == "untold" else verdict


def _whose(
    origin: Mapping[str, Any], chat_id: int, message_id: int, bot_id: int
) -> Literal["ours", "foreign", "untold"]:
    """Who first said it, by what a forward tells of it; in a channel its posts are ours whoever wrote them."""
    match origin.get("type"):
        case "channel":
            chat = origin.get("chat") or {}
            return "ours" if (chat.get("id"), origin.get("message_id")) == (chat_id, message_id) else "foreign"
        case "user":
            return "ours" if (origin.get("sender_user") or {}).get("id") == bot_id else "foreign"
        case "hidden_user":  # a bot has nothing to hide behind
            return "foreign"
        case "chat":  # an anonymous administrator of the group, and a bot may be made one
            return "untold" if (origin.get("sender_chat") or {}).get("id") == chat_id else "foreign"
    return "untold"  # music is forwarded without its origin: create_message_forward_info in TDLib


def _may_be(wanted: Expected, shown: str) -> bool:
    """Whether a message of this kind can have come of the call."""
    if not wanted.kind or not shown or wanted.kind == shown:
        return True
    return not wanted.comparable and "text" not in (wanted.kind, shown)


def _seen(found: Mapping[str, Any]) -> Seen:
    entities = found.get("entities") or found.get("caption_entities") or ()
    return seen(str(found.get("text") or found.get("caption") or ""), entities)


def _words(wanted: Seen, found: Seen, *, by_hand: bool) -> Verdict:
    """`by_hand`: people may have changed it since, as they may in a channel. Nobody edits what a bot wrote in a
    group, where cards of one template share most of their words. A forward does not tell that there was an edit."""
    if wanted == found:
        return "same"
    if _bare(wanted.text) == _bare(found.text):
        return "unsure"
    mine, theirs = Counter(wanted.text.split()), Counter(found.text.split())
    kept = 2 * (mine & theirs).total() / (mine.total() + theirs.total())
    return "unsure" if by_hand and kept >= MOSTLY else "other"


def _bare(text: str) -> str:
    """What is left without white space, invisible signs, accents and capitals."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in plain if unicodedata.category(sign)[0] not in "ZCM")


def _file(wanted: Expected, files: frozenset[str], words: Verdict) -> Verdict:
    """One file is known by its unique id alone: a caption may stand under a whole series of photographs, and under
    one photograph an editor may write what we did not."""
    if wanted.files and files:
        if not wanted.files & files:
            return "other"
        return "same" if words == "same" else "unsure"
    return "other" if words == "other" and wanted.words.text else "unsure"


def _files(shown: Any) -> frozenset[str]:
    """The unique ids of the message's file: of each size, when it is a photograph."""
    sizes = shown if isinstance(shown, list | tuple) else [shown]
    return frozenset(str(each["file_unique_id"]) for each in sizes if each.get("file_unique_id"))
