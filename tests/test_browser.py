"""The demo's page in a real browser: a newcomer's minute, a reader's minute, a keyboard, a phone, the dark."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from bot.playground import newspapers, sample_day, stage
from bot.playground.sample_day import instant
from bot.playground.stage import Stage
from bot.playground.town import town

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

ARTEFACTS = Path(__file__).parent.parent / "test-artefacts"
SWITCHES = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
expect.set_options(timeout=60_000)  # hours of polling pass while the page waits
FAINT = Path(__file__).with_name("faint.js").read_text("utf-8")


@dataclass
class Show:
    """The page, open in a browser, and the town behind it. `trouble` is what the browser complained of."""

    stage: Stage
    browser: Browser
    trouble: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def page(self, size: dict[str, int] = WIDE, scheme: str = "light") -> AsyncIterator[Page]:
        """A fresh visitor's page."""
        context = await self.browser.new_context(
            viewport={"width": size["width"], "height": size["height"]},
            color_scheme="dark" if scheme == "dark" else "light",
            has_touch=size is PHONE,
            locale="uk-UA",
        )
        page = await context.new_page()
        page.on("console", lambda said: self.trouble.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        await page.goto(self.stage.url)
        await page.locator(".column.shown").wait_for()
        yield page
        await context.close()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def show(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Show]:
    ARTEFACTS.mkdir(exist_ok=True)
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    async with town(0, tmp_path_factory.mktemp("show")) as place:
        await place.live_until(instant("08:50"))
        async with stage.opened(place, 0) as shown, async_playwright() as driver:
            browser = await driver.chromium.launch(executable_path=path, args=[*SWITCHES])
            show = Show(shown, browser)
            yield show
            await browser.close()
    assert not show.trouble  # among it every breach of the page's own policy


async def test_a_newcomer_sees_a_digest_by_one_press_and_the_roundup_by_three_more(show: Show) -> None:
    async with show.page() as page:
        await page.screenshot(path=ARTEFACTS / "first.png")
        await expect(page.locator("#go")).to_have_text("До наступного випуску —дайджест на 09:00")

        await page.locator("#go").click()
        digest = page.locator(".channel .message").last
        await expect(digest).to_contain_text("Лише найважливіше на 09:00")
        assert await digest.locator("a").count() >= 3
        await expect(page.locator("#news")).to_contain_text("Канал. Новини Донбасу, 09:00")
        await page.screenshot(path=ARTEFACTS / "digest.png")

        for edition in ("13:00", "18:00"):
            await page.locator("#go").click()
            await expect(page.locator(".channel .message").last).to_contain_text(f"на {edition}")
        await expect(page.locator("#go")).to_contain_text("«Головне за день» на 23:00")
        await page.locator("#go").click()
        await expect(page.locator(".channel .message").last).to_contain_text("Головне за день: ")
        await page.screenshot(path=ARTEFACTS / "roundup.png")


async def test_a_reader_turns_pages_searches_and_sees_a_toast(show: Show) -> None:
    place = show.stage.town
    async with show.page() as page:
        chat = page.locator(".column.private")
        await chat.get_by_role("button", name="Почати").click()
        await chat.get_by_role("button", name="/latest").click()
        older = chat.get_by_role("button", name="Старіші ›")
        await older.click()
        await expect(chat.locator(".message").last).to_contain_text("6. ")

        await chat.locator("textarea").fill("горлівка")
        await chat.locator("textarea").press("Enter")
        await expect(chat.locator(".message").last).to_contain_text("Горлівці")

        old = InlineKeyboardButton(text="Стара кнопка", callback_data="gone:1")
        keyboard = InlineKeyboardMarkup(inline_keyboard=[[old]])
        await place.app.bot.send_message(place.reader.id, "Екран минулого тижня", reply_markup=keyboard)
        await chat.get_by_role("button", name="Стара кнопка").click()
        await expect(page.locator(".toast")).not_to_be_empty()
        await page.screenshot(path=ARTEFACTS / "reader.png")


async def test_the_keyboard_is_enough(show: Show) -> None:
    async with show.page() as page:
        await page.keyboard.press("Tab")
        await expect(page.locator(".skip")).to_be_focused()
        await page.keyboard.press("Enter")
        box = page.locator(".desk textarea")
        await box.focus()
        await page.keyboard.type("перша думка")
        await page.keyboard.press("Enter")
        said = page.locator(".desk .message").last
        await expect(said).to_contain_text("перша думка")
        await page.keyboard.press("ArrowUp")
        await expect(box).to_have_value("перша думка")
        await page.keyboard.press("End")
        await page.keyboard.type(" виправлена")
        await page.keyboard.press("Enter")
        await expect(said).to_contain_text("перша думка виправлена")
        await expect(said).to_contain_text("змінено о")

        await page.keyboard.type("/")
        await expect(page.locator(".desk .commands")).to_be_visible()
        await page.keyboard.press("ArrowDown")
        await expect(page.locator(".desk .commands button").first).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(box).to_be_focused()

        await said.locator(".dots").focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("menuitem").first).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(said.locator(".dots")).to_be_focused()


