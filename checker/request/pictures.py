"""Pictures without their metadata: place, device, times, thumbnails, comments, texts of colour profiles.

Nothing is decoded, so no pixel changes. The parts that decoders need are copied, by an allow-list; so is the
orientation, or a picture would be on its side. What browsers show although it is cut or damaged is repaired, where that
loses no pixel.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal
from zlib import crc32

from checker.messages import LocalizedError
from checker.request.colour_profile import neutral_profile

LIMITS = {"most": 100, "each": 50}
"""The most megabytes of all pictures of a request, and of each: more may be too much for a phone."""
_MEGABYTE = 10**6

TYPES = [f"image/{name}" for name in ("jpeg", "png", "webp", "gif", "bmp", "avif")]
"""The media types that a page offers to add. Without HEIC, because phones then give a JPEG in its place."""

MOST_PIXELS = 2**28
"""The most pixels, more than a camera takes: a small file could expand to fill the memory of a reader."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture without metadata, and its file extension."""

    extension: str
    data: bytes

    @property
    def type(self) -> str:
        """The media type, as browsers write it."""
        return f"image/{'jpeg' if self.extension == 'jpg' else self.extension}"


class PictureError(LocalizedError):
    """A file that cannot be used as a picture."""

    section = "picture"


def check_room(size: int, others: Iterable[int]) -> None:
    """Raises PictureError if a picture of ``size`` bytes is too large, or too large beside the others of a request."""
    if size > LIMITS["each"] * _MEGABYTE:
        raise PictureError("large_file", size=_megabytes(size), **LIMITS)
    left = max(LIMITS["most"] * _MEGABYTE - sum(others), 0)
    if size > left:
        raise PictureError("no_room", size=_megabytes(size), left=f"{left // 10**5 / 10:g}", **LIMITS)


def _megabytes(size: int) -> str:
    """A size in megabytes, rounded up to a tenth."""
    return f"{-(-size // 10**5) / 10:g}"


def without_metadata(data: bytes) -> Picture:
    """The same picture without metadata. Raises PictureError for anything but a JPEG, PNG or WebP picture."""
    if data.startswith(b"\xff\xd8\xff"):
        return Picture("jpg", _jpeg(data))
    if data.startswith(_PNG_SIGNATURE):
        return Picture("png", _png(data))
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Picture("webp", _webp(data))
    raise PictureError("kind")


# ---- JPEG (ITU-T T.81, annex B)

_START_OF_SCAN, _END, _APP0, _APP1, _APP2, _APP14, _COMMENT = 0xDA, 0xD9, 0xE0, 0xE1, 0xE2, 0xEE, 0xFE
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_CODED = _FRAMES | {0xC4, 0xCC} | frozenset(range(0xDA, 0xE0))  # with tables and scans

_PROFILE = b"ICC_PROFILE\0"
_MOST_PROFILE = 2**16 - 3 - len(_PROFILE) - 2  # bytes of it in a segment

# 0xFF 0x00 is a byte of a scan, 0xFF 0xFF a filler, 0xD0–0xD7 restart a scan: all other pairs are markers.
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")


