"""How bytes go through the pipe to a child and back: each frame after its length."""

from __future__ import annotations

import struct
from typing import Final

HEAD: Final = struct.Struct(">I")  # four bytes of length stand before every frame
LONGEST: Final = 16 * 1024 * 1024  # 1,000 reports of 3,000 characters, six bytes each at most


def frame(payload: bytes) -> bytes:
    """The payload with its length before it."""
    return HEAD.pack(len(payload)) + payload