async def test_an_editor_sends_an_album_replies_and_forwards(show: Show) -> None:
    async with show.page() as page:
        desk = page.locator(".column.desk")
        pictures = [
            {"name": f"{number}.png", "mimeType": "image/png", "buffer": newspapers.picture(f"/{number}")}
            for number in "123"
        ]
        await desk.locator("input[type=file]").set_input_files(pictures)  # type: ignore[arg-type]
        await desk.locator("textarea").fill("три фото з місця")
        await desk.locator("textarea").press("Enter")
        album = desk.locator(".message", has_text="три фото з місця")
        await expect(album.locator(".mosaic.n3 img")).to_have_count(3)

        await desk.get_by_role("radio", name="Андрій").click()
        await album.hover()
        await album.locator(".dots").click()
        await page.get_by_role("menuitem", name="Відповісти").click()
        await page.keyboard.type("беру")
        await page.keyboard.press("Enter")
        await expect(desk.locator(".message.own .reply").last).to_contain_text("три фото з місця")

        await show.stage.town.app.bot.send_message(show.stage.town.channel.id, "Допис, який перешлють")
        post = page.locator(".channel .message", has_text="Допис, який перешлють")
        await post.hover()
        await post.locator(".dots").click()
        await page.get_by_role("menuitem", name="Переслати в редакцію").click()
        await expect(desk.locator(".message.own", has_text="Переслано: Новини Донбасу")).to_be_visible()


async def test_what_others_wrote_is_text_and_never_markup(show: Show) -> None:
    place = show.stage.town
    hostile = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    entities = [{"type": "text_link", "offset": 0, "length": 4, "url": "javascript:alert(3)"}]
    async with show.page() as page:
        place.telegram.say(place.desk, place.second, hostile, entities=entities)
        message = page.locator(".desk .message").last
        await expect(message).to_contain_text(hostile)
        assert await message.locator(".text img, .text script, .text a").count() == 0


async def test_quotes_unfold_spoilers_open_and_links_lead_within_the_page(show: Show) -> None:
    place = show.stage.town
    lines = "\n".join(f"рядок {number}" for number in range(1, 9))
    text = f"<tg-spoiler>таємниця</tg-spoiler> <blockquote expandable>{lines}</blockquote>"
    post = await place.app.bot.send_message(place.channel.id, text, parse_mode="HTML")
    link = InlineKeyboardButton(text="Відкрити пост", url=f"https://t.me/novosti_dn/{post.message_id}")
    await place.app.bot.send_message(
        place.desk.id, "картка", reply_markup=InlineKeyboardMarkup(inline_keyboard=[[link]])
    )
    async with show.page() as page:
        message = page.locator(".channel .message", has_text="таємниця")
        await message.get_by_role("button", name="Прихований текст").click()
        await expect(message.locator(".spoiler.open")).to_have_text("таємниця")
        await message.get_by_role("button", name="Показати все").click()
        await expect(message.get_by_role("button", name="Згорнути")).to_have_attribute("aria-expanded", "true")

        await page.locator(".desk .key", has_text="Відкрити пост").last.click()
        await expect(message).to_have_class("message flash")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
