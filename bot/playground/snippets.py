"""What the page says of a message beside its text."""

from __future__ import annotations

from bot.playground.shapes import Chat, Json, Message

MOST_LETTERS = 60  # of a pinned message, in the line that tells of it


def writes(chat: Chat, person: int) -> bool:
    """True when the person may write there: posts in the channel, messages elsewhere."""
    member = chat.member(person)
    return member.may("can_post_messages") if chat.type == "channel" else member.present


def service(what: Json) -> Json:
    """Its kind, and whom or what it names."""
    kind = next(iter(what))
    value = what[kind]
    named = value if isinstance(value, list) else [value]
    names = [each.get("first_name", "") for each in named if isinstance(each, dict)]
    pinned = value if kind == "pinned_message" and isinstance(value, dict) else {}
    return {
        "kind": kind,
        "names": ", ".join(name for name in names if name),
        "text": _beginning(str(pinned.get("text") or pinned.get("caption") or "")),
        "title": value if isinstance(value, str) else "",
        "to": pinned.get("message_id"),
    }


def _beginning(text: str) -> str:
    line = text.partition("\n")[0]
    return line if line == text and len(line) <= MOST_LETTERS else line[:MOST_LETTERS].rstrip() + "…"


def origin(given: Json) -> Json:
    """Whose a forwarded message was: a name, and where it stands when that may be known."""
    chat = given.get("chat") or given.get("sender_chat") or {}
    person = given.get("sender_user") or {}
    name = chat.get("title") or person.get("first_name") or given.get("sender_user_name", "")
    return {"name": name, "chat": chat.get("id"), "message": given.get("message_id")}


def reactions(chat: Chat, message: Message) -> list[Json]:
    """Each sign with how many chose it and who of those we know."""
    counts: dict[str, int] = {}
    if chat.type == "channel":
        for each in message.anonymous_reactions:
            counts[each["type"]["emoji"]] = each["total_count"]
    who: dict[str, list[int]] = {}
    for person, signs in message.reactions.items():
        for sign in signs:
            who.setdefault(sign.get("emoji", ""), []).append(person)
    for emoji, people in who.items():
        counts[emoji] = max(counts.get(emoji, 0), len(people))
    return [
        {"emoji": emoji, "count": count, "who": who.get(emoji, [])}
        for emoji, count in counts.items()
        if emoji and count
    ]
