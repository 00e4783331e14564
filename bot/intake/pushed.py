"""What a CMS may push: one object, checked field by field before anything is done with it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AnyHttpUrl, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from bot.intake import plain
from bot.intake.dates import OLDEST
from storage.model import Report

Word = Annotated[str, StringConstraints(min_length=1, max_length=100)]
_ADDRESS = 2048  # https://www.sitemaps.org/protocol.html


class Rejected(Exception):
    """An object that cannot be used; the reason names the field and what it must be, for the CMS's developer."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Pushed(BaseModel):
    """One item as the CMS tells it. A withdrawn one needs only its address; `published_at` needs its zone."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    url: Annotated[str, StringConstraints(max_length=_ADDRESS)]
    title: Annotated[str, StringConstraints(max_length=500)] = ""
    lead: Annotated[str, StringConstraints(max_length=2000)] = ""
    text: Annotated[str, StringConstraints(max_length=200_000)] = ""
    sections: Annotated[list[Word], Field(max_length=20)] = []
    image: Annotated[str, StringConstraints(max_length=_ADDRESS)] | None = None
    published_at: Annotated[datetime, Field(strict=False)] | None = None
    source: Word | None = None
    important: bool = False
    withdrawn: bool = False

    @model_validator(mode="after")
    def _whole(self) -> Pushed:
        for field, address in (("url", self.url), ("image", self.image)):
            if address is not None and not _is_address(address):
                raise ValueError(f"{field}: must be an address without spaces that begins with http:// or https://")
        if not self.withdrawn and not self._headline:
            raise ValueError("title: is needed unless withdrawn is true")
        if self.published_at is not None and self.published_at.tzinfo is None:
            raise ValueError("published_at: needs a zone, as in 2026-11-20T18:00:00+02:00")
        if self.published_at is not None and not OLDEST <= self.published_at.year < 9999:
            raise ValueError(f"published_at: must be after {OLDEST}")
        return self

    @property
    def _headline(self) -> str:
        return plain.fold(plain.from_html(self.title).line)

    def report(self) -> Report:
        """The same as a report: text without markup, the lead from the text when none was given."""
        lead = self.lead or self.text
        return Report(
            title=self._headline,
            url=self.url,
            lead=plain.cut(plain.from_html(lead).line, 2000),
            published_at=self.published_at.astimezone(UTC) if self.published_at else None,
            sections=tuple(self.sections),
            image=self.image,
        )


def _is_address(text: str) -> bool:
    try:
        AnyHttpUrl(text)  # it forgives spaces and signs that cut a link in two
    except ValidationError:
        return False
    return text.isprintable() and " " not in text


def read(pushed: Any) -> Pushed:
    """The object, checked. Raises Rejected."""
    try:
        return Pushed.model_validate(pushed)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        what = first["msg"].removeprefix("Value error, ")
        raise Rejected(f"{where}: {what}" if where else what) from None
