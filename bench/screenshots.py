"""Makes the README's pictures in docs/: the demo's page in Debian's chromium, after a digest, a card and a search.

python bench/screenshots.py [FOLDER]      # needs `pip install "playwright>=1.50,<2"` and chromium
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

from bot.playground import stage
from bot.playground.sample_day import instant
from bot.playground.town import town

SWITCHES = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
PICTURES = (  # name, width, height, theme, what a phone shows
    ("demo", 1440, 900, "light", None),
    ("demo-dark", 1440, 900, "dark", None),
    ("demo-phone", 390, 844, "light", "channel"),
)
SETTLE_MS = 700  # pictures load, toasts do not come


async def main(folder: Path) -> None:
    """Lives the morning, plays an editor and a reader, and takes the pictures."""
    with tempfile.TemporaryDirectory() as scratch:
        async with town(0, Path(scratch)) as place, stage.opened(place, 0) as shown, async_playwright() as driver:
            await place.live_until(instant("13:00"))
            browser = await driver.chromium.launch(executable_path=shutil.which("chromium"), args=[*SWITCHES])
            await _play(browser, shown.url)
            shown.hours.set_speed(0)
            for name, width, height, theme, tab in PICTURES:
                page = await _open(browser, shown.url, width, height, theme)
                if tab:
                    await page.locator(f"#tab-{tab}").click()
                await page.wait_for_timeout(SETTLE_MS)
                path = folder / f"{name}.png"
                await page.screenshot(path=path)
                print(f"{path} {path.stat().st_size // 1024} KB")
            await browser.close()


async def _open(browser: Browser, url: str, width: int = 1440, height: int = 900, theme: str = "light") -> Page:
    page = await browser.new_page(
        viewport={"width": width, "height": height}, color_scheme="dark" if theme == "dark" else "light"
    )
    await page.goto(url)
    await page.locator(".column.shown").wait_for()
    return page


async def _play(browser: Browser, url: str) -> None:
    page = await _open(browser, url)
    await page.locator(".private .begin").click()
    await page.locator(".desk .chip").click()
    for text in ("/latest", "краматорськ"):
        await page.locator(".private textarea").fill(text)
        await page.locator(".private textarea").press("Enter")
        await page.wait_for_timeout(SETTLE_MS)
    await page.close()


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "docs"
    target.mkdir(parents=True, exist_ok=True)
    asyncio.run(main(target))
