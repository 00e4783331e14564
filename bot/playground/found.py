"""What Telegram finds in a text by itself: mentions, commands, hashtags, cashtags, cards, links, addresses."""

import re
import unicodedata

from bot.playground.entities import Entity, width
from bot.playground.weblinks import letter, own_links, urls, word

SHORT_NAMES = ("gif", "nft", "pic", "ufc", "vid")
WORD = r"[A-Za-z0-9_]"


def tag_letter(char: str) -> bool:
    return char in "_\u200c\u00b7" or "\u0d80" <= char <= "\u0dff" or letter(char) or _digit(char)


def _digit(char: str) -> bool:
    return unicodedata.category(char) == "Nd"


def find(text: str) -> list[Entity]:
    """The entities in order; of two that cross only the first stays."""
    spans = [("mention", *span) for span in mentions(text)]
    spans += [("bot_command", *span) for span in commands(text)]
    spans += [("hashtag", *span) for span in hashtags(text)]
    spans += [("cashtag", *span) for span in cashtags(text)]
    spans += [("bank_card_number", *span) for span in cards(text)]
    spans += [("url", *span) for span in own_links(text)]
    spans += urls(text)
    spans.sort(key=lambda span: (span[1], -span[2]))
    kept: list[tuple[str, int, int]] = []
    for span in spans:
        if not kept or span[1] >= kept[-1][2]:
            kept.append(span)
    return [Entity(kind, width(text[:begin]), width(text[begin:end])) for kind, begin, end in kept]


Span = tuple[int, int]


def mentions(text: str) -> list[Span]:
    """@names of 4–32 signs, and the few shorter ones there are."""
    spans = []
    for match in re.finditer(rf"@({WORD}*)", text):
        name = match[1]
        if (match.start() and word(text[match.start() - 1])) or not 2 <= len(name) <= 32:
            continue
        if match.end() < len(text) and word(text[match.end()]):
            continue
        if len(name) >= 4 or name.lower() in SHORT_NAMES:
            spans.append(match.span())
    return spans


def commands(text: str) -> list[Span]:
    """/commands of 1–64 signs, with the bot's @name or without."""
    spans, place = [], 0
    while (begin := text.find("/", place)) >= 0:
        place = begin + 1
        if begin and (word(text[begin - 1]) or text[begin - 1] in "/<>"):
            continue
        match = re.compile(rf"{WORD}*").match(text, place)
        place = end = match.end() if match else place
        if not 1 <= end - begin - 1 <= 64:
            continue
        if text[end : end + 1] == "@":
            match = re.compile(rf"{WORD}*").match(text, end + 1)
            place = match.end() if match else end + 1
            if not 3 <= place - end - 1 <= 32:
                continue
            end = place
        following = text[end : end + 1]
        if not following or not (word(following) or following in "/<>"):
            spans.append((begin, end))
    return spans


def hashtags(text: str) -> list[Span]:
    """#tags of up to 256 signs with a letter among them."""
    spans, place = [], 0
    while (begin := text.find("#", place)) >= 0:
        place = begin + 1
        if begin and tag_letter(text[begin - 1]):
            continue
        while place < len(text) and tag_letter(text[place]):
            place += 1
        tag = text[begin + 1 : place][:256]
        end = begin + 1 + len(tag)
        if not tag:
            continue
        name = re.compile(rf"@({WORD}{{3,32}})").match(text, place) if end == place else None
        if name:
            place = end = name.end()
        if text[place : place + 1] != "#" and any(letter(char) for char in tag):
            spans.append((begin, end))
    return spans


def cashtags(text: str) -> list[Span]:
    """$USD and the like."""
    spans, place = [], 0
    while (begin := text.find("$", place)) >= 0:
        place = begin + 1
        if begin and (tag_letter(text[begin - 1]) or text[begin - 1] == "$"):
            continue
        match = re.compile("1INCH|[A-Z]*").match(text, place)
        place = end = match.end() if match else place
        if not 1 <= end - begin - 1 <= 8:
            continue
        name = re.compile(rf"@({WORD}*)").match(text, end)
        if name and 3 <= len(name[1]) <= 32:
            place = end = name.end()
        if end == len(text) or not (tag_letter(text[end]) or text[end] == "$"):
            spans.append((begin, end))
    return spans


def cards(text: str) -> list[Span]:
    """Numbers of bank cards that pass their own check."""
    spans, place = [], 0
    while match := re.compile("[0-9]").search(text, place):
        begin = match.start()
        before = text[begin - 1] if begin else ""
        if before and (before in ".,+-_" or letter(before)):
            skipped = re.compile("[0-9 -]*").match(text, begin)
            place = skipped.end() if skipped else begin + 1
            continue
        place = _card_end(text, begin)
        end = begin + len(text[begin:place].rstrip(" -"))
        digits = re.sub("[ -]", "", text[begin:end])
        if not 13 <= len(digits) <= 19 or end - begin > 2 * len(digits) - 1:
            continue
        after = text[end : end + 1]
        if not (after and (after in "-_" or letter(after))) and _card(digits):
            spans.append((begin, end))
    return spans


def _card_end(text: str, begin: int) -> int:
    place = begin
    while place < len(text) and text[place] in "0123456789 -":
        solid = text[begin:place].isdigit()
        if text[place] == " " and solid and 16 <= place - begin <= 19:
            break
        place += 1
    return place


def _card(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(map(int, reversed(digits))):
        total += digit if place % 2 == 0 else (2 * digit if digit < 5 else 2 * digit - 9)
    if total % 10:
        return False
    count, two, four = len(digits), int(digits[:2]), int(digits[:4])
    if digits[0] == "4":
        return count in (13, 16, 18, 19)
    if 51 <= two <= 55 or 2221 <= four <= 2720:
        return count == 16
    if two in (34, 37):
        return count == 15
    if two in (62, 81):
        return count >= 16
    return count == 16 or not 2200 <= four <= 2204
