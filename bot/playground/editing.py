"""Editing and deleting."""

from typing import Any

from bot.playground.finding import chat_of, message_of, not_implemented
from bot.playground.formatting import caption_of, text_of
from bot.playground.keyboards import markup_of
from bot.playground.media import media_of
from bot.playground.params import Params
from bot.playground.refusals import bad
from bot.playground.rendering import message_json
from bot.playground.shapes import Bot, Chat, Json, Message
from bot.playground.telling import tell_message
from bot.playground.world import World

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
DELETABLE_SECONDS = 48 * 3600  # bots can't delete messages older than this (TDLib, can_delete_channel_message)
MOST_AT_ONCE = 100  # https://core.telegram.org/bots/api#deletemessages


def edit_message_text(world: World, bot: Bot, params: Params) -> Json:
    """The edited message."""
    chat, message = _editable(world, bot, params)
    text, entities = text_of(world, params, editing=True)
    if message.media or message.service:
        raise bad("there is no text in the message to edit")
    preview = params.dictionary("link_preview_options")
    if preview is None and params.flag("disable_web_page_preview"):
        preview = {"is_disabled": True}
    return _apply(world, bot, chat, message, params, text=text, entities=entities, link_preview=preview)


def edit_message_caption(world: World, bot: Bot, params: Params) -> Json:
    """The message with another caption."""
    chat, message = _editable(world, bot, params)
    text, entities = caption_of(world, params, editing=True)
    if not message.media or message.kind in ("poll", "location", "sticker"):
        raise bad("there is no caption in the message to edit")
    extra = {**message.media_extra}
    if params.has("show_caption_above_media"):
        extra["show_caption_above_media"] = params.flag("show_caption_above_media")
    return _apply(world, bot, chat, message, params, text=text, entities=entities, media_extra=extra)


def edit_message_media(world: World, bot: Bot, params: Params) -> Json:
    """The message with another photo, video, …; a text message may be given one."""
    chat, message = _editable(world, bot, params)
    wanted = params.dictionary("media")
    if wanted is None:
        raise bad("media is not specified")
    kind = str(wanted.get("type", ""))
    if message.media_group_id and kind != message.kind:
        raise bad("message can't be edited")
    if message.kind in ("poll", "location", "sticker", "voice"):
        raise bad("there is no media in the message to edit")
    media, extra = media_of(world, kind, params, wanted)
    text, entities = caption_of(world, Params({**wanted}), editing=True)
    return _apply(world, bot, chat, message, params, media=media, media_extra=extra, text=text, entities=entities)


def edit_message_reply_markup(world: World, bot: Bot, params: Params) -> Json:
    """The message with other buttons."""
    chat, message = _editable(world, bot, params)
    return _apply(world, bot, chat, message, params)


def _editable(world: World, bot: Bot, params: Params) -> tuple[Chat, Message]:
    """The message to edit. Raises RefusedError for one that is gone or that the bot may not edit."""
    if params.has("inline_message_id"):
        raise not_implemented("editMessage with inline_message_id")
    chat = chat_of(world, bot, params)
    message = message_of(chat, params, "edit")
    own = message.by_bot == bot.id
    member = chat.member(bot.id)
    foreign = chat.type == "channel" and member.may("can_edit_messages")
    if chat.type == "channel" and own and not member.may("can_post_messages"):
        own = False
    if message.service or message.forward_origin or not (own or foreign):
        raise bad("message can't be edited")
    return chat, message


def _apply(world: World, bot: Bot, chat: Chat, message: Message, params: Params, **changes: Any) -> Json:
    """Changes the message and tells the others. Raises RefusedError when nothing would change."""
    if message.media_group_id and params.has("reply_markup"):
        raise bad("message can't be edited")
    markup = markup_of(params, chat)
    if markup is not None and "inline_keyboard" not in markup:
        raise bad("inline keyboard expected")
    if markup is not None:  # force_reply stays what it was
        kept = (message.reply_markup or {}).get("force_reply")
        markup = {name: value for name, value in markup.items() if name != "force_reply"}
        markup |= {"force_reply": kept} if kept is not None else {}
    changes["reply_markup"] = markup
    if all(getattr(message, name) == value for name, value in changes.items()):
        raise bad(NOT_MODIFIED)
    world.floods.check(bot.id, chat.id)
    message.keep_version()
    only_buttons = set(changes) == {"reply_markup"}
    for name, value in changes.items():
        setattr(message, name, value)
    if not only_buttons:  # Telegram hides the date of an edit that changed buttons alone
        message.edited = world.now()
    tell_message(world, chat, message, edited=True)
    return message_json(world, chat, message)


def delete_message(world: World, bot: Bot, params: Params) -> bool:
    """True once the message is gone for everybody."""
    chat = chat_of(world, bot, params)
    message = message_of(chat, params, "delete")
    _check_deletable(world, bot, chat, message)
    message.deleted = True
    world.ring()
    return True


def delete_messages(world: World, bot: Bot, params: Params) -> bool:
    """True; what is not there is skipped. When one may not be deleted, none is."""
    chat = chat_of(world, bot, params)
    found = [chat.messages.get(number) for number in ids_of(params, "message_ids")]
    messages = [message for message in found if message is not None and not message.deleted]
    for message in messages:
        _check_deletable(world, bot, chat, message)
    for message in messages:
        message.deleted = True
    world.ring()
    return True


def ids_of(params: Params, name: str) -> list[int]:
    """1–100 message ids. Raises RefusedError for more, or none."""
    numbers = [int(value) for value in params.array(name) or []]
    if not numbers:
        raise bad("message identifiers are not specified")
    if len(numbers) > MOST_AT_ONCE:
        raise bad("too many message identifiers specified")
    return numbers


def _check_deletable(world: World, bot: Bot, chat: Chat, message: Message) -> None:
    """Raises RefusedError for a message that the bot may not delete, or not any more."""
    if not _deletable(world, bot, chat, message):
        everyone = "" if chat.type in ("channel", "supergroup") else " for everyone"
        raise bad(f"message can't be deleted{everyone}")


def _deletable(world: World, bot: Bot, chat: Chat, message: Message) -> bool:
    if world.now() >= message.date + DELETABLE_SECONDS:
        return False
    own = message.by_bot == bot.id
    if chat.private:
        return True
    if message.message_id == 1 and chat.type in ("channel", "supergroup") and message.service:
        return False
    member = chat.member(bot.id)
    if member.may("can_delete_messages"):
        return True
    if not own:
        return False
    return chat.type != "channel" or member.may("can_post_messages")
