"""Text of one language: catalogues, plurals, the newsroom's clock. Everything is escaped unless it is Markup.

Catalogues are read from `locale/*.po` at start, so there is no build step to forget. A key is what is said
and where (`latest.title`); a key with the part `button` is a label, one with `toast` is a toast.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from markupsafe import Markup

LANGUAGES = ("uk", "ru", "en")
LOCALE = Path(__file__).with_name("locale")


class Wording:
    """What is said in one language, and how it tells the time of the newsroom's zone."""

    def __init__(self, language: str, zone: ZoneInfo) -> None:
        self.language = language
        self.zone = zone
        self._locale = Locale(language)
        self._said = _catalogue(language)

    def text(self, key: str, **values: object) -> str:
        """Plain text: a label, a toast, a menu line. Raises KeyError when the language has no such key."""
        return self._said.gettext(key).format(**values)

    def html(self, key: str, **values: object) -> Markup:
        """Telegram's HTML: the catalogue's tags stay, every value is escaped unless it is Markup."""
        return Markup(self._said.gettext(key)).format(**values)  # noqa: S704 - the catalogue is ours

    def count(self, key: str, number: int, **values: object) -> str:
        """Plain text in the plural form that `number` asks for: «1 новина», «2 новини», «5 новин»."""
        return self._said.ngettext(key, key, number).format(number=number, **values)

    def clock(self, at: datetime) -> str:
        """The newsroom's wall clock: «14:06»."""
        return f"{at.astimezone(self.zone):%H:%M}"

    def at(self, at: datetime) -> str:
        """The same with its preposition: «о 14:06», but «об 11:05»."""
        eleven = at.astimezone(self.zone).hour == 11
        return self.text("clock.at.eleven" if eleven else "clock.at", clock=self.clock(at))

    def day(self, at: datetime, now: datetime) -> str:
        """The newsroom's day: «сьогодні», «вчора», «завтра», «20 листопада», or «20 листопада 2023 року»."""
        day, today = at.astimezone(self.zone).date(), now.astimezone(self.zone).date()
        near = {0: "day.today", -1: "day.yesterday", 1: "day.tomorrow"}.get((day - today) // timedelta(days=1))
        if near:
            return self.text(near)
        named = str(format_date(day, "d MMMM", locale=self._locale))
        return named if day.year == today.year else self.text("day.year", day=named, year=day.year)

    def moment(self, at: datetime, now: datetime) -> str:
        """When it was, as short as it is clear: «14:06», «вчора о 14:06», «20 листопада об 11:05»."""
        if at.astimezone(self.zone).date() == now.astimezone(self.zone).date():
            return self.clock(at)
        return self.text("moment.other", day=self.day(at, now), at=self.at(at))

    def date(self, at: datetime, now: datetime) -> str:
        """The newsroom's day as it is called whenever it is read: «чт, 21 листопада», in another year with it."""
        day = at.astimezone(self.zone).date()
        named = str(format_date(day, "EEE, d MMMM", locale=self._locale))
        return named if day.year == now.astimezone(self.zone).year else self.text("day.year", day=named, year=day.year)

    def dated(self, at: datetime, now: datetime) -> str:
        """`moment` for what stands for days, where «завтра» would be a lie: «14:06», «чт, 21 листопада о 09:00»."""
        if at.astimezone(self.zone).date() == now.astimezone(self.zone).date():
            return self.clock(at)
        return self.text("moment.other", day=self.date(at, now), at=self.at(at))

    def dated_at(self, at: datetime, now: datetime) -> str:
        """The same as it stands in a sentence: «о 14:06», «чт, 21 листопада о 09:00»."""
        said = self.dated(at, now)
        return self.at(at) if said == self.clock(at) else said

    def brief(self, at: datetime, now: datetime) -> str:
        """The same for a button or a list: «14:06», «чт 21.11, 09:00»."""
        if at.astimezone(self.zone).date() == now.astimezone(self.zone).date():
            return self.clock(at)
        return f"{self.short(at)}, {self.clock(at)}"

    def short(self, at: datetime) -> str:
        """The newsroom's day on a button: «чт 21.11»."""
        return str(format_date(at.astimezone(self.zone).date(), "EEE d.MM", locale=self._locale))


class Wordings:
    """Every language the bot speaks, in one zone."""

    def __init__(self, zone: ZoneInfo, default: str = "uk") -> None:
        self._by_language = {language: Wording(language, zone) for language in LANGUAGES}
        self.default = self._by_language[default]

    def of(self, language_code: str | None) -> Wording:
        """What a person with Telegram in this language is told: «ru-UA» is Russian, an unknown one the default."""
        language = (language_code or "").replace("_", "-").partition("-")[0].lower()
        return self._by_language.get(language, self.default)

    def __iter__(self) -> Iterator[Wording]:
        return iter(self._by_language.values())


class _Unsaid(NullTranslations):
    """A key that the catalogue lacks is our mistake: gettext's way of showing the key would hide it."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = language

    def gettext(self, message: str) -> str:
        raise KeyError(f"{message!r} is not said in {self._language!r}")

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        raise KeyError(f"{msgid1!r} is not said in {self._language!r}")


@cache
def _catalogue(language: str) -> GNUTranslations:
    """The language's catalogue, compiled in memory once: reading one takes a quarter of a second."""
    compiled = BytesIO()
    with (LOCALE / f"{language}.po").open("rb") as source:
        write_mo(compiled, read_po(source, locale=language, abort_invalid=True))
    compiled.seek(0)
    translations = GNUTranslations(compiled)
    translations.add_fallback(_Unsaid(language))
    return translations
