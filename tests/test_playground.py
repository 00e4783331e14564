"""The playground against a real aiogram Bot over real HTTP."""

import asyncio
import pickle
import re
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.filters import Command
from aiogram.types import (
    BotCommand,
    BotCommandScopeChat,
    BufferedInputFile,
    CallbackQuery,
    DisabledButton,
    EphemeralMessageParameters,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputMediaDocument,
    InputMediaPhoto,
    InputTextMessageContent,
    MediaUnion,
    Message,
    MessageEntity,
    MessageOriginChannel,
    ReactionTypeEmoji,
    ReplyParameters,
    Update,
)
from aiohttp import web

from bot.playground import Bot as Account
from bot.playground import Chat, Limit, Server, Telegram, User, serve
from bot.playground.__main__ import keep, load
from bot.playground.faults import KINDS
from bot.playground.methods import METHODS
from bot.playground.people import DOT

TOKEN = "42:TEST"
NOON = 1_790_000_000.0


@dataclass
class Place:
    """A channel, an admin chat, an editor, a reader and the bot that serves them."""

    telegram: Telegram
    server: Server
    bot: Bot
    account: Account
    editor: User
    reader: User
    channel: Chat
    group: Chat
    hours: list[float]

    async def updates(self, **more: object) -> list[Update]:
        return await self.bot.get_updates(**more)  # type: ignore[arg-type]


class QuickSession(AiohttpSession):
    """aiogram waits 250 ms for TLS to close; there is none on the loopback address."""

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


def bot_of(server: Server, token: str = TOKEN) -> Bot:
    return Bot(token, session=QuickSession(api=TelegramAPIServer.from_base(server.url)))


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    hours = [0.0]
    telegram = Telegram(clock=lambda: NOON + hours[0] * 3600)
    account = telegram.bot(TOKEN, username="holovne_bot")
    editor, reader = telegram.user(1001, "Олена"), telegram.user(2002, "Тарас", "en")
    channel = telegram.channel("Новини", username="nd", admins=[account])
    group = telegram.group("Редакція", members=[editor], admins=[account])
    telegram.private(reader)
    async with serve(telegram) as server, bot_of(server) as bot:
        yield Place(telegram, server, bot, account, editor, reader, channel, group, hours)


def buttons(*texts: str) -> InlineKeyboardMarkup:
    row = [InlineKeyboardButton(text=text, callback_data=f"data:{text}") for text in texts]
    return InlineKeyboardMarkup(inline_keyboard=[row])


# Sending


async def test_a_post_lands_in_the_channel_as_it_was_written(place: Place) -> None:
    sent = await place.bot.send_message(
        "@nd", "<b>Головне</b> за день", parse_mode="HTML", reply_markup=buttons("Далі"), disable_notification=True
    )

    (post,) = place.telegram.messages(place.channel)
    assert (post.message_id, post.text, post.silent, post.via) == (
        sent.message_id,
        "Головне за день",
        True,
        "sendMessage",
    )
    assert post.entities == [{"type": "bold", "offset": 0, "length": 7}]
    assert post.buttons == [{"text": "Далі", "callback_data": "data:Далі"}]
    assert post.date == NOON and sent.sender_chat and sent.from_user is None


async def test_a_channel_counts_its_own_messages_and_deleted_ones_leave_holes(place: Place) -> None:
    first = await place.bot.send_message(place.channel.id, "1")
    await place.bot.send_message(place.group.id, "інше")
    await place.bot.delete_message(place.channel.id, first.message_id)
    second = await place.bot.send_message(place.channel.id, "2")

    assert (first.message_id, second.message_id) == (1, 2)
    assert place.telegram.texts(place.channel) == ["2"]
    assert place.telegram.every_message(place.channel)[0].deleted


async def test_private_chats_and_basic_groups_share_their_numbers(place: Place) -> None:
    basic = place.telegram.group("Мала", members=[place.account], supergroup=False)

    numbers = [
        (await place.bot.send_message(chat_id, "…")).message_id
        for chat_id in (place.reader.id, basic.id, place.reader.id)
    ]

    assert numbers == [numbers[0], numbers[0] + 1, numbers[0] + 2]


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", "message text is empty"),
        (" \n ", "text must be non-empty"),
        ("я" * 4097, "message is too long"),
        ("я" * 20_000, "text is too long"),
        ("<b>", "can't parse entities: Can't find end tag corresponding to start tag \"b\""),
        ("жук <foo>", 'can\'t parse entities: Unsupported start tag "foo" at byte offset 7'),
    ],
)
async def test_a_text_that_telegram_refuses_is_refused_in_its_words(place: Place, text: str, refusal: str) -> None:
    with pytest.raises(TelegramBadRequest) as caught:
        await place.bot.send_message(place.channel.id, text, parse_mode="HTML")

    assert caught.value.message == f"Bad Request: {refusal}"
    assert place.telegram.messages(place.channel) == []


