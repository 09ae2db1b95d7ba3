"""Small files that are what they claim to be."""

import struct
import zlib


def png(width: int = 4, height: int = 3, shade: int = 128) -> bytes:
    """A grey picture."""

    def chunk(name: bytes, body: bytes) -> bytes:
        check = zlib.crc32(name + body)
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", check)

    rows = (b"\0" + bytes([shade]) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def gif() -> bytes:
    """One black pixel."""
    head = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + bytes(6)
    return head + b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02D\x01\x00;"


def mp4(width: int = 320, height: int = 180) -> bytes:
    """The boxes that tell an MP4 and its size; it plays nothing."""
    track = (
        struct.pack(">I4s", 92, b"tkhd") + bytes(76) + struct.pack(">II", width << 16, height << 16)
    )
    return struct.pack(">I4s4sI", 16, b"ftyp", b"isom", 0) + track
