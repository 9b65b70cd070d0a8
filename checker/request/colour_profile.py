"""Colour profiles without their texts: whose screen, which device, when and by what program (ICC.1:2022).

A profile keeps the fields and tags that colours are computed from, by an allow-list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from struct import error, pack, unpack_from

_HEADER, _ENTRY = 128, 12  # bytes
_MOST_TAGS = 100
_CLASSES = frozenset({b"scnr", b"mntr", b"prtr", b"spac"})
_SPACES: Mapping[bytes, frozenset[bytes]] = {
    b"RGB ": frozenset({b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC"}),
    b"GRAY": frozenset({b"kTRC"}),
    b"CMYK": frozenset({b"A2B0"}),
}
"""The tags that each colour space needs, if it has no table A2B0."""
_CONNECTIONS = frozenset({b"XYZ ", b"Lab "})
_D50 = pack(">III", 0xF6D6, 0x10000, 0xD32D)
_DATE = pack(">6H", 2000, 1, 1, 0, 0, 0)  # the fields must hold one
_TEXT, _WIDE_TEXT = b"ICC", b"\0I\0C\0C"

_XYZ, _CURVES = (b"XYZ ",), (b"curv", b"para")
_TABLES = (b"mft1", b"mft2", b"mAB ", b"mBA ")
_TAGS: Mapping[bytes, tuple[bytes, ...]] = {
    **dict.fromkeys((b"rXYZ", b"gXYZ", b"bXYZ", b"wtpt", b"bkpt"), _XYZ),
    **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC", b"kTRC"), _CURVES),
    **dict.fromkeys((b"A2B0", b"A2B1", b"A2B2", b"B2A0", b"B2A1", b"B2A2"), _TABLES),
    b"chad": (b"sf32",),
    b"cicp": (b"cicp",),
}
"""The types that each tag may have."""
_LENGTHS = {b"XYZ ": 20, b"sf32": 44, b"cicp": 12}
_PARAMETERS = (1, 3, 4, 5, 7)  # of each parametric curve


def neutral_profile(profile: bytes) -> bytes | None:
    """The profile with the parts alone that give the colours; None if it is damaged, or for no colours of a picture."""
    kind, space, connection = profile[12:16], profile[16:20], profile[20:24]
    if profile[36:40] != b"acsp" or kind not in _CLASSES or space not in _SPACES or connection not in _CONNECTIONS:
        return None
    try:
        tags = dict(_tags(profile))
        (intent,) = unpack_from(">I", profile, 64)
    except (error, IndexError, ValueError):
        return None
    if not (_SPACES[space] <= tags.keys() or b"A2B0" in tags):
        return None
    version = profile[8:10]
    tags |= {b"desc": _description(version[0]), b"cprt": _copyright(version[0])}
    position = _HEADER + 4 + _ENTRY * len(tags)
    directory, places, body = pack(">I", len(tags)), dict[bytes, int](), b""
    for tag, content in tags.items():
        if content not in places:  # the three curves are often one
            places[content] = position + len(body)
            body += content + bytes(-len(content) % 4)
        directory += tag + pack(">II", places[content], len(content))
    fields = [
        pack(">I4x", position + len(body)),
        version + bytes(2) + kind + space + connection + _DATE + b"acsp",
        bytes(24) + pack(">I", intent if intent < 4 else 0) + _D50,  # without platform, device and maker
        bytes(48),  # without program and identity
    ]
    return b"".join([*fields, directory, body])


def _tags(profile: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The allowed tags with their contents. Raises struct.error, IndexError or ValueError if the profile is damaged."""
    (count,) = unpack_from(">I", profile, _HEADER)
    for number in range(min(count, _MOST_TAGS)):
        tag, start, size = unpack_from(">4sII", profile, _HEADER + 4 + _ENTRY * number)
        content = profile[start : start + size]
        kind = content[:4]
        if kind in _TAGS.get(tag, ()):
            length = _length(kind, content)
            if len(content) < length:
                raise IndexError(tag)
            yield tag, kind + bytes(4) + content[8:length]


def _length(kind: bytes, content: bytes) -> int:
    """The length of a tag's content without what follows it. Tables of the newer kinds are taken whole."""
    if kind == b"curv":
        return 12 + 2 * int(unpack_from(">I", content, 8)[0])
    if kind == b"para":
        return 12 + 4 * _PARAMETERS[unpack_from(">H", content, 8)[0]]
    if kind in (b"mft1", b"mft2"):
        inputs, outputs, points = content[8:11]
        colours = int(points**inputs) * outputs
        if kind == b"mft1":
            return 48 + 256 * inputs + colours + 256 * outputs
        first, last = int.from_bytes(content[48:50]), int.from_bytes(content[50:52])
        return 52 + 2 * (first * inputs + colours + last * outputs)
    return _LENGTHS.get(kind, len(content))


def _description(version: int) -> bytes:
    """The description that a profile must have, as its version writes texts."""
    if version >= 4:
        return _localized()
    return pack(">4s4xI", b"desc", len(_TEXT) + 1) + _TEXT + bytes(1 + 4 + 4 + 2 + 1 + 67)


def _copyright(version: int) -> bytes:
    return _localized() if version >= 4 else b"text" + bytes(4) + _TEXT + b"\0"


def _localized() -> bytes:
    return pack(">4s4xII4sII", b"mluc", 1, 12, b"enUS", len(_WIDE_TEXT), 28) + _WIDE_TEXT
