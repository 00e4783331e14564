"""The world's values as the Bot API's JSON."""

from bot.playground.shapes import PERMISSIONS, Chat, Json, Member, Message
from bot.playground.world import World, all_rights


def chat_json(world: World, chat: Chat) -> Json:
    """The Bot API's Chat."""
    if chat.private:
        person: Json = world.users[chat.id].json()
        kept: Json = {name: person[name] for name in ("first_name", "last_name", "username") if name in person}
        return {"id": chat.id, **kept, "type": "private"}
    shown: Json = {"id": chat.id, "title": chat.title}
    if chat.username:
        shown["username"] = chat.username
    shown["type"] = chat.type
    return shown | ({"is_forum": True} if chat.forum else {})


def message_json(world: World, chat: Chat, message: Message, with_reply: bool = True) -> Json:
    """The Bot API's Message."""
    shown: Json = {"message_id": message.message_id}
    shown |= _sender(world, message)
    shown |= {"chat": chat_json(world, chat), "date": int(message.date)}
    shown |= _marks(message)
    if with_reply:
        shown |= _reply(world, chat, message)
    shown |= _content(message)
    if message.receiver is not None:
        shown |= {
            "ephemeral_message_id": message.ephemeral_id,
            "receiver_user": world.users[message.receiver].json(),
        }
    if message.reply_markup and "inline_keyboard" in message.reply_markup:
        shown["reply_markup"] = message.reply_markup
    return shown


def _sender(world: World, message: Message) -> Json:
    shown: Json = {}
    if message.from_user is not None:
        shown["from"] = world.users[message.from_user].json()
    if message.sender_chat is not None:
        shown["sender_chat"] = chat_json(world, world.chats[message.sender_chat])
    if message.via_bot is not None:
        shown["via_bot"] = world.users[message.via_bot].json()
    if message.signature:
        shown["author_signature"] = message.signature
    return shown


def _marks(message: Message) -> Json:
    shown: Json = {}
    if message.edited is not None:
        shown["edit_date"] = int(message.edited)
    if message.protected:
        shown["has_protected_content"] = True
    if message.media_group_id:
        shown["media_group_id"] = message.media_group_id
    if message.forward_origin:
        shown["forward_origin"] = message.forward_origin
    if message.thread_id is not None:
        shown |= {"message_thread_id": message.thread_id, "is_topic_message": True}
    return shown


def _reply(world: World, chat: Chat, message: Message) -> Json:
    shown: Json = {}
    replied = chat.messages.get(message.reply_to or 0)
    if replied and not replied.deleted:
        shown["reply_to_message"] = message_json(world, chat, replied, with_reply=False)
    if message.external_reply:
        shown["external_reply"] = message.external_reply
    if message.quote:
        shown["quote"] = message.quote
    return shown


def _content(message: Message) -> Json:
    if message.service:
        return dict(message.service)
    words: Json = {}
    prefix = "caption" if message.media else "text"
    if message.text:
        words = {prefix: message.text}
        if message.entities:
            words["caption_entities" if message.media else "entities"] = message.entities
    if message.link_preview and not message.media:
        words["link_preview_options"] = message.link_preview
    return {**(message.media or {}), **message.media_extra, **words}


def member_json(world: World, chat: Chat, member: Member) -> Json:
    """The Bot API's ChatMember."""
    shown: Json = {"user": world.users[member.user_id].json(), "status": member.status}
    if member.status == "creator":
        shown["is_anonymous"] = member.anonymous
    elif member.status == "administrator":
        rights = {right: member.rights.get(right, False) for right in all_rights(chat)}
        shown |= {"can_be_edited": False, **rights, "is_anonymous": member.anonymous}
    elif member.status == "restricted":
        rights = {right: member.rights.get(right, False) for right in PERMISSIONS}
        shown |= {**rights, "is_member": True, "until_date": 0}
    elif member.status == "kicked":
        shown["until_date"] = 0
    return shown | ({"custom_title": member.title} if member.title and member.admin else {})
