"""Answers to taps and inline queries."""

from typing import Any

from bot.playground.finding import chat_of
from bot.playground.formatting import caption_of, text_of
from bot.playground.keyboards import markup_of
from bot.playground.params import Params
from bot.playground.refusals import bad
from bot.playground.shapes import Bot, Chat, Json, Message
from bot.playground.world import World

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
INLINE_SECONDS = 30.0  # ours: Telegram waits about this long for the results
RESULTS_LIMIT = 50  # https://core.telegram.org/bots/api#answerinlinequery


def answer_callback_query(world: World, bot: Bot, params: Params) -> bool:
    """True; the person sees the toast or the alert."""
    tap = world.taps.get(params.text("callback_query_id"))
    text = params.text("text")
    if len(text) > 200:
        raise bad("MESSAGE_TOO_LONG")
    expired = tap is None or tap.bot_id != bot.id or world.now() - tap.at > world.callback_seconds
    if tap is None or expired or tap.answer is not None:
        raise bad(TOO_OLD)
    url = params.text("url")
    if url and not url.startswith(("tg://", "https://t.me/", "http://t.me/", "t.me/")):
        raise bad("URL_INVALID")
    tap.answer = {"text": text, "show_alert": params.flag("show_alert"), "url": url}
    tap.answer["cache_time"] = params.number("cache_time")
    world.ring()
    return True


def answer_inline_query(world: World, bot: Bot, params: Params) -> bool:
    """True; the person sees the results."""
    query = world.inlines.get(params.text("inline_query_id"))
    results = params.array("results")
    if results is None:
        raise bad("can't parse results JSON object")
    if len(results) > RESULTS_LIMIT:
        raise bad("RESULTS_TOO_MUCH")
    if len(params.text("next_offset").encode()) > 64:
        raise bad("NEXT_OFFSET_INVALID")
    late = query is None or query.bot_id != bot.id or world.now() - query.at > INLINE_SECONDS
    if query is None or late or query.answer is not None:
        raise bad(TOO_OLD)
    checked = [_result(world, result) for result in results]
    if len({result["id"] for result in checked}) != len(checked):
        raise bad("RESULT_ID_DUPLICATE")
    options = {name: params.object(name) for name in ("cache_time", "is_personal", "next_offset", "button")
               if params.has(name) and name != "next_offset"}  # fmt: skip
    query.answer = {"results": checked, **options, "next_offset": params.text("next_offset")}
    world.ring()
    return True


def _result(world: World, result: Any) -> Json:
    if not isinstance(result, dict):
        raise bad("can't parse inline query result: InlineQueryResult must be an Object")
    if not 1 <= len(str(result.get("id", "")).encode()) <= 64:
        raise bad("RESULT_ID_INVALID")
    if not result.get("type"):
        raise bad("can't parse inline query result: Can't find field \"type\"")
    if result["type"] == "article" and not str(result.get("title", "")).strip():
        raise bad("ARTICLE_TITLE_EMPTY")
    content = result.get("input_message_content")
    if content is None and result["type"] == "article":
        raise bad("can't parse inline query result: Input message content is not specified")
    markup_of(Params(result), None)
    if content is not None and "message_text" in content:
        asked = {**content, "text": content["message_text"]}
        text, entities = text_of(world, Params(asked))
        return {**result, "shown": {"text": text, "entities": entities}}
    text, entities = caption_of(world, Params(result))
    return {**result, "shown": {"text": text, "entities": entities}}


def ephemeral_message(world: World, bot: Bot, params: Params) -> tuple[Chat, Message]:
    """The ephemeral message that the request names. Raises RefusedError."""
    chat = chat_of(world, bot, params)
    message = chat.ephemeral.get(params.number("ephemeral_message_id"))
    if message is None or message.deleted or message.by_bot != bot.id:
        raise bad("message to edit not found")
    return chat, message


def edit_ephemeral_text(world: World, bot: Bot, params: Params) -> bool:
    """True; the person sees the new text."""
    chat, message = ephemeral_message(world, bot, params)
    text, entities = text_of(world, params, editing=True)
    message.keep_version()
    message.text, message.entities, message.reply_markup = text, entities, markup_of(params, chat)
    message.edited = world.now()
    world.ring()
    return True


def edit_ephemeral_markup(world: World, bot: Bot, params: Params) -> bool:
    """True; the person sees other buttons."""
    chat, message = ephemeral_message(world, bot, params)
    message.keep_version()
    message.reply_markup = markup_of(params, chat)
    world.ring()
    return True


def delete_ephemeral(world: World, bot: Bot, params: Params) -> bool:
    """True; the message is gone."""
    _, message = ephemeral_message(world, bot, params)
    message.deleted = True
    world.ring()
    return True
