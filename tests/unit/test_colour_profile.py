"""A colour profile that is passed on gives the same colours, and names nobody and nothing."""

from __future__ import annotations

import io
from collections.abc import Mapping
from itertools import product
from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from checker.request.colour_profile import neutral_profile
from tests.support.fuzzing import random_inputs

SECRET = b"SECR"
"""Four bytes, because many fields of a header have no more."""


def fixed(*numbers: float) -> bytes:
    """Numbers as s15Fixed16."""
    return b"".join(pack(">i", round(number * 65536)) for number in numbers)


def xyz(*numbers: float) -> bytes:
    return b"XYZ \0\0\0\0" + fixed(*numbers)


def localized(text: bytes) -> bytes:
    return pack(">4s4xI", b"mluc", 1) + pack(">I4sII", 12, b"enUS", len(text), 28) + text


def icc_file(space: bytes, tags: Mapping[bytes, bytes], *, kind: bytes = b"mntr", version: int = 4) -> bytes:
    """A profile with a secret in each place that may hold one."""
    secrets = {
        b"desc": localized(SECRET) if version >= 4 else pack(">4s4xI", b"desc", 5) + SECRET + bytes(79),
        b"cprt": localized(SECRET) if version >= 4 else b"text\0\0\0\0" + SECRET + b"\0",
        b"dmnd": localized(SECRET),
        b"vcgt": b"vcgt\0\0\0\0" + SECRET,
        b"mmod": b"mmod\0\0\0\0" + SECRET,
        b"SECR": b"text\0\0\0\0" + SECRET + b"\0",
    }
    padded = {tag: content[:4] + SECRET + content[8:] + SECRET for tag, content in tags.items()}
    tags = padded | secrets
    position = 132 + 12 * len(tags) + 4
    directory, body = pack(">I", len(tags)), SECRET
    for tag, content in tags.items():
        directory += tag + pack(">II", position + len(body) - 4, len(content))
        body += content + SECRET[: -len(content) % 4] + SECRET
    connection = b"Lab " if space == b"CMYK" else b"XYZ "
    head = SECRET + bytes([version, 0x20]) + SECRET[:2] + kind + space + connection + SECRET * 3 + b"acsp"
    head += SECRET * 6 + pack(">I", 1) + pack(">III", 0xF6D6, 0x10000, 0xD32D) + SECRET * 12
    return pack(">I", 4 + len(head + directory + body)) + head + directory + body


PRIMARIES = {
    b"rXYZ": xyz(0.515, 0.241, -0.001),
    b"gXYZ": xyz(0.292, 0.692, 0.042),
    b"bXYZ": xyz(0.157, 0.067, 0.784),
    b"wtpt": xyz(0.9642, 1, 0.8249),
}
GAMMA = pack(">4s4xIH", b"curv", 1, 0x1CD)
TABLE = pack(">4s4xI256H", b"curv", 256, *(n * n for n in range(256)))
PARAMETRIC = pack(">4s4xH2x", b"para", 3) + fixed(2.4, 0.948, 0.052, 0.077, 0.04)
CHAD = b"sf32\0\0\0\0" + fixed(1.048, 0.023, -0.05, 0.03, 0.99, -0.017, -0.009, 0.015, 0.75)
CUBE = bytes(channel for ink in product((0, 255), repeat=4) for channel in (max(0, 255 - sum(ink) // 3), *ink[1:3]))
IDENTITY = bytes(range(256))
INKS = pack(">4s4x4B", b"mft1", 4, 3, 2, 0) + fixed(1, 0, 0, 0, 1, 0, 0, 0, 1) + IDENTITY * 4 + CUBE + IDENTITY * 3
FINE = pack(">256H", *(n * 257 for n in range(256)))
FINE_INKS = pack(">4s4x4B", b"mft2", 4, 3, 2, 0) + INKS[12:48] + pack(">2H", 256, 256)
FINE_INKS += FINE * 4 + b"".join(pack(">H", channel * 257) for channel in CUBE) + FINE * 3

PROFILES: dict[str, tuple[str, bytes]] = {
    "wide, a power": ("RGB", icc_file(b"RGB ", PRIMARIES | dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), GAMMA))),
    "wide, tables, version 2": (
        "RGB",
        icc_file(b"RGB ", PRIMARIES | dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), TABLE), version=2),
    ),
    "wide, a formula": (
        "RGB",
        icc_file(
            b"RGB ",
            PRIMARIES | dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), PARAMETRIC) | {b"chad": CHAD},
            kind=b"scnr",
        ),
    ),
    "grey": ("L", icc_file(b"GRAY", {b"kTRC": TABLE, b"wtpt": PRIMARIES[b"wtpt"]}, version=2)),
    "inks, 16 bits": ("CMYK", icc_file(b"CMYK", {b"A2B0": FINE_INKS}, kind=b"prtr")),
    "inks": ("CMYK", icc_file(b"CMYK", {b"A2B0": INKS}, kind=b"prtr", version=2)),
}


