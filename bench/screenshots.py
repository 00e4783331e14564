"""Makes the pictures of docs/: the demo's page in Debian's chromium, on its first day and through its week.

python bench/screenshots.py [FOLDER]      # needs `pip install "playwright>=1.50,<2"` and chromium
"""

from __future__ import annotations

import asyncio
import io
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, Page, async_playwright

from bot.playground import demo, stage, week
from bot.playground.sample_day import ZONE, instant
from bot.playground.town import Town, town
from bot.wording import Wordings

SWITCHES = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
FIRST_DAY = (  # name, width, height, theme, what a phone shows
    ("demo", 1440, 900, "light", None),
    ("demo-dark", 1440, 900, "dark", None),
    ("demo-phone", 390, 844, "light", "channel"),
)
SETTLE_MS = 700  # pictures load, toasts do not come
COLOURS = 192  # of a palette: a picture weighs half, and nothing is seen of it
HEIGHT = 900


class Camera:
    """A browser that takes pictures of the page into a folder."""

    def __init__(self, browser: Browser, url: str, folder: Path) -> None:
        self._browser = browser
        self._url = url
        self._folder = folder

    async def open(self, width: int = 1440, height: int = HEIGHT, theme: str = "light") -> Page:
        page = await self._browser.new_page(
            viewport={"width": width, "height": height}, color_scheme="dark" if theme == "dark" else "light"
        )
        await page.goto(self._url)
        await page.locator(".column.shown").wait_for()
        await page.wait_for_timeout(SETTLE_MS)
        return page

    async def column(self, chat: str, height: int = HEIGHT, end: str = "") -> Image.Image:
        """One chat as it stands; `end`: words of the message at the bottom, instead of the newest."""
        page = await self.open(height=height)
        if end:
            message = page.locator(f".column.{chat} .message", has_text=end).last
            await message.evaluate("node => node.scrollIntoView({block: 'end'})")
            await page.wait_for_timeout(SETTLE_MS)
        image = _image(await page.locator(f".column.{chat}").screenshot())
        await page.close()
        return image

    def keep(self, name: str, *images: Image.Image) -> None:
        """The images side by side, in the folder under this name."""
        whole = Image.new("RGB", (sum(each.width for each in images), max(each.height for each in images)), "white")
        left = 0
        for each in images:
            whole.paste(each, (left, 0))
            left += each.width
        path = self._folder / f"{name}.png"
        whole.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
        print(f"{path} {path.stat().st_size // 1024} KB", flush=True)


def _image(body: bytes) -> Image.Image:
    return Image.open(io.BytesIO(body)).convert("RGB")


async def main(folder: Path) -> None:
    """Lives the first day's morning as a visitor, then the week as its editors do, and takes the pictures."""
    with tempfile.TemporaryDirectory() as scratch:
        async with (
            town(0, Path(scratch), demo.WEEK_POLL_SECONDS) as place,
            stage.opened(place, 0) as shown,
            async_playwright() as driver,
        ):
            shown.hours.set_speed(0)
            browser = await driver.chromium.launch(executable_path=shutil.which("chromium"), args=[*SWITCHES])
            camera = Camera(browser, shown.url, folder)
            await _first_day(place, camera)
            await _week(place, camera)
            await browser.close()


async def _first_day(place: Town, camera: Camera) -> None:
    await _live(place, "2024-11-20 13:00")
    page = await camera.open()
    await page.locator(".private .begin").click()
    await page.locator(".desk .chip").click()
    for text in ("/latest", "краматорськ"):
        await page.locator(".private textarea").fill(text)
        await page.locator(".private textarea").press("Enter")
        await page.wait_for_timeout(SETTLE_MS)
    await page.close()
    for name, width, height, theme, tab in FIRST_DAY:
        page = await camera.open(width, height, theme)
        if tab:
            await page.locator(f"#tab-{tab}").click()
            await page.wait_for_timeout(SETTLE_MS)
        camera.keep(name, _image(await page.screenshot()))
        await page.close()


async def _week(place: Town, camera: Camera) -> None:
    editors = week.Editors(place)
    await _live(place, "2024-11-20 22:35")
    camera.keep("draft", await camera.column("desk", 1310, "чернетка"))
    await _live(place, "2024-11-20 23:50")
    await editors.walk("Розклад")
    camera.keep("settings", await camera.column("desk"))
    await _live(place, "2024-11-21 14:25")
    asked = await editors.propose(week.BUS, week.BUS_RIGHT)
    check = await camera.column("desk", end="Перевірте зміну")
    await editors.tap(asked, "Відкинути")
    await _live(place, "2024-11-21 15:05")
    camera.keep("correction", check, await camera.column("channel", end="Виправлено о"))
    await _live(place, "2024-11-22 12:20")
    await editors.tap(editors.card(week.BRIDGE), "Прибрати")
    camera.keep("withdrawal", await camera.column("desk"))
    await editors.tap(editors.card(week.BRIDGE), "Не відкликати")
    friday, saturday, sunday = [await _channel(place, camera, at) for at in ("22 23:05", "23 11:05", "24 19:05")]
    camera.keep("week", friday, saturday, sunday)


async def _channel(place: Town, camera: Camera, at: str) -> Image.Image:
    await _live(place, f"2024-11-{at}")
    return await camera.column("channel", 1150)


async def _live(place: Town, until: str) -> None:
    wording = Wordings(ZONE).default
    await demo.live(place, demo.Teller(place, wording, lambda line: None), instant(until))


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "docs"
    target.mkdir(parents=True, exist_ok=True)
    asyncio.run(main(target))
