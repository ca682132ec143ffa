"""Pictures of any size, made without a library."""

import struct
import zlib


def png(width: int, height: int, *, level: int = 9) -> bytes:
    """Return a PNG; `level` 0 makes it as large as its pixels."""
    rows = b"".join(b"\0" + bytes([row % 256, 80, 160]) * width for row in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, level)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
