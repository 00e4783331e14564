"""The methods of the Bot API that this playground has, by name."""

import inspect
from collections.abc import Awaitable, Callable
from typing import Any

from bot.playground import answering, chats, editing, forwarding, media, menus, messages, pinning, polling
from bot.playground.finding import not_implemented
from bot.playground.params import Params
from bot.playground.records import Call
from bot.playground.refusals import RefusedError
from bot.playground.shapes import Bot, Json
from bot.playground.world import World

Method = Callable[[World, Bot, Params], Any | Awaitable[Any]]


def true(world: World, bot: Bot, params: Params) -> bool:
    """True, and nothing else (logOut, close)."""
    return True


METHODS: dict[str, Method] = {
    "getMe": chats.get_me,
    "logOut": true,
    "close": true,
    "getUpdates": polling.get_updates,
    "setWebhook": polling.set_webhook,
    "deleteWebhook": polling.delete_webhook,
    "getWebhookInfo": polling.get_webhook_info,
    "sendMessage": messages.send_message,
    "sendChatAction": messages.send_chat_action,
    "sendPhoto": media.send_media("photo"),
    "sendVideo": media.send_media("video"),
    "sendAnimation": media.send_media("animation"),
    "sendDocument": media.send_media("document"),
    "sendAudio": media.send_media("audio"),
    "sendVoice": media.send_media("voice"),
    "sendVideoNote": media.send_media("video_note"),
    "sendSticker": media.send_media("sticker"),
    "sendMediaGroup": media.send_media_group,
    "sendPoll": media.send_poll,
    "sendLocation": media.send_location,
    "getFile": media.get_file,
    "forwardMessage": forwarding.forward_message,
    "forwardMessages": forwarding.forward_messages,
    "copyMessage": forwarding.copy_message,
    "copyMessages": forwarding.copy_messages,
    "editMessageText": editing.edit_message_text,
    "editMessageCaption": editing.edit_message_caption,
    "editMessageMedia": editing.edit_message_media,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "deleteMessage": editing.delete_message,
    "deleteMessages": editing.delete_messages,
    "pinChatMessage": pinning.pin_chat_message,
    "unpinChatMessage": pinning.unpin_chat_message,
    "unpinAllChatMessages": pinning.unpin_all_chat_messages,
    "editEphemeralMessageText": answering.edit_ephemeral_text,
    "editEphemeralMessageReplyMarkup": answering.edit_ephemeral_markup,
    "deleteEphemeralMessage": answering.delete_ephemeral,
    "answerCallbackQuery": answering.answer_callback_query,
    "answerInlineQuery": answering.answer_inline_query,
    "setMessageReaction": chats.set_message_reaction,
    "getChat": chats.get_chat,
    "getChatMember": chats.get_chat_member,
    "getChatAdministrators": chats.get_chat_administrators,
    "getChatMemberCount": chats.get_chat_member_count,
    "leaveChat": chats.leave_chat,
    "createForumTopic": chats.create_forum_topic,
    "editForumTopic": chats.edit_forum_topic,
    "closeForumTopic": chats.close_forum_topic,
    "reopenForumTopic": chats.reopen_forum_topic,
    "deleteForumTopic": chats.delete_forum_topic,
    "setMyCommands": menus.set_my_commands,
    "getMyCommands": menus.get_my_commands,
    "deleteMyCommands": menus.delete_my_commands,
    "setMyName": menus.set_text("name"),
    "getMyName": menus.get_text("name"),
    "setMyDescription": menus.set_text("description"),
    "getMyDescription": menus.get_text("description"),
    "setMyShortDescription": menus.set_text("short_description"),
    "getMyShortDescription": menus.get_text("short_description"),
    "setChatMenuButton": menus.set_chat_menu_button,
    "getChatMenuButton": menus.get_chat_menu_button,
    "setMyDefaultAdministratorRights": menus.set_default_rights,
    "getMyDefaultAdministratorRights": menus.get_default_rights,
}
BY_LOWER = {name.lower(): (name, method) for name, method in METHODS.items()}


def named(name: str) -> tuple[str, Method]:
    """The method's proper name and its function; case does not matter. Raises RefusedError(404)."""
    if name.lower() not in BY_LOWER:
        raise not_implemented(name)
    return BY_LOWER[name.lower()]


async def perform(world: World, bot: Bot, params: Params, call: Call) -> Json:
    """Runs the method and keeps the call with its outcome: the answer's body."""
    world.remember(call)
    try:
        call.method, function = named(call.method)
        result = function(world, bot, params)
        if inspect.isawaitable(result):
            result = await result
        call.outcome = {"ok": True, "result": result}
    except RefusedError as refusal:
        call.outcome = refusal.answer()
    world.ring()
    return call.outcome