async def test_every_text_can_be_read_and_nothing_sticks_out(show: Show, size: dict[str, int], scheme: str) -> None:
    async with show.page(size, scheme) as page:
        for name in ("channel", "desk", "private"):
            if size is PHONE:
                await page.locator(f"#tab-{name}").click()
            assert await page.evaluate(FAINT) == []
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            width = "wide" if size is WIDE else f"phone-{name}"
            await page.screenshot(path=ARTEFACTS / f"{width}-{scheme}.png")


async def test_the_page_speaks_english_and_turns_dark_when_told(show: Show) -> None:
    async with show.page() as page:
        await page.get_by_role("button", name="In English").click()
        await expect(page.locator("#go")).to_contain_text("To the next edition:")
        await expect(page.locator("html")).to_have_attribute("lang", "en")
        await page.get_by_role("button", name="Dark look").click()
        await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        await page.reload()
        await expect(page.locator("#go")).to_contain_text("To the next edition:")
        await expect(page.locator("html")).to_have_attribute("data-theme", "dark")


async def test_trouble_is_one_press_away(show: Show) -> None:
    async with show.page() as page:
        await page.get_by_role("button", name="Негаразди").click()
        await page.get_by_role("button", name="Забрати право писати в канал").click()
        await expect(page.locator(".state")).to_contain_text("Бот не може писати в канал")
        await page.get_by_role("button", name="Повернути право писати в канал").click()
        await page.get_by_role("button", name="Вимкнути мережу").click()
        await expect(page.locator(".state")).to_contain_text("Мережі немає")
        await page.get_by_role("button", name="Увімкнути мережу").click()
        await expect(page.locator(".state")).to_be_empty()


async def test_an_editors_minute_from_a_link_to_the_channel(show: Show) -> None:
    place = show.stage.town
    source = sample_day.sources()[0]
    newest = sample_day.entries(source, instant("22:00"))[0]
    async with show.page() as page:
        desk = page.locator(".desk")
        await desk.locator("textarea").fill(place.homes[source.name] + newest.path)
        await desk.locator("textarea").press("Enter")
        card = desk.locator(".message").last
        await expect(card).to_contain_text("Пропоную в канал")
        await page.screenshot(path=ARTEFACTS / "card.png")

        await desk.get_by_role("button", name="✅ У чергу на").last.click()
        await expect(page.locator(".toast")).to_contain_text("У черзі на")
        await expect(card).to_contain_text("📅 У черзі на")

        await desk.get_by_role("button", name="⚡ Зараз").last.click()
        await expect(card).to_contain_text("Піде в канал о")
        await desk.get_by_role("button", name="Надіслати негайно").last.click()
        await expect(card).to_contain_text("Опубліковано")
        await expect(page.locator(".channel .message").last).to_contain_text(newest.title)
        await page.screenshot(path=ARTEFACTS / "editor.png")


async def test_editors_vote_on_a_card_and_readers_answer_the_post(show: Show) -> None:
    async with show.page() as page:
        desk, channel = page.locator(".desk"), page.locator(".channel")
        # Of no story of the day: whatever hour it is, the channel has not told it yet.
        await desk.locator("textarea").fill("/post У Дружківці відкрили бібліотеку просто неба")
        await desk.locator("textarea").press("Enter")
        card = desk.locator(".message").last
        await expect(card).to_contain_text("Вільний слот")
        await _react(page, card, "🔥")
        await expect(card).to_contain_text("🔥 1 редактор")
        await desk.get_by_role("radio", name="Андрій").click()
        await _react(page, card, "🔥")
        await expect(card).to_contain_text("🔥 2 редактори")
        await page.screenshot(path=ARTEFACTS / "votes.png")
        await card.get_by_role("button", name="Реакція 🔥: 2").click()
        await expect(card).to_contain_text("🔥 1 редактор")

        await desk.get_by_role("button", name="⚡ Зараз").last.click()
        await desk.get_by_role("button", name="Надіслати негайно").last.click()
        await expect(card).to_contain_text("Опубліковано")
        await _react(page, channel.locator(".message").last, "❤")
        await expect(card).to_contain_text("За 1 хвилину: ❤ 1")
        await page.screenshot(path=ARTEFACTS / "reactions.png")


async def _react(page: Page, message: Locator, sign: str) -> None:
    """The person puts the sign under the message, by its menu."""
    await message.hover()
    await message.locator(".dots").click()
    await page.get_by_role("menuitem", name=f"Реакція {sign}").click()