async def test_length_is_counted_after_parsing_and_trimming(place: Place) -> None:
    await place.bot.send_message(place.channel.id, f"  <b>{'😀' * 4096}</b>  \n", parse_mode="HTML")

    assert place.telegram.texts(place.channel)[0].strip() == "😀" * 4096


async def test_given_entities_are_cut_to_the_text_and_wrong_ones_are_refused(place: Place) -> None:
    bold = MessageEntity(type="bold", offset=0, length=9)
    await place.bot.send_message(place.channel.id, "😀 слово  ", entities=[bold])
    assert place.telegram.messages(place.channel)[0].entities == [{"type": "bold", "offset": 0, "length": 8}]

    with pytest.raises(TelegramBadRequest, match="ends after the end of the text at UTF-16 offset 99"):
        await place.bot.send_message(
            place.channel.id, "так", entities=[MessageEntity(type="bold", offset=0, length=99)]
        )
    with pytest.raises(TelegramBadRequest, match="entity URL 'javascript:x' is invalid"):
        link = MessageEntity(type="text_link", offset=0, length=3, url="javascript:x")
        await place.bot.send_message(place.channel.id, "так", entities=[link])


async def test_parameters_come_in_any_of_the_four_ways(place: Place) -> None:
    url = f"{place.server.url}/bot{TOKEN}/sendMessage"
    values = {"chat_id": str(place.channel.id), "text": "так"}
    form = aiohttp.FormData(values, default_to_multipart=True)

    async with aiohttp.ClientSession() as http:
        for request in (
            http.get(url, params=values),
            http.post(url, data=values),
            http.post(url, json={**values, "reply_markup": {"inline_keyboard": []}}),
            http.post(url, data=form),
        ):
            async with request as answer:
                assert (await answer.json())["ok"]

    assert place.telegram.texts(place.channel) == ["так"] * 4


@pytest.mark.parametrize(
    ("button", "refusal"),
    [
        ({"text": "x", "callback_data": "я" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "x"}, "Text buttons are unallowed in the inline keyboard"),
        ({"text": "x", "url": "http://нема"}, "is invalid: Wrong HTTP URL"),
    ],
)
async def test_a_button_that_telegram_refuses_is_refused(place: Place, button: dict[str, str], refusal: str) -> None:
    body = {"chat_id": place.channel.id, "text": "так", "reply_markup": {"inline_keyboard": [[button]]}}

    url = f"{place.server.url}/bot{TOKEN}/sendMessage"
    async with aiohttp.ClientSession() as http, http.post(url, json=body) as answer:
        assert refusal in (await answer.json())["description"]


async def test_a_disabled_button_stands_there_and_cannot_be_tapped(place: Place) -> None:
    still = InlineKeyboardButton(text="‹", disabled=DisabledButton())
    card = await place.bot.send_message(
        place.group.id, "Сторінка 1", reply_markup=InlineKeyboardMarkup(inline_keyboard=[[still]])
    )

    with pytest.raises(LookupError, match="no button '‹'"):
        place.telegram.tap(place.group, place.editor, card.message_id, "‹")


async def test_a_keyboard_of_more_than_a_hundred_buttons_is_refused(place: Place) -> None:
    rows = [[InlineKeyboardButton(text=str(n), callback_data=str(n))] for n in range(101)]

    with pytest.raises(TelegramBadRequest, match="REPLY_MARKUP_TOO_LONG"):
        await place.bot.send_message(place.group.id, "так", reply_markup=InlineKeyboardMarkup(inline_keyboard=rows))


async def test_a_reply_needs_its_message_and_an_exact_quote(place: Place) -> None:
    first = await place.bot.send_message(place.channel.id, "Обстріл Херсона")
    quoted = ReplyParameters(message_id=first.message_id, quote="Херсона")
    reply = await place.bot.send_message(place.channel.id, "Оновлення", reply_parameters=quoted)

    assert reply.reply_to_message and reply.quote and reply.quote.position == 8
    with pytest.raises(TelegramBadRequest, match="message to be replied not found"):
        await place.bot.send_message(place.channel.id, "…", reply_parameters=ReplyParameters(message_id=77))
    with pytest.raises(TelegramBadRequest, match="QUOTE_TEXT_INVALID"):
        other = ReplyParameters(message_id=first.message_id, quote="Харкова")
        await place.bot.send_message(place.channel.id, "…", reply_parameters=other)


async def test_an_ephemeral_message_is_seen_by_one_and_has_no_number(place: Place) -> None:
    alone = EphemeralMessageParameters(receiver_user_id=place.editor.id)
    sent = await place.bot.send_message(place.group.id, "Лише вам", ephemeral_message_parameters=alone)

    assert sent.message_id == 0 and sent.ephemeral_message_id in place.group.ephemeral
    assert place.telegram.messages(place.group) == []


# Rights


async def test_a_bot_without_rights_is_told_what_it_needs(place: Place) -> None:
    place.telegram.set_rights(place.channel, place.account, can_post_messages=False)

    with pytest.raises(TelegramBadRequest, match="need administrator rights in the channel chat"):
        await place.bot.send_message(place.channel.id, "так")


