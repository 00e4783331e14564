"""The bot's commands, names, descriptions and menu buttons."""

import re
from collections.abc import Callable
from typing import Any

from bot.playground.finding import chat_of, user_of
from bot.playground.params import Params
from bot.playground.refusals import bad
from bot.playground.shapes import ADMIN_RIGHTS, CHANNEL_RIGHTS, GROUP_RIGHTS, Bot, Json
from bot.playground.world import World

SCOPES = (
    "default", "all_private_chats", "all_group_chats", "all_chat_administrators", "chat", "chat_administrators",
    "chat_member",
)  # fmt: skip
# https://core.telegram.org/bots/api#setmyname and its neighbours
LIMITS = {"name": 64, "description": 512, "short_description": 120}
MOST_COMMANDS = 100


def _scope(world: World, bot: Bot, params: Params) -> str:
    """The scope as a key. Raises RefusedError for one that Telegram does not know or a chat it cannot reach."""
    scope = params.dictionary("scope") or {"type": "default"}
    kind = str(scope.get("type", ""))
    if kind not in SCOPES:
        raise bad("can't parse BotCommandScope: Unsupported type specified")
    if not kind.startswith("chat"):
        return kind
    asked = Params(scope)
    chat = chat_of(world, bot, asked)
    if kind in ("chat_administrators", "chat_member") and chat.private:
        raise bad("can't use the scope in a private chat")
    if chat.type == "channel":
        raise bad("can't change commands in channel chats")
    user = user_of(world, asked).id if kind == "chat_member" else 0
    return f"{kind}:{chat.id}:{user}"


def _language(params: Params) -> str:
    language = params.text("language_code")
    if not re.fullmatch("|[a-z]{2}", language):
        raise bad("invalid language code specified")
    return language


def set_my_commands(world: World, bot: Bot, params: Params) -> bool:
    """True; an empty list takes the commands away."""
    key = _scope(world, bot, params), _language(params)
    commands = params.array("commands") or []
    if len(commands) > MOST_COMMANDS:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    kept = [_command(command) for command in commands]
    bot.commands.pop(key, None)
    if kept:
        bot.commands[key] = kept
    world.ring()
    return True


def _command(command: Any) -> Json:
    if not isinstance(command, dict):
        raise bad("expected an Object")
    name = str(command.get("command", "")).removeprefix("/")
    description = str(command.get("description", "")).strip()
    for what, text, limit in (("command", name, 32), ("command description", description, 256)):
        if not text:
            raise bad(f"{what} must be non-empty")
        if len(text) > limit:
            raise bad(f"{what} length must not exceed {limit}")
    if not re.fullmatch("[a-z0-9_]+", name):
        raise bad("BOT_COMMAND_INVALID")
    ephemeral = {"is_ephemeral": True} if command.get("is_ephemeral") else {}
    return {"command": name, "description": description, **ephemeral}


def get_my_commands(world: World, bot: Bot, params: Params) -> list[Json]:
    """The commands of exactly this scope and language."""
    return bot.commands.get((_scope(world, bot, params), _language(params)), [])


def delete_my_commands(world: World, bot: Bot, params: Params) -> bool:
    """True."""
    bot.commands.pop((_scope(world, bot, params), _language(params)), None)
    world.ring()
    return True


def commands_for(bot: Bot, chat_id: int, private: bool, user_id: int, admin: bool, language: str) -> list[Json]:
    """What the menu shows this person there: the narrowest scope wins, their language before the common one."""
    scopes = [f"chat_member:{chat_id}:{user_id}"]
    scopes += [f"chat_administrators:{chat_id}:0"] if admin else []
    scopes += [f"chat:{chat_id}:0"]
    scopes += ["all_chat_administrators"] if admin and not private else []
    scopes += ["all_private_chats" if private else "all_group_chats", "default"]
    keys = [(scope, code) for scope in scopes for code in (language, "")]
    return next((bot.commands[key] for key in keys if key in bot.commands), [])


def set_text(what: str) -> Callable[[World, Bot, Params], bool]:
    """The method that sets the bot's name or one of its descriptions."""

    def setter(world: World, bot: Bot, params: Params) -> bool:
        text = params.text(what).strip()
        if len(text) > LIMITS[what]:
            raise bad(f"bot {what.replace('_', ' ')} is too long")
        bot.texts[what, _language(params)] = text
        world.ring()
        return True

    return setter


def get_text(what: str) -> Callable[[World, Bot, Params], Json]:
    """The method that reads it; without one in that language it is the common one."""

    def getter(world: World, bot: Bot, params: Params) -> Json:
        common = bot.texts.get((what, ""), bot.first_name if what == "name" else "")
        return {what: bot.texts.get((what, _language(params)), "") or common}

    return getter


def set_chat_menu_button(world: World, bot: Bot, params: Params) -> bool:
    """True."""
    button = params.dictionary("menu_button") or {"type": "default"}
    if button.get("type") not in ("default", "commands", "web_app"):
        raise bad("can't parse MenuButton: Unsupported type specified")
    bot.menus[_menu_chat(world, bot, params)] = button
    world.ring()
    return True


def get_chat_menu_button(world: World, bot: Bot, params: Params) -> Json:
    """The button of that chat, else the common one."""
    button = bot.menus.get(_menu_chat(world, bot, params)) or bot.menus.get(0)
    return button or {"type": "commands"}


def _menu_chat(world: World, bot: Bot, params: Params) -> int:
    if not params.has("chat_id"):
        return 0
    chat = chat_of(world, bot, params)
    if not chat.private:
        raise bad("menu button can be set only in private chats")
    return chat.id


def set_default_rights(world: World, bot: Bot, params: Params) -> bool:
    """True."""
    bot.default_rights[params.flag("for_channels")] = params.dictionary("rights") or {}
    return True


def get_default_rights(world: World, bot: Bot, params: Params) -> Json:
    """The Bot API's ChatAdministratorRights."""
    channels = params.flag("for_channels")
    names = ("is_anonymous", *ADMIN_RIGHTS, *(CHANNEL_RIGHTS if channels else GROUP_RIGHTS))
    given = bot.default_rights.get(channels, {})
    return {name: bool(given.get(name)) for name in names}
