"""What a headline is when it is not news: the newsroom's own advertisement, roundup or digest."""

from __future__ import annotations

import re
from typing import Literal
from urllib.parse import urlsplit

Kind = Literal["news", "promo", "roundup", "digest"]

_PLACE = (
    r"(?:telegram|телеграм\w*|тг|viber|вайбер\w*|whats\s?app|вотсап\w*|facebook|фейсбу[кц]\w*|instagram|інстаграм\w*|"
    r"инстаграм\w*|tik\s?tok|тікто[кц]\w*|youtube|ютуб\w*|signal|threads|google\s*news|google\s*новин\w*|"
    r"соцмереж\w*|соцсет\w*|канал\w*|чат[\-\s]?бот\w*|розсилк\w*|рассылк\w*|newsletter|email|messenger|месенджер\w*|мессенджер\w*)"
)
_CALL = (
    r"(?:підпи(?:суйтес[ья]|шіться|шись|суйся)|приєднуйтес[ья]|приєднуйся|долучайтес[ья]|стежте\s+за\s+нами|"
    r"слідкуйте\s+за\s+нами|читайте\s+нас|дивіться\s+нас|подпи(?:сывайтесь|шитесь|шись|сывайся)|присоединяйтесь|вступайте|"
    r"следите\s+за\s+нами|читайте\s+нас|смотрите\s+нас|subscribe|join\s+(?:us|our)|follow\s+us)"
)
# A call in quotation marks is somebody's words («„Підписуйтесь на канал“: як шахраї…»), hence a sentence of its own.
_SENTENCE = re.compile(rf"(?:^|[.!?…—–|-]\s*)[^\w\s«»\"“”„]*\s*{_CALL}\b[^:?“\"]{{0,120}}$", re.IGNORECASE)
_PLACED = re.compile(rf"\b{_PLACE}(?!\w)", re.IGNORECASE)
_ONLY_MAIN = re.compile(
    rf"\b(?:у|в|на)\s+(?:нашому\s+|нашем\s+)?{_PLACE}\s*[—–:-]+\s*(?:лише|тільки|только|самое|все|усе)\s+\w*(?:важлив|важн|головн|главн)\w*",
    re.IGNORECASE,
)
_MORE = re.compile(
    rf"(?:ще\s+|ещ[её]\s+)?(?:більше|больше)\s+(?:новин|новостей)\s*[—–-]?\s*(?:у|в|на)\s+(?:нашому|нашем)\s+{_PLACE}",
    re.IGNORECASE,
)
_INVITATIONS = frozenset({"invite.viber.com", "chats.viber.com", "vb.me", "chat.whatsapp.com", "whatsapp.com"})

_END = r"(?=\s*(?:$|[.:,;|(!—–-]|\d))"
_PERIOD = (
    r"(?:день|добу|тиждень|місяць|рік|ранок|вечір|ніч|вихідні|сьогодні|учора|вчора|неделю|сутки|месяц|год|утро|вечер|ночь|"
    r"выходные|сегодня|вчера|the\s+day|(?:\d+|останні\w*|последни\w*|минул\w*|прошл\w*)\s*[-\w]*\s*\w*)"
)
_ROUNDUP = re.compile(
    rf"(?:(?:найголовніше|найважливіше|головн(?:е|і)|главн(?:ое|ые)|самое\s+(?:главное|важное)|важливе|важное)"
    rf"(?:\s+(?:новини|новости|події|события))?\s+(?:за\s+{_PERIOD}|(?:дня|доби|тижня|суток|недели|місяця|месяца)){_END}"
    rf"|(?:підсумки|итоги|новини|новости|події|события)\s+(?:дня|доби|тижня|суток|недели){_END}"
    rf"|(?:the\s+)?(?:day|week)\s+in\s+brief)",
    re.IGNORECASE,
)
_DIGEST = re.compile(
    r"(?:[\w’'-]+(?:ий|ій|ый|ой|ly)\s+){0,2}(?:дайджест|digest)\b(?!\w)"
    r"|(?:лише|тільки|только(?:\s+самое)?|самое)\s+(?:най)?(?:важлив\w+|важн\w+|головн\w+|главн\w+)\s+(?:на|к|станом\s+на)\s+\d{1,2}[:.]\d\d"
    r"|(?:головн\w+|главн\w+|найважливіше)(?:\s+(?:новини|новости))?\s+(?:на|к|о|станом\s+на)\s+\d{1,2}[:.]\d\d",
    re.IGNORECASE,
)
_DIGEST_LAST = re.compile(
    r"[.:—–|-]\s*(?:\w+\s+)?дайджест(?:\s+(?:за|на|новин|новостей)\b.{0,40})?[.!]?$", re.IGNORECASE
)
_ORNAMENT = re.compile(r"^[^\w«“\"]+")


def kind(title: str, lead: str = "", url: str | None = None) -> Kind:
    """news, unless the headline itself is a call to subscribe, «Головне за день» or a digest.

    Only forms are judged, never topics: news about Telegram is news.
    """
    headline = _ORNAMENT.sub("", " ".join(title.split()))
    if _is_promo(headline, lead, url):
        return "promo"
    if _DIGEST.match(headline) or _DIGEST_LAST.search(headline):
        return "digest"
    if _ROUNDUP.match(headline):
        return "roundup"
    return "news"


def _is_promo(headline: str, lead: str, url: str | None) -> bool:
    if _ONLY_MAIN.search(headline) or _MORE.match(headline) or _leads_to_a_channel(url):
        return True
    return bool(_SENTENCE.search(headline)) and bool(_PLACED.search(headline) or _PLACED.search(lead[:300]))


def _leads_to_a_channel(url: str | None) -> bool:
    """Whether the row links to a channel or an invitation rather than to an article or a post."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return False
    host = (parts.hostname or "").removeprefix("www.")
    folders = [part for part in parts.path.split("/") if part]
    if host in {"t.me", "telegram.me"}:
        return not (folders and folders[-1].isdecimal())
    return host in _INVITATIONS
