"""What a sent file is: its kind, its size, and whether Telegram would take it as such.

Telegram looks into files; so do we, as far as a header tells.
"""

import hashlib
import struct
from dataclasses import dataclass
from typing import Literal

from bot.localchat.refusals import bad_request

KIND_NAMES = {"photo": "Photo", "animation": "Animation", "document": "Document"}
Kind = Literal["photo", "animation", "document"]

PHOTO_BYTES = 10 * 1024 * 1024
UPLOAD_BYTES = 50 * 1024 * 1024
PHOTO_SIDES = 10_000  # width and height together
PHOTO_RATIO = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file that Telegram keeps; the same bytes sent as another kind are another file."""

    file_id: str
    kind: Kind
    name: str
    mime: str
    width: int
    height: int
    duration: int
    body: bytes

    @property
    def unique_id(self) -> str:
        return "u" + self.file_id[:15]

    @property
    def path(self) -> str:
        return f"{self.kind}s/{self.file_id}"


def sniff(body: bytes) -> tuple[str, int, int]:
    """Tell what bytes are, with width and height where the header says: (mime, width, height)."""
    if body[:8] == b"\x89PNG\r\n\x1a\n" and len(body) >= 24:
        return ("image/png", *struct.unpack(">II", body[16:24]))
    if body[:6] in (b"GIF87a", b"GIF89a") and len(body) >= 10:
        return ("image/gif", *struct.unpack("<HH", body[6:10]))
    if body[:3] == b"\xff\xd8\xff":
        return ("image/jpeg", *_jpeg_size(body))
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp", 512, 512
    if body[4:8] == b"ftyp":
        return ("video/mp4", *_mp4_size(body))
    if body[:4] == b"%PDF":
        return "application/pdf", 0, 0
    return "application/octet-stream", 0, 0


def _jpeg_size(body: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 < len(body):
        marker, length = struct.unpack(">HH", body[at : at + 4])
        if 0xFFC0 <= marker <= 0xFFCF and marker not in (0xFFC4, 0xFFC8, 0xFFCC):
            height, width = struct.unpack(">HH", body[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return 0, 0


def _mp4_size(body: bytes) -> tuple[int, int]:
    """Read the first track header; its last eight bytes are width and height in 16.16."""
    at = body.find(b"tkhd")
    if at < 4:
        return 0, 0
    size: int = struct.unpack(">I", body[at - 4 : at])[0]
    end = at - 4 + size
    if not 16 < size <= 256 or end > len(body):
        return 0, 0
    width, height = struct.unpack(">II", body[end - 8 : end])
    return width >> 16, height >> 16


def receive(kind: Kind, name: str, body: bytes, size: tuple[int, int], duration: int) -> StoredFile:
    """Take an upload in, or refuse it as Telegram does."""
    if not body:
        raise bad_request("file must be non-empty")
    if len(body) > UPLOAD_BYTES:
        raise bad_request("file is too big")
    mime, width, height = sniff(body)
    if kind == "photo":
        _check_photo(mime, width, height, len(body))
    if kind == "animation" and mime not in ("video/mp4", "image/gif"):
        raise bad_request("wrong file type for an animation")  # Telegram would send a document
    return StoredFile(
        file_id=f"{kind[0].upper()}{hashlib.sha256(body).hexdigest()[:40]}",
        kind=kind,
        name=name,
        mime=mime,
        width=size[0] or width,
        height=size[1] or height,
        duration=duration,
        body=body,
    )


def _check_photo(mime: str, width: int, height: int, size: int) -> None:
    if size > PHOTO_BYTES:
        raise bad_request(f"file of size {size} bytes is too big for a photo")
    if not mime.startswith("image/"):
        raise bad_request("IMAGE_PROCESS_FAILED")
    short, long = sorted((width, height))
    if not short or width + height > PHOTO_SIDES or long > PHOTO_RATIO * short:
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