async def test_a_bot_put_out_is_forbidden_and_hears_of_it(place: Place) -> None:
    place.telegram.remove(place.channel, place.account, status="left")
    place.telegram.remove(place.group, place.account)

    with pytest.raises(TelegramForbiddenError, match="bot is not a member of the channel chat"):
        await place.bot.send_message("@nd", "так")
    with pytest.raises(TelegramForbiddenError, match="bot was kicked from the supergroup chat"):
        await place.bot.send_message(place.group.id, "так")
    changes = [update.my_chat_member for update in await place.updates() if update.my_chat_member]
    assert [change.new_chat_member.status for change in changes] == ["left", "kicked"]


async def test_unknown_chats_strangers_and_those_who_blocked_the_bot(place: Place) -> None:
    stranger = place.telegram.user(3003, "Ніхто")
    place.telegram.block(place.reader)

    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await place.bot.send_message(stranger.id, "так")
    with pytest.raises(TelegramForbiddenError, match="bot can't initiate conversation with a user"):
        await place.bot.send_message(place.editor.id, "так")
    with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
        await place.bot.send_message(place.reader.id, "так")


async def test_a_group_that_became_a_supergroup_answers_with_its_new_number(place: Place) -> None:
    basic = place.telegram.group("Мала", members=[place.editor, place.account], supergroup=False)
    new = place.telegram.migrate(basic)

    with pytest.raises(TelegramMigrateToChat) as caught:
        await place.bot.send_message(basic.id, "так")

    assert caught.value.migrate_to_chat_id == new.id
    assert (await place.bot.send_message(new.id, "так")).chat.type == "supergroup"


async def test_a_wrong_or_revoked_token_is_unauthorised(place: Place) -> None:
    async with bot_of(place.server, "43:OTHER") as other:
        with pytest.raises(TelegramUnauthorizedError):
            await other.get_me()

    place.telegram.revoke(TOKEN)

    with pytest.raises(TelegramUnauthorizedError):
        await place.bot.get_me()


async def test_a_method_it_lacks_names_itself(place: Place) -> None:
    with pytest.raises(TelegramNotFound, match="method sendDice is not implemented by the playground"):
        await place.bot.send_dice(place.channel.id)


# Editing, deleting, pinning


async def test_an_edit_keeps_what_was_said_before(place: Place) -> None:
    sent = await place.bot.send_message(place.channel.id, "один загиблий")
    place.hours[0] = 1
    await place.bot.edit_message_text("двоє загиблих", chat_id=place.channel.id, message_id=sent.message_id)

    (post,) = place.telegram.messages(place.channel)
    assert (post.text, post.edited) == ("двоє загиблих", NOON + 3600)
    assert [version.text for version in post.versions] == ["один загиблий"]


async def test_an_edit_that_changes_nothing_and_one_of_nothing_are_refused(place: Place) -> None:
    sent = await place.bot.send_message(place.channel.id, "так", reply_markup=buttons("а"))
    where: dict[str, Any] = {"chat_id": place.channel.id, "message_id": sent.message_id}

    with pytest.raises(TelegramBadRequest, match="message is not modified: specified new message content and"):
        await place.bot.edit_message_text("так ", reply_markup=buttons("а"), **where)
    with pytest.raises(TelegramBadRequest, match="MESSAGE_TOO_LONG"):
        await place.bot.edit_message_text("я" * 4097, **where)
    with pytest.raises(TelegramBadRequest, match="message to edit not found"):
        await place.bot.edit_message_text("ні", chat_id=place.channel.id, message_id=99)
    with pytest.raises(TelegramBadRequest, match="there is no caption in the message to edit"):
        await place.bot.edit_message_caption(caption="ні", **where)


async def test_a_bot_edits_human_posts_of_a_channel_but_no_forwards_and_no_group_talk(place: Place) -> None:
    human = place.telegram.say(place.channel, None, "люди пишуть")
    talk = place.telegram.say(place.group, place.editor, "розмова")
    forward = await place.bot.forward_message(place.group.id, place.channel.id, human.message_id)

    await place.bot.edit_message_text("бот править", chat_id=place.channel.id, message_id=human.message_id)

    assert human.text == "бот править"
    for number in (talk.message_id, forward.message_id):
        with pytest.raises(TelegramBadRequest, match="message can't be edited"):
            await place.bot.edit_message_text("ні", chat_id=place.group.id, message_id=number)


async def test_after_48_hours_nothing_is_deleted(place: Place) -> None:
    sent = await place.bot.send_message(place.channel.id, "старе")
    place.hours[0] = 48

    with pytest.raises(TelegramBadRequest, match="message can't be deleted"):
        await place.bot.delete_message(place.channel.id, sent.message_id)
    with pytest.raises(TelegramBadRequest, match="message to delete not found"):
        await place.bot.delete_message(place.channel.id, 500)


