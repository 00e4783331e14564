"""Forwarding and copying."""

from dataclasses import replace

from bot.playground.editing import ids_of
from bot.playground.finding import chat_of, may_write, message_in
from bot.playground.formatting import caption_of
from bot.playground.keyboards import markup_of
from bot.playground.messages import built, land
from bot.playground.params import Params
from bot.playground.refusals import bad
from bot.playground.rendering import chat_json, message_json
from bot.playground.shapes import Bot, Chat, Json, Message
from bot.playground.world import World


def origin_of(world: World, chat: Chat, message: Message) -> Json:
    """The forward_origin that a forward of this message carries."""
    if message.forward_origin:
        return message.forward_origin
    date = {"date": int(message.date)}
    if chat.type == "channel":
        origin = {"type": "channel", **date, "chat": chat_json(world, chat), "message_id": message.message_id}
        return origin | ({"author_signature": message.signature} if message.signature else {})
    if message.sender_chat is not None:
        return {"type": "chat", **date, "sender_chat": chat_json(world, world.chats[message.sender_chat])}
    author = world.users[message.from_user or 0]
    if author.hides_forwards:
        name = f"{author.first_name} {author.last_name}".strip()
        return {"type": "hidden_user", **date, "sender_user_name": name}
    return {"type": "user", **date, "sender_user": author.json()}


def forward_message(world: World, bot: Bot, params: Params) -> Json:
    """The forward in the other chat."""
    target, source = _places(world, bot, params)
    original = message_in(source, params.number("message_id"), "message to forward not found")
    if not _forwardable(original):
        raise bad("the message can't be forwarded")
    message = _forward(world, bot, source, target, original, params)
    land(world, bot, target, [message])
    return message_json(world, target, message)


def forward_messages(world: World, bot: Bot, params: Params) -> list[Json]:
    """The numbers of the forwards; messages that cannot be forwarded are skipped."""
    target, source = _places(world, bot, params)
    originals = _several(source, params)
    if not any(map(_forwardable, originals)):
        raise bad("there are no messages to forward")
    messages = [_forward(world, bot, source, target, one, params) for one in originals if _forwardable(one)]
    land(world, bot, target, messages)
    return [{"message_id": message.message_id} for message in messages]


def copy_message(world: World, bot: Bot, params: Params) -> Json:
    """The copy's number."""
    target, source = _places(world, bot, params)
    original = message_in(source, params.number("message_id"), "message to copy not found")
    if not _copyable(original):
        raise bad("the message can't be copied")
    message = _copy(world, bot, target, original, params)
    if params.has("caption") and original.media:
        message.text, message.entities = caption_of(world, params)
    message.reply_markup = markup_of(params, target)
    land(world, bot, target, [message])
    return {"message_id": message.message_id}


def copy_messages(world: World, bot: Bot, params: Params) -> list[Json]:
    """The numbers of the copies; messages that cannot be copied are skipped."""
    target, source = _places(world, bot, params)
    originals = [one for one in _several(source, params) if _copyable(one)]
    if not originals:
        raise bad("there are no messages to forward")
    messages = [_copy(world, bot, target, one, params) for one in originals]
    if params.flag("remove_caption"):
        messages = [replace(one, text="", entities=[]) if one.media else one for one in messages]
    groups: dict[str, str] = {}
    for message, original in zip(messages, originals, strict=True):
        message.media_group_id = _new_group(world, groups, original)
    land(world, bot, target, messages)
    return [{"message_id": message.message_id} for message in messages]


def _places(world: World, bot: Bot, params: Params) -> tuple[Chat, Chat]:
    target, source = chat_of(world, bot, params), chat_of(world, bot, params, "from_chat_id")
    may_write(world, bot, target)
    return target, source


def _several(source: Chat, params: Params) -> list[Message]:
    numbers = ids_of(params, "message_ids")
    if numbers != sorted(set(numbers)):
        raise bad("message identifiers must be in a strictly increasing order")
    found = (source.messages.get(number) for number in numbers)
    return [message for message in found if message is not None and not message.deleted]


def _forwardable(message: Message) -> bool:
    return not message.service and not message.protected


def _copyable(message: Message) -> bool:
    return not message.service and not message.protected


def _forward(world: World, bot: Bot, source: Chat, target: Chat, original: Message, params: Params) -> Message:
    message = _copy(world, bot, target, original, params)
    message.forward_origin = origin_of(world, source, original)
    message.reply_to = message.quote = message.external_reply = None
    urls = [[button for button in row if "url" in button] for row in _rows(original)]
    kept = [row for row in urls if row]
    message.reply_markup = {"inline_keyboard": kept} if kept and source.type == "channel" else None
    return message


def _rows(message: Message) -> list[list[Json]]:
    return list((message.reply_markup or {}).get("inline_keyboard", []))


def _copy(world: World, bot: Bot, target: Chat, original: Message, params: Params) -> Message:
    content: Json = {"text": original.text, "entities": list(original.entities), "media": original.media}
    content |= {"media_extra": dict(original.media_extra), "link_preview": original.link_preview}
    return built(world, bot, target, params.with_values(reply_markup=None), **content)


def _new_group(world: World, groups: dict[str, str], original: Message) -> str | None:
    if not original.media_group_id:
        return None
    fresh = str(14_000_000_000_000_000 + next(world.numbers))
    return groups.setdefault(original.media_group_id, fresh)
