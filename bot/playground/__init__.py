"""The embedded local Telegram: a Bot API server on a loopback port that an unmodified aiogram Bot talks to.

    telegram = Telegram()                                     # clock=lambda: 1_700_000_000.0 for a fixed time
    bot_user = telegram.bot("42:TEST", username="holovne_bot")
    olena = telegram.user(1001, "Олена")
    channel = telegram.channel("Новини", username="nd", admins=[bot_user])
    async with serve(telegram) as server:
        session = AiohttpSession(api=TelegramAPIServer.from_base(server.url))
        async with Bot("42:TEST", session=session) as bot:
            await bot.send_message("@nd", "<b>Головне</b>", parse_mode="HTML")
    assert telegram.texts(channel) == ["Головне"]
    telegram.say(telegram.private(olena), olena, "/start")    # an update for the bot; `telegram.tap(…)`, `edit(…)`

People act through methods of `Telegram` (people.py, members.py); what stands there is read with `messages(chat)`,
`texts(chat)`, `calls`, `called("sendMessage")`; `await telegram.until(lambda: …)` waits for events without polling;
`telegram.faults.next("lost_after", method="sendMessage")` plans trouble; `telegram.floods.on()` turns limits on.
It imports neither aiogram nor any other room of the bot, and the bot does not know that it exists.
"""

from bot.playground.floods import Limit
from bot.playground.people import Telegram
from bot.playground.records import Call, Inline, Tap
from bot.playground.refusals import RefusedError
from bot.playground.server import Server, serve
from bot.playground.shapes import Bot, Chat, File, Member, Message, User, Version

__all__ = [
    "Bot", "Call", "Chat", "File", "Inline", "Limit", "Member", "Message", "RefusedError", "Server", "Tap",
    "Telegram", "User", "Version", "serve",
]  # fmt: skip
