"""Which bot hears of what happened."""

import re
from collections.abc import Iterator

from bot.playground.rendering import chat_json, member_json, message_json
from bot.playground.shapes import Bot, Chat, Json, Member, Message
from bot.playground.world import World


def bots_in(world: World, chat: Chat) -> Iterator[Bot]:
    """The bots that are in the chat."""
    for bot in world.bots.values():
        if chat.private:
            if chat.bot_id == bot.id:
                yield bot
        elif chat.member(bot.id).present:
            yield bot


def hears(bot: Bot, chat: Chat, message: Message) -> bool:
    """True when Telegram shows the message to the bot: its own never, a group's by its privacy."""
    if message.service:
        return True
    if message.by_bot == bot.id or (message.by_bot and chat.type != "channel"):
        return False  # in groups bots do not hear each other
    if chat.private or message.receiver == bot.id or chat.member(bot.id).admin:
        return True
    return chat.type != "channel" and (not bot.privacy or _meant_for(bot, chat, message))


def _meant_for(bot: Bot, chat: Chat, message: Message) -> bool:
    replied = chat.messages.get(message.reply_to or 0)
    if message.via_bot == bot.id or (replied and replied.by_bot == bot.id):
        return True
    if re.match(rf"/\w+(@{re.escape(bot.username)}\b|(?![\w@]))", message.text, re.IGNORECASE):
        return True
    return re.search(rf"@{re.escape(bot.username)}\b", message.text, re.IGNORECASE) is not None


def tell_message(world: World, chat: Chat, message: Message, edited: bool = False) -> list[int]:
    """Tells the bots of a new or an edited message: the updates' numbers."""
    kind = ("edited_" if edited else "") + ("channel_post" if chat.type == "channel" else "message")
    told = []
    for bot in bots_in(world, chat):
        if hears(bot, chat, message):
            number = world.queues[bot.id].put(kind, message_json(world, chat, message))
            told += [number] if number is not None else []
    world.ring()
    return told


def tell_member(world: World, chat: Chat, old: Member, new: Member, actor: int) -> None:
    """Tells bots of a change of somebody's membership: a bot of its own, admins (who asked) of others'."""
    body: Json = {
        "chat": chat_json(world, chat),
        "from": world.users[actor].json(),
        "date": int(world.now()),
        "old_chat_member": member_json(world, chat, old),
        "new_chat_member": member_json(world, chat, new),
    }
    for bot in world.bots.values():
        if bot.id == new.user_id:
            world.queues[bot.id].put("my_chat_member", body)
        elif chat.member(bot.id).admin:
            world.queues[bot.id].put("chat_member", body)
    world.ring()


def tell_reaction(
    world: World, chat: Chat, message: Message, user_id: int, old: list[Json], anonymous: bool = False
) -> None:
    """Tells the chat's admin bots, who asked for it, that a person, or the chat itself, changed a reaction."""
    who = {"actor_chat": chat_json(world, chat)} if anonymous else {"user": world.users[user_id].json()}
    body: Json = {
        "chat": chat_json(world, chat),
        "message_id": message.message_id,
        "date": int(world.now()),
        **who,
        "old_reaction": old,
        "new_reaction": message.reactions.get(user_id, []),
    }
    for bot in bots_in(world, chat):
        if chat.private or chat.member(bot.id).admin:
            world.queues[bot.id].put("message_reaction", body)
    world.ring()


def tell_reaction_count(world: World, chat: Chat, message: Message) -> None:
    """Tells a channel's admin bots, who asked for it, how many reactions a post has."""
    body: Json = {
        "chat": chat_json(world, chat),
        "message_id": message.message_id,
        "date": int(world.now()),
        "reactions": message.anonymous_reactions,
    }
    for bot in bots_in(world, chat):
        if chat.member(bot.id).admin:
            world.queues[bot.id].put("message_reaction_count", body)
    world.ring()
