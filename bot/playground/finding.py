"""Which chat, message or user a request means, and whether the bot may do this there."""

from bot.playground.params import Params
from bot.playground.refusals import RefusedError, bad, forbidden
from bot.playground.shapes import Bot, Chat, Message, User
from bot.playground.world import World


def chat_of(world: World, bot: Bot, params: Params, name: str = "chat_id") -> Chat:
    """The chat a request names by its id or @name. Raises RefusedError as Telegram does for one it cannot reach."""
    wanted = params.text(name).strip()
    if not wanted:
        raise bad("chat_id is empty" if name == "chat_id" else f"{name} is empty")
    if wanted.startswith("@"):
        named = (chat for chat in world.chats.values() if chat.username.lower() == wanted[1:].lower())
        chat = next(named, None)
        if chat is None or chat.deleted:
            raise bad("chat not found")
        return reachable(world, bot, chat)
    number = int(wanted) if wanted.removeprefix("-").isdigit() else 0
    if number > 0:
        return _private(world, bot, number)
    chat = world.chats.get(number)
    if chat is None or chat.deleted or not (bot.id in chat.members or chat.username):
        raise bad("chat not found")
    return reachable(world, bot, chat)


def _private(world: World, bot: Bot, user_id: int) -> Chat:
    chat = world.privates.get((bot.id, user_id))
    if chat is not None and chat.started:
        return chat
    known = chat is not None or any(
        user_id in place.members and place.member(bot.id).present for place in world.chats.values()
    )
    if user_id not in world.users or not known:
        raise bad("chat not found")
    raise forbidden("bot can't initiate conversation with a user")


def reachable(world: World, bot: Bot, chat: Chat) -> Chat:
    """The chat, unless it moved or the bot is not in it."""
    if chat.migrated_to is not None:
        raise bad("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to)
    member = chat.member(bot.id)
    if chat.private or member.present:
        return chat
    if member.status == "kicked":
        raise forbidden(f"bot was kicked from the {chat.name}")
    raise forbidden(f"bot is not a member of the {chat.name}")


def may_write(world: World, bot: Bot, chat: Chat, what: str = "text messages") -> None:
    """Raises RefusedError unless the bot may send this kind of thing to the chat."""
    if chat.private:
        if chat.blocked:
            raise forbidden("bot was blocked by the user")
        return
    member = chat.member(bot.id)
    if chat.type == "channel":
        if not member.may("can_post_messages"):
            raise bad("need administrator rights in the channel chat")
        return
    right = RIGHT_FOR.get(what, "can_send_messages")
    rights = member.rights if member.status == "restricted" else chat.permissions
    if not member.admin and not rights.get(right, True):
        raise bad(f"not enough rights to send {what} to the chat")


RIGHT_FOR = {
    "text messages": "can_send_messages", "photos": "can_send_photos", "videos": "can_send_videos",
    "documents": "can_send_documents", "music": "can_send_audios", "voice notes": "can_send_voice_notes",
    "animations": "can_send_other_messages", "stickers": "can_send_other_messages",
    "polls": "can_send_polls", "video notes": "can_send_video_notes",
}  # fmt: skip


def message_in(chat: Chat, message_id: int, missing: str) -> Message:
    """The message if it is still there; else RefusedError with that text."""
    message = chat.messages.get(message_id)
    if message is None or message.deleted:
        raise bad(missing)
    return message


def message_of(chat: Chat, params: Params, purpose: str) -> Message:
    """The message that `message_id` names: "message to edit not found" where purpose is "edit"."""
    if not params.has("message_id") or params.number("message_id") <= 0:
        raise bad("message identifier is not specified")
    return message_in(chat, params.number("message_id"), f"message to {purpose} not found")


def user_of(world: World, params: Params) -> User:
    """The user that `user_id` names."""
    user = world.users.get(params.number("user_id"))
    if user is None:
        raise bad("invalid user_id specified" if not params.has("user_id") else "user not found")
    return user


def not_implemented(method: str) -> RefusedError:
    return RefusedError(404, f"method {method} is not implemented by the playground")