def _jpeg(data: bytes) -> bytes:
    view = memoryview(data)  # copies nothing
    head: list[bytes] = []
    body: list[bytes | memoryview] = []
    profile: dict[bytes, bytes] = {}
    exif: bytes | None = None
    frame = scan = in_scan = False
    position = 2
    while match := _MARKER.search(data, position):
        start, marker = match.start(), data[match.start() + 1]
        if in_scan:
            body.append(view[position:start])
            in_scan = False
        position = start + 2 + int.from_bytes(data[start + 2 : start + 4])
        if marker == _END or (scan and max(position, start + 4) > len(data)):  # or the rest was cut
            break
        if not start + 4 <= position <= len(data):
            raise PictureError("broken")
        content = data[start + 4 : position]
        in_scan = marker == _START_OF_SCAN
        scan = scan or in_scan
        if marker in _FRAMES:
            _check_size(int.from_bytes(content[3:5]), int.from_bytes(content[1:3]))
            frame = True
        if marker in _CODED:
            body.append(view[start:position])
        elif marker == _APP2 and content.startswith(_PROFILE):
            profile.setdefault(content[len(_PROFILE) : len(_PROFILE) + 1], content[len(_PROFILE) + 2 :])
        elif marker == _APP14 and content.startswith(b"Adobe") and len(content) >= 12:
            body.append(_segment(_APP14, content[:12]))
        elif marker == _APP0 and content.startswith(b"JFIF\0") and len(content) >= 14:
            head.append(_segment(_APP0, content[:12] + b"\0\0"))  # without its thumbnail
        elif marker == _APP1 and content.startswith(b"Exif\0\0"):
            exif = _orientation(content[6:]) if exif is None else exif
        elif not (_APP0 <= marker < _APP0 + 16 or marker == _COMMENT):
            raise PictureError("broken")
    if in_scan:
        body.append(view[position:])
    if not (frame and scan):
        raise PictureError("broken")
    if exif:
        head.append(_segment(_APP1, b"Exif\0\0" + exif))
    # Data after the end is no part of the picture: a phone's short film, a second picture.
    return b"".join([b"\xff\xd8", *head, *_profile_segments(profile), *body, bytes([0xFF, _END])])


def _profile_segments(parts: Mapping[bytes, bytes]) -> Iterator[bytes]:
    """The segments of the neutral colour profile; ``parts`` are those of the picture's own, by number."""
    profile = neutral_profile(b"".join(parts[number] for number in sorted(parts))) or b""
    pieces = [profile[at : at + _MOST_PROFILE] for at in range(0, len(profile), _MOST_PROFILE)]
    for number, piece in enumerate(pieces, start=1):
        yield _segment(_APP2, _PROFILE + bytes([number, len(pieces)]) + piece)


def _segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(content) + 2).to_bytes(2) + content


# ---- PNG (W3C, third edition)

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_CHUNKS = {
    **dict.fromkeys((b"IHDR", b"PLTE", b"IDAT", b"IEND", b"fdAT", b"iCCP", b"eXIf"), 2**31),
    **{b"tRNS": 256, b"cHRM": 32, b"gAMA": 4, b"sBIT": 4, b"sRGB": 1, b"cICP": 4, b"mDCV": 24, b"cLLI": 8},
    **{b"bKGD": 6, b"pHYs": 9, b"acTL": 8, b"fcTL": 26},
}
"""The most bytes of each chunk that is copied."""
_PNG_ANIMATION = frozenset({b"acTL", b"fcTL", b"fdAT"})
_MOST_PROFILE_SIZE = 2**24  # bytes, uncompressed


def _png(data: bytes) -> bytes:
    view = memoryview(data)  # copies nothing
    pieces: list[bytes | memoryview] = [_PNG_SIGNATURE]
    position = len(_PNG_SIGNATURE)
    names: set[bytes] = set()
    while position + 8 <= len(data) and b"IEND" not in names:
        start, name = position, data[position + 4 : position + 8]
        position = start + 12 + int.from_bytes(data[start : start + 4])
        content: bytes | memoryview = view[start + 8 : position - 4]
        if (name == b"IHDR") != (not names) or (name == b"IHDR" and len(content) != 13):
            raise PictureError("broken")
        if name != b"IDAT" and position > len(data):
            break  # the rest was cut
        if content or name != b"IDAT":
            names.add(name)
        if name == b"IHDR":
            _check_size(int.from_bytes(content[:4]), int.from_bytes(content[4:8]))
        is_needed = not name[0] & 0x20
        is_damaged = name != b"IDAT" and crc32(content, crc32(name)) != int.from_bytes(data[position - 4 : position])
        if (is_damaged and (is_needed or name in _PNG_ANIMATION)) or (is_needed and name not in _PNG_CHUNKS):
            raise PictureError("broken")
        if is_damaged or len(content) > _PNG_CHUNKS.get(name, -1):
            continue
        if name == b"iCCP":
            content = _png_profile(bytes(content))
        elif name == b"eXIf":
            content = _orientation(bytes(content))
        if content or name == b"IEND":
            pieces += _png_chunk(name, content)
    if b"IDAT" not in names:
        raise PictureError("broken")
    if b"IEND" not in names:
        pieces += _png_chunk(b"IEND", b"")
    return b"".join(pieces)


