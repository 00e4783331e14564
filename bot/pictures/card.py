"""A headline as a picture, in the newsroom's colours: whole words, in letters as large as the space allows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib import resources
from io import BytesIO
from typing import Any, Final, Literal

from PIL import Image, ImageDraw, ImageFont, UnidentifiedImageError

from bot.pictures.colours import Colour

Shape = Literal["wide", "square"]
SIZES: Final[Mapping[Shape, tuple[int, int]]] = {"wide": (1280, 720), "square": (1080, 1080)}
MARGIN = 80
TOP, BOTTOM = 190, 170  # of the headline: the brand stands above it, the date and the logo below
LETTERS: Final = (92, 84, 76, 68, 60, 52, 46, 40)  # pixels; on a phone the smallest is as large as the text below
SMALL: Final = (36, 28, 22)  # pixels, the brand and the date
FIRST_EMOJI = "\u2190"  # arrows, signs and pictures begin here; № and ° stand before
LEADING = 1.22
LOGO_BOX = (300, 96)
LOGO_MOST_PIXELS = 4096 * 4096
QUALITY = 90  # of the JPEG: Telegram packs it once more
_FONT = "fonts/DejaVuSans-Bold.ttf"


class UndrawableCard(Exception):
    """The words do not stand whole on the card, or there are no letters for them."""


class UnreadableLogo(Exception):
    """The file is no picture that a card can bear."""


@dataclass(frozen=True, slots=True)
class Card:
    """What stands on a card. Without a headline it shows whose it is, and nothing else."""

    headline: str
    brand: str
    date: str
    shape: Shape


@dataclass(frozen=True, slots=True)
class Livery:
    """How the newsroom's cards look. `logo` is a PNG or a JPEG, None for none."""

    background: Colour = (16, 36, 64)
    ink: Colour = (255, 255, 255)
    accent: Colour = (255, 200, 61)
    logo: bytes | None = None


def recipe(card: Card) -> dict[str, str]:
    """The card as a parcel carries it: it is drawn when it goes out, the same however often."""
    return asdict(card)


def from_recipe(said: Mapping[str, Any]) -> Card:
    """The card that a parcel carries."""
    return Card(said["headline"], said["brand"], said["date"], said["shape"])


def fits(card: Card) -> bool:
    """Whether the card can be drawn."""
    try:
        _set(card)
    except UndrawableCard:
        return False
    return True


def draw(card: Card, livery: Livery) -> bytes:
    """The card as a JPEG. Raises UndrawableCard."""
    size, lines = _set(card)
    width, height = SIZES[card.shape]
    image = Image.new("RGB", (width, height), livery.background)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, 16, height), fill=livery.accent)
    text, letters = _small(card.brand, width)
    pen.text((MARGIN, 90), text, font=letters, fill=livery.accent)
    step = round(size * LEADING)
    top = TOP + (height - TOP - BOTTOM - step * len(lines)) // 2
    for number, line in enumerate(lines):
        pen.text((MARGIN, top + number * step), line, font=_letters(size), fill=livery.ink)
    text, letters = _small(card.date, width)
    pen.text((MARGIN, height - 90), text, font=letters, fill=livery.ink, anchor="ls")
    if livery.logo is not None:
        _stamp(image, livery.logo)
    out = BytesIO()
    image.save(out, "JPEG", quality=QUALITY, subsampling=0)
    return out.getvalue()


def logo(data: bytes) -> Image.Image:
    """The newsroom's sign, no larger than its box. Raises UnreadableLogo."""
    try:
        with Image.open(BytesIO(data), formats=("PNG", "JPEG")) as found:
            if found.width * found.height > LOGO_MOST_PIXELS:
                raise UnreadableLogo(f"{found.width} × {found.height}")
            sign = found.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise UnreadableLogo(str(error)) from None
    sign.thumbnail(LOGO_BOX)
    return sign


def _stamp(image: Image.Image, data: bytes) -> None:
    """The sign stands below on the right; without a readable one the card is whole all the same."""
    try:
        sign = logo(data)
    except UnreadableLogo:
        return
    image.paste(sign, (image.width - MARGIN - sign.width, image.height - 60 - sign.height), sign)


def _set(card: Card) -> tuple[int, list[str]]:
    """The size of the headline's letters, and its lines. Raises UndrawableCard."""
    width, height = SIZES[card.shape]
    words = _bound(_clean(card.headline))
    if any(_lacks(sign) for sign in {*words, *_clean(card.brand), *_clean(card.date)} if not sign.isspace()):
        raise UndrawableCard("letters that the font has not")
    for size in LETTERS:
        lines = _lines(words.split(" ") if words else [], size, width - 2 * MARGIN)
        if lines is not None and len(lines) * round(size * LEADING) <= height - TOP - BOTTOM:
            return size, lines
    raise UndrawableCard("too many words, or too long a one")


def _small(text: str, width: int) -> tuple[str, ImageFont.FreeTypeFont]:
    """The line as it is printed, and the largest of the small letters that keep it on the card."""
    line = _clean(text)
    wide = (size for size in SMALL if _letters(size).getlength(line) <= width - 2 * MARGIN)
    return line, _letters(next(wide, SMALL[-1]))


def _lines(words: list[str], size: int, width: int) -> list[str] | None:
    """The words in lines of at most this width; None when one word is wider."""
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _letters(size).getlength(longer) <= width:
            lines[-1] = longer
        elif _letters(size).getlength(word) <= width:
            lines.append(word)
        else:
            return None
    return lines


def _bound(text: str) -> str:
    """The text with its dashes bound to the word before, and its shortest words to the one behind: no line begins
    with the one or ends with the other."""
    return re.sub(r"(?<![^ \xa0])(\w{1,2}) ", "\\1\xa0", re.sub(r" (?=[—–] )", "\xa0", text))


def _clean(text: str) -> str:
    """The text in one line, without signs that nobody sees and without emoji: the font has none."""
    return " ".join("".join(sign for sign in unicodedata.normalize("NFC", text) if _printed(sign)).split())


def _printed(sign: str) -> bool:
    kind = unicodedata.category(sign)
    if kind in ("So", "Sk"):
        return sign < FIRST_EMOJI
    return sign.isspace() or kind not in ("Cc", "Cf", "Mn")


@lru_cache(maxsize=512)  # the letters of three languages, twice
def _lacks(sign: str) -> bool:
    blank, mask = (_letters(SMALL[0]).getmask(each) for each in ("\uffff", sign))
    return mask.size == blank.size and bytes(mask) == bytes(blank)


@lru_cache(maxsize=len(LETTERS) + len(SMALL))
def _letters(size: int) -> ImageFont.FreeTypeFont:
    font = resources.files("bot.pictures").joinpath(_FONT).read_bytes()
    # Lines that one machine breaks otherwise than another would be two cards: the plain engine is everywhere.
    return ImageFont.truetype(BytesIO(font), size, layout_engine=ImageFont.Layout.BASIC)
