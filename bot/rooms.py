"""The rooms that need no Telegram, opened and joined from the settings; and the clock. Nothing else reads either."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.editions.program import House
from bot.editions.rubrics import Rubric, digest, roundup
from bot.intake import vectors
from bot.intake.collect import Collector
from bot.intake.embed import Embedder
from bot.intake.fetch import Fetcher
from bot.intake.parse import Parser
from bot.judgement import cautions
from bot.judgement.cautions import Caution, UnreadableCaution, default_caution
from bot.judgement.tastes import Taste, UnreadableTaste, default_taste, taste
from bot.newsroom import Newsroom
from bot.pictures.card import Livery, UnreadableLogo, logo
from bot.pictures.colours import colour
from bot.settings import Settings
from bot.wording import Wordings
from storage import channels
from storage.database import Database

Clock = Callable[[], datetime]
LOGO_MOST_BYTES = 2_000_000  # read so far and no further; a logo has a hundredth of it


def machine_clock() -> datetime:
    """The machine's clock: the only place that reads it."""
    return datetime.now(UTC)  # noqa: TID251 - the app's clock itself


def newsroom(settings: Settings) -> Newsroom:
    """Whose bot this is, by its settings."""
    return Newsroom(
        name=settings.name,
        channel=settings.channel or "",
        admin_chat=settings.admin_chat,
        zone=settings.timezone,
        language=settings.language,
    )


def rubrics(settings: Settings) -> tuple[Rubric, ...]:
    """The editions that the newsroom wants."""
    wanted = []
    if settings.digest_times:
        wanted.append(digest(settings.digest_times, settings.digest_size))
    if settings.roundup_time is not None:
        wanted.append(roundup(settings.roundup_time, settings.roundup_size))
    return tuple(wanted)


def weights(settings: Settings) -> tuple[Taste, str | None]:
    """The newsroom's taste, and None; the default one, and why its own file cannot be read: no edition waits for a
    comma."""
    if settings.weights is None:
        return default_taste(), None
    try:
        return taste(settings.weights.read_text("utf-8")), None
    except OSError as trouble:
        return default_taste(), trouble.strerror or str(trouble)
    except (UnicodeDecodeError, UnreadableTaste) as trouble:
        return default_taste(), str(trouble)


def caution(settings: Settings) -> tuple[Caution, str | None]:
    """What the newsroom asks its editors about, and None; the built-in lists, and why its own file cannot be read."""
    if settings.people is None:
        return default_caution(), None
    try:
        return cautions.caution(settings.people.read_text("utf-8")), None
    except OSError as trouble:
        return default_caution(), trouble.strerror or str(trouble)
    except (UnicodeDecodeError, UnreadableCaution) as trouble:
        return default_caution(), str(trouble)


def livery(settings: Settings) -> tuple[Livery, str | None]:
    """How the newsroom's cards look, and None; without a logo, and why its file cannot be used."""
    background, ink, accent = (colour(each) for each in settings.card_colours)
    plain = Livery(background, ink, accent)
    if settings.card_logo is None:
        return plain, None
    try:
        with settings.card_logo.open("rb") as file:
            data = file.read(LOGO_MOST_BYTES + 1)
        logo(data)
    except OSError as trouble:
        return plain, trouble.strerror or str(trouble)
    except UnreadableLogo as trouble:
        return plain, str(trouble)
    return replace(plain, logo=data), None


def house(settings: Settings, wordings: Wordings) -> House:
    """What holds for every channel, by the settings."""
    return House(
        newsroom(settings),
        wordings,
        weights(settings)[0],
        rubrics(settings),
        timedelta(minutes=settings.edition_patience_minutes),
        timedelta(minutes=settings.draft_minutes),
        settings.approval == "required",
        settings.templates,
        caution(settings)[0],
        timedelta(minutes=settings.strike_delay_minutes),
    )


@dataclass(frozen=True, slots=True)
class Rooms:
    """The file, and what fills it; `settings` are those that hold now: the file knows where a group has moved."""

    settings: Settings
    db: Database
    collector: Collector
    fetch: Fetcher
    parser: Parser


@asynccontextmanager
async def collecting(settings: Settings, wordings: Wordings, patience_seconds: float = 0.0) -> AsyncIterator[Rooms]:
    """The database, locked, and what fills it. Raises what Database.open raises."""
    async with AsyncExitStack() as stack:
        db = await stack.enter_async_context(await Database.open(settings.database, patience_seconds))
        settings = await _at_home(settings, db)
        fetch = await stack.enter_async_context(Fetcher(settings.allow_private_addresses, settings.proxy))
        parser = await stack.enter_async_context(Parser())
        embedder = Embedder()
        stack.push_async_callback(embedder.close)
        collector = Collector(
            db,
            fetch,
            parser,
            newsroom(settings),
            wordings.default,
            interval=timedelta(seconds=settings.poll_seconds),
            meaning=embedder.meaning if vectors.installed() else None,
        )
        yield Rooms(settings, db, collector, fetch, parser)


async def _at_home(settings: Settings, db: Database) -> Settings:
    """The settings with the number that the editors' group goes by since it became a supergroup."""
    if settings.admin_chat is None:
        return settings
    return settings.model_copy(update={"admin_chat": await channels.standing_of(db.screens, settings.admin_chat)})