def _png_chunk(name: bytes, content: bytes | memoryview) -> list[bytes | memoryview]:
    return [len(content).to_bytes(4) + name, content, crc32(content, crc32(name)).to_bytes(4)]


def _png_profile(content: bytes) -> bytes:
    """The content of a chunk with the neutral colour profile, without the name of the picture's own; empty for none."""
    try:
        profile = zlib.decompressobj().decompress(content.partition(b"\0")[2][1:], _MOST_PROFILE_SIZE)
    except zlib.error:
        return b""
    profile = neutral_profile(profile) or b""
    return profile and b"ICC\0\0" + zlib.compress(profile)


# ---- WebP (RFC 9649)

_WEBP_CHUNKS = frozenset({b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_WEBP_IMAGES = frozenset({b"VP8 ", b"VP8L", b"ANMF"})
_HAS_PROFILE, _HAS_ALPHA, _HAS_EXIF, _HAS_ANIMATION = 0x20, 0x10, 0x08, 0x02


def _webp(data: bytes) -> bytes:
    end = 8 + int.from_bytes(data[4:8], "little")
    chunks = [*_chunks(data, 12, end)]
    if not any(name in _WEBP_IMAGES for name, _ in chunks):
        raise PictureError("broken")
    exif = next((_orientation(content.removeprefix(b"Exif\0\0")) for name, content in chunks if name == b"EXIF"), b"")
    profile = next((neutral_profile(content) for name, content in chunks if name == b"ICCP"), None) or b""
    extras = (_HAS_EXIF if exif else 0) | (_HAS_PROFILE if profile else 0)
    body = []
    for name, content in chunks:
        if name == b"VP8X":
            if len(content) < 10:
                raise PictureError("broken")
            _check_size(*(int.from_bytes(content[at : at + 3], "little") + 1 for at in (4, 7)))
            content = bytes([content[0] & (_HAS_ALPHA | _HAS_ANIMATION) | extras]) + bytes(3) + content[4:10]
        elif name == b"ICCP":
            content = profile
        elif name == b"ANIM":
            content = content[:6]
        elif name == b"ANMF":
            parts = [_chunk(*part) for part in _chunks(content, 16, len(content)) if part[0] in _WEBP_CHUNKS]
            content = content[:16] + b"".join(parts)
        if content and name in _WEBP_CHUNKS:
            body.append(_chunk(name, content))
    if exif and chunks[0][0] == b"VP8X":
        body.append(_chunk(b"EXIF", exif))
    whole = b"WEBP" + b"".join(body)
    return b"RIFF" + len(whole).to_bytes(4, "little") + whole


def _chunks(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, bytes]]:
    """The name and the content of each chunk between two offsets."""
    while start < end:
        stop = start + 8 + int.from_bytes(data[start + 4 : start + 8], "little")
        if stop > min(end, len(data)):
            raise PictureError("broken")
        yield data[start : start + 4], data[start + 8 : stop]
        start = stop + stop % 2


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + len(content).to_bytes(4, "little") + content + b"\0" * (len(content) % 2)


# ---- what the formats share


def _orientation(tiff: bytes) -> bytes:
    """Exif metadata with the orientation alone; empty for an upright picture."""
    orders: dict[bytes, Literal["little", "big"]] = {b"II*\0": "little", b"MM\0*": "big"}
    order = orders.get(tiff[:4])
    if not order:
        return b""
    first = int.from_bytes(tiff[4:8], order) + 2
    entries = int.from_bytes(tiff[first - 2 : first], order)
    for at in range(first, first + 12 * entries, 12):
        tag, kind, value = (int.from_bytes(tiff[at + n : at + n + 2], order) for n in (0, 2, 8))
        if tag == 0x112 and kind == 3:  # the orientation, a short number
            return b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0%c\0\0\0\0\0\0" % value if 2 <= value <= 8 else b""
    return b""


def _check_size(width: int, height: int) -> None:
    if not width * height:
        raise PictureError("broken")
    if width * height > MOST_PIXELS:
        raise PictureError("large")