def colours(mode: str) -> Image.Image:
    """A picture with many colours."""
    data = bytes((n * 37 + n // 7) % 256 for n in range(48 * 48 * len(mode)))
    return Image.frombytes(mode, (48, 48), data)


def displayed(mode: str, data: bytes) -> bytes:
    """The pixels of a picture in sRGB, by littleCMS."""
    screen = ImageCms.createProfile("sRGB")
    image = ImageCms.profileToProfile(colours(mode), io.BytesIO(data), screen, outputMode="RGB")
    assert image
    return image.tobytes()


@pytest.mark.parametrize(("mode", "data"), PROFILES.values(), ids=PROFILES)
def test_neutral_profile_gives_the_same_colours_and_no_text(mode: str, data: bytes) -> None:
    neutral = neutral_profile(data)
    assert neutral
    assert data.count(SECRET) > 20
    assert SECRET not in neutral
    assert displayed(mode, neutral) == displayed(mode, data)
    assert neutral_profile(neutral) == neutral


def test_profiles_of_the_tests_change_colours() -> None:
    assert len({displayed(mode, data) for mode, data in PROFILES.values() if mode == "RGB"}) == 3
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert displayed("RGB", srgb) not in {displayed(mode, data) for mode, data in PROFILES.values()}


@pytest.mark.parametrize(("mode", "data"), PROFILES.values(), ids=PROFILES)
def test_neutral_profile_is_whole(mode: str, data: bytes) -> None:
    neutral = neutral_profile(data)
    assert neutral
    assert int.from_bytes(neutral[:4]) == len(neutral)
    assert len(neutral) % 4 == 0
    read = ImageCms.getOpenProfile(io.BytesIO(neutral))
    assert ImageCms.getProfileDescription(read).strip() == "ICC"
    assert ImageCms.getProfileCopyright(read).strip() == "ICC"
    assert ImageCms.getDefaultIntent(read) == 1


def test_equal_curves_stand_once() -> None:
    neutral = neutral_profile(PROFILES["wide, tables, version 2"][1])
    assert neutral
    assert neutral.count(TABLE[12:]) == 1


WIDE = PROFILES["wide, a power"][1]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        WIDE[:127],
        WIDE[:131],
        WIDE[:200],
        WIDE.replace(b"acsp", b"acsq"),
        WIDE.replace(b"mntr", b"link"),
        WIDE.replace(b"RGB XYZ ", b"HSV XYZ "),
        WIDE.replace(b"RGB XYZ ", b"RGB HSV "),
        WIDE.replace(b"rTRC", b"xTRC", 1),
        WIDE.replace(b"curv" + SECRET + b"\0\0\0\1", b"curv" + SECRET + b"\xff\xff\xff\xff"),
        PROFILES["wide, a formula"][1].replace(b"para" + SECRET + b"\0\3", b"para" + SECRET + b"\0\x09"),
        PROFILES["inks"][1].replace(b"A2B0", b"A2B1"),
    ],
    ids=range(12),
)
def test_damaged_or_foreign_profile_is_dropped(data: bytes) -> None:
    assert data not in (WIDE, *(other for _, other in PROFILES.values()))
    assert neutral_profile(data) is None


@random_inputs(300)
@given(st.data())
def test_mutated_profile_is_neutral_or_dropped(data: st.DataObject) -> None:
    mutant = bytearray(data.draw(st.sampled_from([file for _, file in PROFILES.values()])))
    for _ in range(data.draw(st.integers(0, 6))):
        mutant[data.draw(st.integers(0, min(len(mutant), 400) - 1))] = data.draw(st.integers(0, 255))
    neutral = neutral_profile(bytes(mutant[: data.draw(st.integers(0, len(mutant)))]))
    assert neutral is None or neutral_profile(neutral) == neutral
