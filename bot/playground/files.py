"""Files that bots upload and people send: kept in memory, named by file_id as Telegram does."""

import hashlib
import struct

from bot.playground.refusals import bad
from bot.playground.shapes import File

MOST_DOWNLOADED = 20 * 1024 * 1024  # https://core.telegram.org/bots/api#getfile
PREFIXES = {
    "photo": "AgACAgIAAxkB", "video": "BAACAgIAAxkB", "animation": "CgACAgIAAxkB", "document": "BQACAgIAAxkB",
    "audio": "CQACAgIAAxkB", "voice": "AwACAgIAAxkB", "sticker": "CAACAgIAAxkB", "video_note": "DQACAgIAAxkB",
}  # fmt: skip


class Files:
    """Every file, by its file_id."""

    def __init__(self) -> None:
        self.by_id: dict[str, File] = {}
        self.unfetchable: set[str] = set()  # URLs that Telegram fails to fetch

    def put(self, kind: str, content: bytes, name: str = "", mime: str = "", url: str = "") -> File:
        """A new file of that kind. Raises RefusedError for a photo that is no picture."""
        width, height = size_of(content) if content else (800, 600)
        if kind == "photo":
            if not width:
                raise bad("IMAGE_PROCESS_FAILED")
            if width + height > 10_000 or max(width, height) > 20 * min(width, height):
                raise bad("PHOTO_INVALID_DIMENSIONS")
        number = len(self.by_id)
        digest = hashlib.sha256(content + url.encode()).hexdigest()
        file = File(
            f"{PREFIXES[kind]}{digest[:40]}{number:06d}", f"AQAD{digest[:12]}", kind, content,
            name, mime, url, width or 1280, height or 720,
        )  # fmt: skip
        self.by_id[file.file_id] = file
        return file

    def get(self, file_id: str) -> File:
        """The file. Raises RefusedError as getFile does."""
        if file_id not in self.by_id:
            raise bad("invalid file_id")
        return self.by_id[file_id]

    def at(self, path: str) -> File | None:
        """The file that getFile gave this path for."""
        return next((file for file in self.by_id.values() if file.path == path), None)


def size_of(content: bytes) -> tuple[int, int]:
    """Width and height of a PNG, JPEG, GIF or WebP; (0, 0) for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return int(width), int(height)
    if content[:6] in (b"GIF87a", b"GIF89a") and len(content) >= 10:
        width, height = struct.unpack("<HH", content[6:10])
        return int(width), int(height)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return 800, 600
    return _jpeg_size(content) if content.startswith(b"\xff\xd8") else (0, 0)


def _jpeg_size(content: bytes) -> tuple[int, int]:
    place = 2
    while place + 9 <= len(content) and content[place] == 0xFF:
        mark = content[place + 1]
        (length,) = struct.unpack(">H", content[place + 2 : place + 4])
        if 0xC0 <= mark <= 0xCF and mark not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            return int(width), int(height)
        place += 2 + length
    return 0, 0