async def test_a_pin_says_so_in_the_chat_and_needs_its_right(place: Place) -> None:
    sent = await place.bot.send_message(place.channel.id, "Головне за день")
    await place.bot.pin_chat_message(place.channel.id, sent.message_id)

    post, notice = place.telegram.messages(place.channel)
    assert post.pinned and notice.service and notice.silent
    place.telegram.set_rights(place.channel, place.account, can_edit_messages=False)
    with pytest.raises(TelegramBadRequest, match="not enough rights to manage pinned messages in the chat"):
        await place.bot.unpin_chat_message(place.channel.id)


# Media, forwards, copies


async def test_a_photo_can_be_downloaded_and_sent_again_by_its_file_id(place: Place) -> None:
    sent = await place.bot.send_photo(
        place.group.id, BufferedInputFile(DOT, "a.png"), caption="<i>фото</i>", parse_mode="HTML"
    )
    assert sent.photo and sent.caption == "фото"

    again = await place.bot.send_photo(place.channel.id, sent.photo[-1].file_id)
    loaded = await place.bot.download(sent.photo[-1])

    assert again.photo and again.photo[-1].file_unique_id == sent.photo[-1].file_unique_id
    assert loaded and loaded.read() == DOT
    with pytest.raises(TelegramBadRequest, match="wrong file identifier/HTTP URL specified"):
        await place.bot.send_photo(place.group.id, "нема такого")
    with pytest.raises(TelegramBadRequest, match="IMAGE_PROCESS_FAILED"):
        await place.bot.send_photo(place.group.id, BufferedInputFile(b"not a picture", "a.png"))
    with pytest.raises(TelegramBadRequest, match="message caption is too long"):
        await place.bot.send_photo(place.group.id, sent.photo[-1].file_id, caption="я" * 1025)


async def test_an_album_has_one_group_and_two_to_ten_parts_of_one_family(place: Place) -> None:
    upload = BufferedInputFile(DOT, "a.png")
    album = await place.bot.send_media_group(
        place.channel.id, [InputMediaPhoto(media=upload, caption="Разом"), InputMediaPhoto(media=upload)]
    )

    assert len({part.media_group_id for part in album}) == 1
    with pytest.raises(TelegramBadRequest, match="2-10"):
        await place.bot.send_media_group(place.channel.id, [InputMediaPhoto(media=upload)])
    with pytest.raises(TelegramBadRequest, match="can't be mixed"):
        mixed: list[MediaUnion] = [InputMediaPhoto(media=upload), InputMediaDocument(media=upload)]
        await place.bot.send_media_group(place.channel.id, mixed)


async def test_a_forward_tells_where_it_comes_from_and_a_copy_does_not(place: Place) -> None:
    post = await place.bot.send_message(place.channel.id, "<b>так</b>", parse_mode="HTML")
    forward = await place.bot.forward_message(place.group.id, place.channel.id, post.message_id)
    copy = await place.bot.copy_message(place.group.id, place.channel.id, post.message_id)

    origin = forward.forward_origin
    assert isinstance(origin, MessageOriginChannel) and origin.message_id == post.message_id
    copied = place.group.messages[copy.message_id]
    assert copied.forward_origin is None and copied.entities == [{"type": "bold", "offset": 0, "length": 3}]


async def test_protected_posts_and_missing_ones_are_not_forwarded(place: Place) -> None:
    post = await place.bot.send_message(place.channel.id, "таємне", protect_content=True)

    with pytest.raises(TelegramBadRequest, match="the message can't be forwarded"):
        await place.bot.forward_message(place.group.id, place.channel.id, post.message_id)
    with pytest.raises(TelegramBadRequest, match="message to forward not found"):
        await place.bot.forward_message(place.group.id, place.channel.id, post.message_id + 1)
    with pytest.raises(TelegramBadRequest, match="the message can't be copied"):
        await place.bot.copy_message(place.group.id, place.channel.id, post.message_id)


# What people do


async def test_people_s_words_taps_and_edits_become_updates(place: Place) -> None:
    telegram = place.telegram
    card = await place.bot.send_message(place.group.id, "Картка", reply_markup=buttons("У чергу"))

    said = telegram.say(place.group, place.editor, "https://novosti.dn.ua/article/1", reply_to=card.message_id)
    tap = telegram.tap(place.group, place.editor, card.message_id, "У чергу")
    telegram.edit(place.group, said, "інше")
    post = telegram.say(place.channel, None, "<b>Пост</b>", html=True)
    telegram.edit(place.channel, post, "правка")

    kinds = [update.event_type for update in await place.updates()]
    assert kinds == ["message", "callback_query", "edited_message", "channel_post", "edited_channel_post"]
    await place.bot.answer_callback_query(tap.id, "У черзі на 14:30", show_alert=True)
    assert (await telegram.answered(tap)).text == "У черзі на 14:30" and tap.alert
    with pytest.raises(TelegramBadRequest, match="query is too old and response timeout expired or query ID"):
        await place.bot.answer_callback_query(tap.id)
    with pytest.raises(LookupError, match="no button 'Нема'; there are: 'У чергу'"):
        telegram.tap(place.group, place.editor, card.message_id, "Нема")


