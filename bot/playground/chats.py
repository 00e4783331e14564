"""Asking about chats, members and the bot itself."""

from bot.playground.finding import chat_of, message_in, user_of
from bot.playground.params import Params
from bot.playground.refusals import bad
from bot.playground.rendering import chat_json, member_json, message_json
from bot.playground.shapes import Bot, Chat, Json, Member, Message
from bot.playground.telling import tell_member, tell_message
from bot.playground.world import World

# https://core.telegram.org/bots/api#reactiontypeemoji
REACTIONS = frozenset({
    "❤", "👍", "👎", "🔥", "🥰", "👏", "😁", "🤔", "🤯", "😱", "🤬", "😢", "🎉", "🤩", "🤮", "💩", "🙏", "👌", "🕊",
    "🤡", "🥱", "🥴", "😍", "🐳", "❤‍🔥", "🌚", "🌭", "💯", "🤣", "⚡", "🍌", "🏆", "💔", "🤨", "😐", "🍓", "🍾", "💋",
    "🖕", "😈", "😴", "😭", "🤓", "👻", "👨‍💻", "👀", "🎃", "🙈", "😇", "😨", "🤝", "✍", "🤗", "🫡", "🎅", "🎄", "☃",
    "💅", "🤪", "🗿", "🆒", "💘", "🙉", "🦄", "😘", "💊", "🙊", "😎", "👾", "🤷‍♂", "🤷", "🤷‍♀", "😡",
})  # fmt: skip


def get_me(world: World, bot: Bot, params: Params) -> Json:
    """The bot's own User."""
    return {
        **bot.json(),
        "can_join_groups": bot.joins_groups,
        "can_read_all_group_messages": not bot.privacy,
        "supports_inline_queries": bot.inline,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
    }


def get_chat(world: World, bot: Bot, params: Params) -> Json:
    """The Bot API's ChatFullInfo."""
    chat = chat_of(world, bot, params)
    shown = {**chat_json(world, chat), "accent_color_id": 0, "max_reaction_count": 11}
    shown["accepted_gift_types"] = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
    )
    pinned = [message for message in chat.alive() if message.pinned]
    if pinned:
        shown["pinned_message"] = message_json(world, chat, pinned[-1], with_reply=False)
    if chat.description:
        shown["description"] = chat.description
    if chat.protected:
        shown["has_protected_content"] = True
    if chat.linked:
        shown["linked_chat_id"] = chat.linked
    if chat.type in ("group", "supergroup"):
        shown["permissions"] = chat.permissions
    if chat.reactions is not None:
        shown["available_reactions"] = [{"type": "emoji", "emoji": emoji} for emoji in chat.reactions]
    return shown


def get_chat_member(world: World, bot: Bot, params: Params) -> Json:
    """The Bot API's ChatMember; also of somebody who left."""
    chat = chat_of(world, bot, params)
    user = user_of(world, params)
    _may_list(chat, bot, user.id)
    return member_json(world, chat, chat.member(user.id))


def _may_list(chat: Chat, bot: Bot, user_id: int = 0) -> None:
    if chat.type == "channel" and not chat.member(bot.id).admin and user_id != bot.id:
        raise bad("member list is inaccessible")


def get_chat_administrators(world: World, bot: Bot, params: Params) -> list[Json]:
    """The admins; bots among them only by `return_bots`, this one always."""
    chat = chat_of(world, bot, params)
    if chat.private:
        raise bad("there are no administrators in the private chat")
    _may_list(chat, bot)
    admins = [member for member in chat.members.values() if member.admin]
    others = params.flag("return_bots")
    shown = [one for one in admins if others or one.user_id == bot.id or not world.users[one.user_id].is_bot]
    return [member_json(world, chat, member) for member in shown]


def get_chat_member_count(world: World, bot: Bot, params: Params) -> int:
    """How many are in the chat."""
    return sum(member.present for member in chat_of(world, bot, params).members.values())


def leave_chat(world: World, bot: Bot, params: Params) -> bool:
    """True; the bot is out."""
    chat = chat_of(world, bot, params)
    if chat.private:
        raise bad("chat member status can't be changed in private chats")
    old, new = chat.member(bot.id), Member(bot.id, "left")
    chat.members[bot.id] = new
    tell_member(world, chat, old, new, bot.id)
    return True


def set_message_reaction(world: World, bot: Bot, params: Params) -> bool:
    """True; one emoji of the allowed ones at most."""
    chat = chat_of(world, bot, params)
    message = message_in(chat, params.number("message_id"), "message to react not found")
    wanted = params.array("reaction") or []
    if len(wanted) > 1:
        raise bad("REACTIONS_TOO_MANY")
    for reaction in wanted:
        allowed = chat.reactions if chat.reactions is not None else REACTIONS
        if not isinstance(reaction, dict) or reaction.get("type") != "emoji":
            raise bad("REACTION_INVALID")
        if str(reaction.get("emoji", "")).rstrip("\ufe0f") not in allowed:
            raise bad("REACTION_INVALID")
    message.reactions[bot.id] = list(wanted)
    world.ring()
    return True


def create_forum_topic(world: World, bot: Bot, params: Params) -> Json:
    """The new topic; its service message has the topic's number."""
    chat = _forum(world, bot, params)
    name = params.text("name").strip()
    if not 1 <= len(name) <= 128:
        raise bad("TOPIC_TITLE_EMPTY" if not name else "TOPIC_TITLE_TOO_LONG")
    color = params.number("icon_color", 7322096)
    number = world.next_message_id(chat)
    service = {"forum_topic_created": {"name": name, "icon_color": color}}
    notice = Message(number, chat.id, world.now(), from_user=bot.id, by_bot=bot.id, service=service)
    notice.thread_id, notice.via = number, "createForumTopic"
    chat.messages[number] = notice
    chat.topics[number] = {"name": name, "icon_color": color}
    tell_message(world, chat, notice)
    return {"message_thread_id": number, **chat.topics[number]}


def edit_forum_topic(world: World, bot: Bot, params: Params) -> bool:
    """True; the topic has another name."""
    topic = _topic(world, bot, params)
    topic["name"] = params.text("name").strip() or topic["name"]
    return True


def close_forum_topic(world: World, bot: Bot, params: Params) -> bool:
    """True; nobody but admins writes there."""
    _topic(world, bot, params)["closed"] = True
    return True


def reopen_forum_topic(world: World, bot: Bot, params: Params) -> bool:
    """True."""
    _topic(world, bot, params).pop("closed", None)
    return True


def delete_forum_topic(world: World, bot: Bot, params: Params) -> bool:
    """True; its messages are gone too."""
    chat = _forum(world, bot, params)
    _topic(world, bot, params)
    number = params.number("message_thread_id")
    del chat.topics[number]
    for message in chat.alive():
        message.deleted = message.thread_id == number
    return True


def _forum(world: World, bot: Bot, params: Params) -> Chat:
    chat = chat_of(world, bot, params)
    if not chat.forum:
        raise bad("the chat is not a forum")
    if not chat.member(bot.id).may("can_manage_topics"):
        raise bad("not enough rights to create a topic")
    return chat


def _topic(world: World, bot: Bot, params: Params) -> Json:
    topic = _forum(world, bot, params).topics.get(params.number("message_thread_id"))
    if topic is None:
        raise bad("TOPIC_ID_INVALID")
    return topic
