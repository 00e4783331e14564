"""Sending: text, and what every kind of message has in common."""

from typing import Any

from bot.playground.finding import chat_of, may_write, message_in
from bot.playground.formatting import text_of
from bot.playground.keyboards import markup_of
from bot.playground.params import Params
from bot.playground.refusals import bad
from bot.playground.rendering import chat_json, message_json
from bot.playground.shapes import Bot, Chat, Json, Message
from bot.playground.telling import tell_message
from bot.playground.world import World

ACTIONS = frozenset({
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
    "choose_sticker", "find_location", "record_video_note", "upload_video_note",
})  # fmt: skip


def send_message(world: World, bot: Bot, params: Params) -> Json:
    """The new text message."""
    chat = open_chat(world, bot, params)
    text, entities = text_of(world, params)
    preview = params.dictionary("link_preview_options")
    if preview is None and params.flag("disable_web_page_preview"):
        preview = {"is_disabled": True}
    return post(world, bot, chat, params, text=text, entities=entities, link_preview=preview)


def open_chat(world: World, bot: Bot, params: Params, what: str = "text messages") -> Chat:
    """The chat of a send, where the bot may send such things."""
    chat = chat_of(world, bot, params)
    may_write(world, bot, chat, what)
    return chat


def post(world: World, bot: Bot, chat: Chat, params: Params, via: str = "", **content: Any) -> Json:
    """Puts a message with this content into the chat, as the request's common parameters say: its JSON."""
    message = built(world, bot, chat, params, via, **content)
    land(world, bot, chat, [message], ephemeral=message.receiver is not None)
    return message_json(world, chat, message)


def built(world: World, bot: Bot, chat: Chat, params: Params, via: str = "", **content: Any) -> Message:
    """The message that would be sent; it has no number yet and is not in the chat."""
    message = Message(0, chat.id, world.now(), via=via or world.calls[-1].method, by_bot=bot.id, **content)
    message.reply_markup = markup_of(params, chat)
    message.silent = params.flag("disable_notification")
    message.protected = params.flag("protect_content") or chat.protected
    message.thread_id = _thread(chat, params)
    if chat.type == "channel":
        message.sender_chat = chat.id
    else:
        message.from_user = bot.id
    _reply(world, bot, chat, params, message)
    message.receiver = _receiver(world, bot, chat, params)
    return message


def land(world: World, bot: Bot, chat: Chat, messages: list[Message], ephemeral: bool = False) -> None:
    """Numbers the messages and puts them into the chat. Raises RefusedError(429) when they come too fast."""
    world.floods.check(bot.id, chat.id, len(messages))
    for message in messages:
        if ephemeral:
            message.ephemeral_id = next(world.numbers)
            chat.ephemeral[message.ephemeral_id] = message
        else:
            message.message_id = world.next_message_id(chat)
            chat.messages[message.message_id] = message
            tell_message(world, chat, message)
    world.ring()


def _thread(chat: Chat, params: Params) -> int | None:
    thread = params.maybe("message_thread_id")
    if thread is None:
        return None
    if thread not in chat.topics:
        raise bad("message thread not found")
    if chat.topics[thread].get("closed"):
        raise bad("TOPIC_CLOSED")
    return thread


def _reply(world: World, bot: Bot, chat: Chat, params: Params, message: Message) -> None:
    wanted: Json = params.dictionary("reply_parameters") or {}
    if not wanted and params.has("reply_to_message_id"):
        wanted = {
            "message_id": params.number("reply_to_message_id"),
            "allow_sending_without_reply": params.flag("allow_sending_without_reply"),
        }
    if not wanted or not wanted.get("message_id"):
        return
    place = chat
    if wanted.get("chat_id") not in (None, "", chat.id):
        place = chat_of(world, bot, Params({"chat_id": wanted["chat_id"]}))
    target = place.messages.get(int(wanted["message_id"]))
    if target is None or target.deleted:
        if wanted.get("allow_sending_without_reply"):
            return
        raise bad("message to be replied not found")
    if wanted.get("quote"):
        message.quote = _quote(target, str(wanted["quote"]))
    if place is chat:
        message.reply_to = target.message_id
    else:
        origin = {"type": "channel", "chat": chat_json(world, place), "message_id": target.message_id}
        message.external_reply = {"origin": {**origin, "date": int(target.date)}, "chat": chat_json(world, place)}


def _quote(target: Message, quote: str) -> Json:
    """The quote with its place. Raises RefusedError when the message does not say that."""
    place = target.text.find(quote)
    if place < 0 or len(quote) > 1024:
        raise bad("QUOTE_TEXT_INVALID")
    return {"text": quote, "position": len(target.text[:place].encode("utf-16-le")) // 2, "is_manual": True}


def _receiver(world: World, bot: Bot, chat: Chat, params: Params) -> int | None:
    """Who alone sees an ephemeral message; None for an ordinary one."""
    wanted = params.dictionary("ephemeral_message_parameters")
    if not wanted:
        return None
    if chat.type not in ("group", "supergroup"):
        raise bad("ephemeral messages can be sent only to groups and supergroups")
    receiver = int(wanted.get("receiver_user_id", 0))
    if not chat.member(receiver).present:
        raise bad("PARTICIPANT_ID_INVALID")
    tap = world.taps.get(str(wanted.get("callback_query_id", "")))
    recent = tap is not None and tap.user_id == receiver and world.now() - tap.at <= 15
    if not chat.member(bot.id).admin and not recent:
        raise bad("not enough rights to send ephemeral messages to the user")
    return receiver


def send_chat_action(world: World, bot: Bot, params: Params) -> bool:
    """True; nobody sees it here."""
    chat_of(world, bot, params)
    open_chat(world, bot, params)
    if params.text("action").lower() not in ACTIONS:
        raise bad("wrong parameter action in request")
    return True


def forwarded_from(chat: Chat, message_id: int) -> Message:
    """The message to forward or copy."""
    return message_in(chat, message_id, "message to forward not found")