async def test_a_private_bot_in_a_group_hears_only_what_is_meant_for_it(place: Place) -> None:
    telegram = place.telegram
    talk = telegram.group("Балачки", members=[place.editor, place.account])
    mine = await place.bot.send_message(talk.id, "Я тут")
    for text in ("просто слова", "/queue", "/queue@other_bot", "гей @holovne_bot"):
        telegram.say(talk, place.editor, text)
    telegram.say(talk, place.editor, "відповідь", reply_to=mine.message_id)

    heard = [update.message.text for update in await place.updates() if update.message]

    assert heard == ["/queue", "гей @holovne_bot", "відповідь"]


async def test_reactions_come_only_to_an_admin_who_asked(place: Place) -> None:
    telegram, kinds = place.telegram, ["message_reaction", "message_reaction_count", "chat_member"]
    post = await place.bot.send_message(place.channel.id, "пост")
    said = telegram.say(place.group, place.editor, "слово")
    telegram.react(place.group, place.editor, said, "🔥")
    assert [update.event_type for update in await place.updates(allowed_updates=kinds)] == ["message"]

    telegram.react(place.group, place.editor, said, "👍")
    telegram.count_reactions(place.channel, post.message_id, **{"🔥": 12})
    telegram.join(place.group, place.reader)
    updates = await place.updates(offset=-3)

    assert [update.event_type for update in updates] == [
        "message_reaction", "message_reaction_count", "chat_member",
    ]  # fmt: skip
    reaction = updates[0].message_reaction
    assert reaction and [sign.model_dump()["emoji"] for sign in reaction.old_reaction] == ["🔥"]


async def test_an_anonymous_admin_reacts_as_the_group(place: Place) -> None:
    said = place.telegram.say(place.group, place.editor, "новина")
    await place.updates(allowed_updates=["message_reaction"])

    place.telegram.react(place.group, place.editor, said, "🔥", anonymous=True)

    [update] = await place.updates(offset=-1)
    reaction = update.message_reaction
    assert reaction and reaction.user is None
    assert reaction.actor_chat and reaction.actor_chat.id == place.group.id


async def test_the_bot_reacts_with_allowed_signs_only(place: Place) -> None:
    said = place.telegram.say(place.group, place.editor, "слово")
    await place.bot.set_message_reaction(place.group.id, said.message_id, [ReactionTypeEmoji(emoji="👀")])

    assert said.reactions[place.account.id] == [{"type": "emoji", "emoji": "👀"}]
    with pytest.raises(TelegramBadRequest, match="REACTION_INVALID"):
        await place.bot.set_message_reaction(place.group.id, said.message_id, [ReactionTypeEmoji(emoji="✅")])


async def test_albums_documents_and_forwards_of_people(place: Place) -> None:
    telegram, private = place.telegram, place.telegram.private(place.reader)
    album = telegram.send_album(private, place.reader, ["раз", "два"])
    telegram.send_album(private, place.reader, ["пізно"], group=album[0].media_group_id or "")
    telegram.document(private, place.reader, "лист.txt", "Привіт".encode())
    post = telegram.say(place.channel, None, "пост")
    telegram.forward(private, place.reader, place.channel, post)

    told = [update.message for update in await place.updates() if update.message]

    assert len({message.media_group_id for message in told[:3]}) == 1
    assert told[3].document and told[3].document.file_name == "лист.txt"
    assert told[4].forward_origin and told[4].forward_origin.type == "channel"


async def test_a_deep_link_starts_the_bot_with_its_payload(place: Place) -> None:
    place.telegram.follow(place.editor, "https://t.me/holovne_bot?start=news_12")

    (update,) = await place.updates()

    assert update.message and update.message.text == "/start news_12"
    assert (await place.bot.send_message(place.editor.id, "Вітаю")).chat.type == "private"


async def test_an_inline_query_shows_results_and_one_is_chosen(place: Place) -> None:
    telegram = place.telegram
    inline = telegram.search_inline(place.reader, "Покровськ")
    content = InputTextMessageContent(message_text="<b>Покровськ</b>", parse_mode="HTML")
    result = InlineQueryResultArticle(id="1", title="Покровськ", input_message_content=content)
    await place.bot.answer_inline_query(inline.id, [result], cache_time=5)

    assert (await telegram.shown(inline)).results[0]["title"] == "Покровськ"
    assert telegram.choose(place.group, inline, "1").text == "Покровськ"
    assert [update.event_type for update in await place.updates()] == [
        "inline_query", "chosen_inline_result", "message",
    ]  # fmt: skip
    with pytest.raises(TelegramBadRequest, match="query is too old"):
        await place.bot.answer_inline_query(inline.id, [])


# Updates


