"""Pinning."""

from bot.playground.finding import chat_of, message_of
from bot.playground.params import Params
from bot.playground.refusals import bad
from bot.playground.rendering import message_json
from bot.playground.shapes import Bot, Chat, Message
from bot.playground.telling import tell_message
from bot.playground.world import World


def pin_chat_message(world: World, bot: Bot, params: Params) -> bool:
    """True; the chat says that something was pinned (silently in channels)."""
    chat = _pinnable(world, bot, params)
    message = message_of(chat, params, "pin")
    if message.service:
        raise bad("message can't be pinned")
    if message.pinned:
        return True
    message.pinned = True
    notice = Message(world.next_message_id(chat), chat.id, world.now(), by_bot=bot.id, via="pinChatMessage")
    notice.silent = params.flag("disable_notification") or chat.type == "channel"
    if chat.type == "channel":
        notice.sender_chat = chat.id
    else:
        notice.from_user = bot.id
    notice.service = {"pinned_message": message_json(world, chat, message, with_reply=False)}
    chat.messages[notice.message_id] = notice
    tell_message(world, chat, notice)
    return True


def unpin_chat_message(world: World, bot: Bot, params: Params) -> bool:
    """True; without a number the newest pinned message is unpinned."""
    chat = _pinnable(world, bot, params)
    if params.has("message_id"):
        message_of(chat, params, "unpin").pinned = False
    else:
        pinned = [message for message in chat.alive() if message.pinned]
        if not pinned:
            raise bad("message to unpin not found")
        pinned[-1].pinned = False
    world.ring()
    return True


def unpin_all_chat_messages(world: World, bot: Bot, params: Params) -> bool:
    """True."""
    for message in _pinnable(world, bot, params).alive():
        message.pinned = False
    world.ring()
    return True


def _pinnable(world: World, bot: Bot, params: Params) -> Chat:
    chat = chat_of(world, bot, params)
    right = "can_edit_messages" if chat.type == "channel" else "can_pin_messages"
    member = chat.member(bot.id)
    allowed = member.may(right) or (chat.type == "group" and chat.permissions.get(right, False))
    if not chat.private and not allowed:
        raise bad("not enough rights to manage pinned messages in the chat")
    return chat
