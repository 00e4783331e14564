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
from playwright.async_api import Browser, FloatRect, Page, async_playwright

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

    async def columns(self, name: str, *columns: str, height: int = HEIGHT, end: str = "") -> None:
        """A picture of neighbouring chats; `end`: words of the message at the bottom, instead of the newest."""
        page = await self.open(height=height)
        if end:
            message = page.locator(f".column.{columns[0]} .message", has_text=end).last
            await message.evaluate("node => node.scrollIntoView({block: 'end'})")
            await page.wait_for_timeout(SETTLE_MS)
        boxes = [await page.locator(f".column.{each}").bounding_box() for each in columns]
        first, last = boxes[0], boxes[-1]
        assert first is not None and last is not None  # the page has all three
        width = last["x"] + last["width"] - first["x"]
        await self.take(page, name, {"x": first["x"], "y": first["y"], "width": width, "height": first["height"]})
        await page.close()

    async def take(self, page: Page, name: str, clip: FloatRect | None = None) -> None:
        image = Image.open(io.BytesIO(await page.screenshot(clip=clip))).convert("RGB")
        path = self._folder / f"{name}.png"
        image.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
        print(f"{path} {path.stat().st_size // 1024} KB", flush=True)


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
        await camera.take(page, name)
        await page.close()


async def _week(place: Town, camera: Camera) -> None:
    editors = week.Editors(place)
    await _live(place, "2024-11-20 22:35")
    await camera.columns("draft", "desk", height=1250, end="чернетка")
    await _live(place, "2024-11-20 23:50")
    await editors.walk("Розклад")
    await camera.columns("settings", "desk")
    await _live(place, "2024-11-21 15:05")
    await camera.columns("correction", "channel", "desk")
    await _live(place, "2024-11-22 12:20")
    await editors.tap(editors.card(week.BRIDGE), "Прибрати")
    await camera.columns("withdrawal", "desk")
    await editors.tap(editors.card(week.BRIDGE), "Не відкликати")
    await _live(place, "2024-11-24 19:05")
    await camera.columns("week", "channel", height=1500)


async def _live(place: Town, until: str) -> None:
    wording = Wordings(ZONE).default
    await demo.live(place, demo.Teller(place, wording, lambda line: None), instant(until))


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "docs"
    target.mkdir(parents=True, exist_ok=True)
    asyncio.run(main(target))