async def test_an_update_stays_until_a_higher_offset_confirms_it(place: Place) -> None:
    for text in ("1", "2", "3"):
        place.telegram.say(place.group, place.editor, text)
    first, *_ = await place.updates()

    assert len(await place.updates()) == 3
    assert len(await place.updates(limit=1)) == 1
    assert len(await place.updates(offset=first.update_id + 1)) == 2
    assert [u.message.text for u in await place.updates(offset=-1) if u.message] == ["3"]


async def test_a_long_poll_wakes_up_at_the_first_update(place: Place) -> None:
    poll = asyncio.create_task(place.updates(timeout=30))
    await place.telegram.until(lambda: place.telegram.called("getUpdates"))
    place.telegram.say(place.group, place.editor, "гей")

    assert len(await poll) == 1


async def test_a_second_poller_ends_the_first(place: Place) -> None:
    first = asyncio.create_task(place.updates(timeout=30))
    await place.telegram.until(lambda: place.telegram.called("getUpdates"))
    second = asyncio.create_task(place.updates(timeout=30))

    with pytest.raises(TelegramConflictError, match="terminated by other getUpdates request"):
        await first

    place.telegram.say(place.group, place.editor, "гей")
    assert len(await second) == 1


async def test_a_webhook_gets_each_update_until_it_answers_200(place: Place) -> None:
    got: list[tuple[str, str]] = []

    async def hook(request: web.Request) -> web.Response:
        body = await request.json()
        got.append((request.headers["X-Telegram-Bot-Api-Secret-Token"], body["message"]["text"]))
        place.telegram.ring()
        return web.Response(status=500 if len(got) == 1 else 200)

    app = web.Application()
    app.router.add_post("/hook", hook)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        await place.bot.set_webhook(f"http://127.0.0.1:{port}/hook", secret_token="s3cret")
        place.telegram.say(place.group, place.editor, "гей")
        await place.telegram.quiet()
        assert got == [("s3cret", "гей")] * 2
        assert "500" in str((await place.bot.get_webhook_info()).last_error_message)
        with pytest.raises(TelegramConflictError, match="while webhook is active; use deleteWebhook"):
            await place.updates()
        await place.bot.delete_webhook()
        assert await place.updates() == []
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("form", [False, True])
async def test_a_webhook_s_own_answer_may_be_a_method(place: Place, form: bool) -> None:
    values = {"method": "sendMessage", "chat_id": str(place.group.id), "text": "відповідь"}

    async def hook(request: web.Request) -> web.Response:
        if not form:
            return web.json_response(values)
        writer = aiohttp.MultipartWriter("form-data")
        for name, value in values.items():
            writer.append(value).set_content_disposition("form-data", name=name)
        return web.Response(body=writer)

    app = web.Application()
    app.router.add_post("/hook", hook)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        await place.bot.set_webhook(f"http://127.0.0.1:{runner.addresses[0][1]}/hook")
        place.telegram.say(place.group, place.editor, "гей")

        assert [message.text for message in await place.telegram.arrived(place.group, 2)] == ["гей", "відповідь"]
    finally:
        await runner.cleanup()


async def test_a_real_dispatcher_answers_a_tap_and_a_command(place: Place) -> None:
    dispatcher = Dispatcher()

    @dispatcher.message(Command("queue"))
    async def queue(message: Message) -> None:
        await message.answer("Черга", reply_markup=buttons("Далі"))

    @dispatcher.callback_query()
    async def tapped(query: CallbackQuery) -> None:
        await query.answer("Більше немає")

    polling = asyncio.create_task(dispatcher.start_polling(place.bot, handle_signals=False, close_bot_session=False))
    try:
        place.telegram.say(place.group, place.editor, "/queue@holovne_bot")
        _, board = await place.telegram.arrived(place.group, 2)
        tap = place.telegram.tap(place.group, place.editor, board, "Далі")

        assert (await place.telegram.answered(tap)).text == "Більше немає"
    finally:
        await dispatcher.stop_polling()
        await polling


# Menus and chats


async def test_commands_belong_to_a_scope_and_a_language(place: Place) -> None:
    await place.bot.set_my_commands([BotCommand(command="latest", description="Останнє")])
    scope = BotCommandScopeChat(chat_id=place.group.id)
    await place.bot.set_my_commands([BotCommand(command="queue", description="Черга")], scope, "uk")

    assert [c.command for c in await place.bot.get_my_commands()] == ["latest"]
    assert [c.command for c in await place.bot.get_my_commands(scope, "uk")] == ["queue"]
    assert await place.bot.get_my_commands(scope) == []
    with pytest.raises(TelegramBadRequest, match="BOT_COMMAND_INVALID"):
        await place.bot.set_my_commands([BotCommand(command="Черга", description="Черга")])
    with pytest.raises(TelegramBadRequest, match="command description length must not exceed 256"):
        await place.bot.set_my_commands([BotCommand(command="a", description="я" * 257)])


