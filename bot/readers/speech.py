"""What a reader means by plain words: a command said in words, or something to search for."""

from __future__ import annotations

from collections.abc import Iterable

from bot.wording import Wording

SEARCH = "search"


def meant(text: str, commands: Iterable[str], wordings: Iterable[Wording]) -> tuple[str, str]:
    """The command and the words for it: «останні» is ("latest", ""), «пошук вода» and «вода» ("search", "вода").

    Every language is understood whatever the person's own is: many read Ukrainian on an English phone.
    """
    words = text.split()
    said = _plain(" ".join(words))
    spoken = {
        _plain(word): command
        for wording in wordings
        for command in commands
        for word in wording.text(f"word.{command}").split("|")
    }
    if said in spoken:
        return spoken[said], ""
    if words and spoken.get(_plain(words[0])) == SEARCH:
        return SEARCH, " ".join(words[1:])
    return SEARCH, text


def _plain(text: str) -> str:
    return text.casefold().replace("'", "’").strip(" .!?…")