async def test_names_descriptions_members_and_admins_are_told(place: Place) -> None:
    await place.bot.set_my_description("Новини", language_code="uk")
    assert (await place.bot.get_my_description("uk")).description == "Новини"
    assert (await place.bot.get_my_name()).name == "Test"
    admins = await place.bot.get_chat_administrators(place.group.id)
    assert [admin.user.id for admin in admins] == [place.account.id]
    member = await place.bot.get_chat_member(place.group.id, place.editor.id)
    assert member.status == "member"
    assert await place.bot.get_chat_member_count(place.group.id) == 2
    assert (await place.bot.get_chat(place.channel.id)).username == "nd"
    with pytest.raises(TelegramBadRequest, match="user not found"):
        await place.bot.get_chat_member(place.group.id, 999_999)


async def test_a_topic_is_written_to_until_it_is_deleted(place: Place) -> None:
    forum = place.telegram.group("Форум", admins=[place.account], forum=True)
    topic = await place.bot.create_forum_topic(forum.id, "Черга")
    sent = await place.bot.send_message(forum.id, "так", message_thread_id=topic.message_thread_id)
    await place.bot.delete_forum_topic(forum.id, topic.message_thread_id)

    assert sent.is_topic_message
    with pytest.raises(TelegramBadRequest, match="message thread not found"):
        await place.bot.send_message(forum.id, "так", message_thread_id=topic.message_thread_id)


async def test_a_channel_takes_no_reply_keyboards(place: Place) -> None:
    with pytest.raises(TelegramBadRequest):
        await place.bot.send_message(place.channel.id, "так", reply_markup=ForceReply())


async def test_what_a_person_alone_sees_can_be_changed_and_taken_away(place: Place) -> None:
    alone = EphemeralMessageParameters(receiver_user_id=place.editor.id)
    sent = await place.bot.send_message(place.group.id, "Меню", ephemeral_message_parameters=alone)
    where: dict[str, Any] = {"chat_id": place.group.id, "receiver_user_id": place.editor.id}
    where["ephemeral_message_id"] = sent.ephemeral_message_id
    await place.bot.edit_ephemeral_message_text(text="Інше меню", **where)
    assert [whisper.text for whisper in place.telegram.whispers(place.group, place.editor)] == ["Інше меню"]

    await place.bot.delete_ephemeral_message(**where)

    assert place.telegram.whispers(place.group, place.editor) == []


async def test_a_restricted_bot_and_a_poll_without_options_are_refused(place: Place) -> None:
    with pytest.raises(TelegramBadRequest, match="poll must have at least 1 option"):
        await place.bot.send_poll(place.group.id, "Питання?", [])
    talk = place.telegram.group("Балачки", members=[place.account])
    place.telegram.restrict(talk, place.account, can_send_messages=False, can_send_polls=False)

    with pytest.raises(TelegramBadRequest, match="not enough rights to send text messages to the chat"):
        await place.bot.send_message(talk.id, "так")
    with pytest.raises(TelegramBadRequest, match="not enough rights to send polls to the chat"):
        await place.bot.send_poll(talk.id, "Питання?", ["так"])


async def test_two_bots_have_their_own_private_chats_and_queues(place: Place) -> None:
    other = place.telegram.bot("43:OTHER", username="other_bot")
    mine, theirs = place.telegram.private(place.reader), place.telegram.private(place.reader, other)
    place.telegram.say(theirs, place.reader, "гей, другий")

    async with bot_of(place.server, "43:OTHER") as second:
        await second.send_message(place.reader.id, "я другий")
        assert len(await second.get_updates()) == 1

    assert await place.updates() == []
    assert place.telegram.texts(mine) == [] and place.telegram.texts(theirs) == ["гей, другий", "я другий"]


# Trouble


async def test_a_lost_answer_may_or_may_not_have_landed(place: Place) -> None:
    faults = place.telegram.faults
    faults.next("lost_before", method="sendMessage", chat=place.channel)
    faults.next("lost_after", method="sendMessage", chat=place.channel)

    await place.bot.send_message(place.group.id, "інший чат не зачеплено")
    for text in ("не дійшло", "дійшло"):
        with pytest.raises(TelegramNetworkError):
            await place.bot.send_message(place.channel.id, text)

    assert place.telegram.texts(place.channel) == ["дійшло"]
    assert [call.fault for call in place.telegram.called("sendMessage")] == ["", "lost_before", "lost_after"]


async def test_a_message_may_land_late(place: Place) -> None:
    place.telegram.faults.next("late", method="sendMessage")
    with pytest.raises(TelegramNetworkError):
        await place.bot.send_message(place.channel.id, "згодом")
    assert place.telegram.texts(place.channel) == []

    place.telegram.faults.land()

    assert await place.telegram.until(lambda: place.telegram.texts(place.channel)) == ["згодом"]


async def test_a_delayed_request_waits_until_it_is_released(place: Place) -> None:
    place.telegram.faults.next("delay", method="sendMessage")
    sending = asyncio.create_task(place.bot.send_message(place.channel.id, "довго"))
    await place.telegram.until(lambda: place.telegram.running)
    assert place.telegram.texts(place.channel) == []

    place.telegram.faults.release()

    assert (await sending).text == "довго"


async def test_an_answer_may_be_held_after_the_message_landed(place: Place) -> None:
    place.telegram.faults.next("held", method="sendMessage")
    sending = asyncio.create_task(place.bot.send_message(place.channel.id, "вже тут"))

    await place.telegram.arrived(place.channel)
    assert not sending.done()
    place.telegram.faults.release()

    assert (await sending).text == "вже тут"


@pytest.mark.parametrize(
    ("kind", "error", "landed"),
    [
        ("refuse", TelegramBadRequest, False),
        ("flood", TelegramRetryAfter, False),
        ("server_error", TelegramServerError, False),
        ("html", ClientDecodeError, False),
        ("html_after", ClientDecodeError, True),
        ("truncated", ClientDecodeError, True),
    ],
)
async def test_every_other_kind_of_trouble(place: Place, kind: str, error: type[Exception], landed: bool) -> None:
    place.telegram.faults.next(kind, method="sendMessage", times=2, after=1)

    await place.bot.send_message(place.channel.id, "перший")
    for _ in range(2):
        with pytest.raises(error):
            await place.bot.send_message(place.channel.id, "далі")
    await place.bot.send_message(place.channel.id, "останній")

    assert place.telegram.texts(place.channel) == ["перший", *["далі"] * 2 * landed, "останній"]


async def test_a_dead_server_refuses_connections_and_lives_again_on_its_port(place: Place) -> None:
    poll = asyncio.create_task(place.updates(timeout=30))
    await place.telegram.until(lambda: place.telegram.called("getUpdates"))
    await place.telegram.die()
    with pytest.raises(TelegramNetworkError):
        await poll
    with pytest.raises(TelegramNetworkError):
        await place.bot.get_me()

    await place.telegram.revive()

    assert (await place.bot.get_me()).username == "holovne_bot"


async def test_flood_limits_refuse_by_the_worlds_own_clock(place: Place) -> None:
    place.telegram.floods.on(chat=Limit(2, 2.0))
    for _ in range(2):
        await place.bot.send_message(place.group.id, "так")

    with pytest.raises(TelegramRetryAfter) as caught:
        await place.bot.send_message(place.group.id, "так")
    assert caught.value.retry_after == 2
    place.hours[0] += caught.value.retry_after / 3600

    await place.bot.send_message(place.group.id, "так")


async def test_a_group_takes_twenty_a_minute(place: Place) -> None:
    place.telegram.floods.on(chat=Limit(100, 1.0))
    for _ in range(20):
        await place.bot.send_message(place.group.id, "так")

    with pytest.raises(TelegramRetryAfter) as caught:
        await place.bot.send_message(place.group.id, "так")

    assert caught.value.retry_after == 60


async def test_a_request_whose_bot_stopped_waiting_lands_all_the_same(place: Place) -> None:
    place.telegram.faults.next("delay", method="sendMessage")
    sending = asyncio.create_task(place.bot.send_message(place.channel.id, "довго"))
    await place.telegram.until(lambda: place.telegram.running)
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)

    place.telegram.faults.release()

    assert await place.telegram.until(lambda: place.telegram.texts(place.channel)) == ["довго"]


async def test_who_waits_in_vain_is_told_the_last_calls(place: Place) -> None:
    await place.bot.send_message(place.channel.id, "так")

    with pytest.raises(TimeoutError, match="sendMessage: ok"):
        await place.telegram.until(lambda: False, timeout=0)


async def test_a_process_of_its_own_may_be_killed_and_keeps_what_landed(place: Place, tmp_path: Path) -> None:
    world = tmp_path / "world"
    keep(place.telegram, world)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.playground", str(world), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    url = (await process.stdout.readline()).decode().strip()

    async with aiohttp.ClientSession() as http:
        for text in ("раз", "два"):
            body = {"chat_id": place.channel.id, "text": text}
            async with http.post(f"{url}/bot{TOKEN}/sendMessage", json=body) as answer:
                assert (await answer.json())["ok"]
    process.kill()
    await process.wait()

    assert load(world).texts(place.channel.id)[:1] == ["раз"]


async def test_the_world_survives_pickling(place: Place) -> None:
    await place.bot.send_message(place.channel.id, "так")
    place.telegram.say(place.group, place.editor, "гей")

    again: Telegram = pickle.loads(pickle.dumps(place.telegram))  # noqa: S301

    assert again.texts(place.channel.id) == ["так"]
    async with serve(again) as server, bot_of(server) as bot:
        assert (await bot.send_message(place.channel.id, "далі")).message_id == 2
        assert len(await bot.get_updates()) == 1


def test_every_method_is_in_the_document() -> None:
    document = (Path(__file__).parent.parent / "docs" / "playground.md").read_text("utf8")

    words = set(re.findall(r"\w+", document))

    assert set(METHODS) - words == set() and set(KINDS) - words == set()
