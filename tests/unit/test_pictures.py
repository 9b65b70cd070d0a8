"""A picture that is passed on says nothing about its owner, and looks as it did."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFile, ImageOps, ImageSequence

from checker.request.colour_profile import neutral_profile
from checker.request.pictures import Picture, PictureError, without_metadata
from tests.support.fuzzing import random_inputs
from tests.support.words import MESSAGES, say
from tests.unit.test_colour_profile import PRIMARIES, PROFILES, displayed, icc_file

SECRET = b"SECRET"
KIND = say("picture.kind")
BROKEN = say("picture.broken")
LARGE = say("picture.large")
FORMATS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}
ICC = PROFILES["wide, tables, version 2"][1]
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">SECRET</x:xmpmeta>'
ORIENTATION, MAKE, TAKEN, MAKER_NOTE, GPS, GPS_PLACE = 0x112, 0x10F, 0x132, 0x927C, 0x8825, 27


def drawing(mode: str = "RGB", size: tuple[int, int] = (24, 16)) -> Image.Image:
    """A picture with no two sides alike, so that a turned one shows."""
    width, height = size
    image = Image.new("RGB", size)
    image.putdata(
        [(x * 10 % 256, y * 15 % 256, 200 if x < width // 3 else 20) for y in range(height) for x in range(width)]
    )
    if mode in ("RGBA", "LA"):
        image.putalpha(Image.linear_gradient("L").resize(size))
    return image.convert(mode)


def exif(orientation: int | None = None, order: str = "MM") -> bytes:
    """Exif as a phone writes it: place, device, time, a note of its maker."""
    tags = Image.Exif()
    tags.endian = "<" if order == "II" else ">"
    tags[MAKE] = "SECRET phone"
    tags[TAKEN] = "SECRET time"
    if orientation:
        tags[ORIENTATION] = orientation
    tags.get_ifd(0x8769)[MAKER_NOTE] = b"SECRET note"
    tags.get_ifd(GPS)[GPS_PLACE] = b"SECRET place"
    return tags.tobytes()


def saved(image: Image.Image, format: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(content) + 2).to_bytes(2) + content


def png_chunk(name: bytes, content: bytes) -> bytes:
    return len(content).to_bytes(4) + name + content + zlib.crc32(name + content).to_bytes(4)


def riff_chunk(name: bytes, content: bytes) -> bytes:
    return name + len(content).to_bytes(4, "little") + content + b"\0" * (len(content) % 2)


def insert_segment(data: bytes, at: int, more: bytes) -> bytes:
    return data[:at] + more + data[at:]


def with_riff_chunk(data: bytes, chunk: bytes) -> bytes:
    whole = data[8:] + chunk
    return b"RIFF" + len(whole).to_bytes(4, "little") + whole


def inflated(data: bytes) -> bytes:
    """The bytes, and behind them what each of their compressed pieces holds."""
    pieces = [data]
    for at in range(len(data) - 1):
        if data[at] == 0x78 and int.from_bytes(data[at : at + 2]) % 31 == 0:  # the head of RFC 1950
            with suppress(zlib.error):
                pieces.append(zlib.decompressobj().decompress(data[at:]))
    return b"".join(pieces)


def frames(data: bytes) -> list[tuple[str, tuple[int, int], bytes, bytes]]:
    """The pixels of each frame, in the orientation that a viewer shows."""
    shown = []
    with Image.open(io.BytesIO(data)) as image:
        for frame in ImageSequence.Iterator(image):
            upright = ImageOps.exif_transpose(frame)
            shown.append((upright.mode, upright.size, upright.tobytes(), upright.convert("RGBA").tobytes()))
    return shown


def phone_jpeg() -> bytes:
    """All that phones and programs put into a JPEG, in one."""
    thumbnail = saved(drawing(size=(8, 8)), "JPEG", comment=SECRET)
    data = saved(drawing(), "JPEG", exif=exif(6), comment="SECRET comment", xmp=XMP, icc_profile=ICC)
    jfif = segment(0xE0, b"JFIF\0\1\2\0\0\1\0\1\1\1" + b"SEC")
    assert data[2:4] == b"\xff\xe0"
    data = data[:2] + jfif + data[4 + int.from_bytes(data[4:6]) :]
    extras = segment(0xE0, b"JFXX\0\x10" + thumbnail) + segment(0xEC, SECRET)
    extras += segment(0xE2, b"FPXR\0SECRET") + segment(0xED, b"Photoshop 3.0\0SECRET")
    extras += segment(0xEF, SECRET) + segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0SECRET")
    data = insert_segment(data, 2 + len(jfif), extras)
    data = insert_segment(data, data.rindex(b"\xff\xda"), segment(0xE1, exif(2)))  # a second one, which no viewer asks
    return data + b"\0\0\0\x18ftypmp42SECRET" + thumbnail


def phone_png() -> bytes:
    data = saved(drawing("RGBA"), "PNG", exif=exif(8), icc_profile=ICC, dpi=(300, 300))
    extras = png_chunk(b"tEXt", b"Comment\0SECRET") + png_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP)
    extras += png_chunk(b"zTXt", b"SECRET\0\0" + zlib.compress(SECRET)) + png_chunk(
        b"tIME", struct.pack(">H5B", *[7] * 6)
    )
    extras += png_chunk(b"prVt", SECRET) + png_chunk(b"caBX", SECRET) + png_chunk(b"gAMA", bytes(4) + SECRET)
    return insert_segment(data, 33, extras) + SECRET + png_chunk(b"tEXt", SECRET)


def phone_webp() -> bytes:
    data = saved(drawing("RGBA"), "WEBP", exif=exif(3), xmp=XMP, icc_profile=ICC, quality=80)
    return with_riff_chunk(data, riff_chunk(b"XTRA", SECRET + b"!")) + SECRET


PHONES: dict[str, Callable[[], bytes]] = {"jpg": phone_jpeg, "png": phone_png, "webp": phone_webp}


def adobe_jpeg() -> bytes:
    """Red, green and blue, which nothing but Adobe's segment says: without it the colours are wrong."""
    data = saved(drawing(), "JPEG", keep_rgb=True, exif=exif())
    frame, scan = data.index(b"\xff\xc0"), data.rindex(b"\xff\xda")
    changed = bytearray(data)
    for number in range(3):
        changed[frame + 10 + 3 * number] = changed[scan + 5 + 2 * number] = number + 1
    adobe = data.index(b"\xff\xee")
    return bytes(changed[:adobe]) + segment(0xEE, data[adobe + 4 : adobe + 16] + SECRET) + bytes(changed[adobe + 16 :])


def animation(format: str, **options: object) -> bytes:
    return saved(
        drawing("RGBA"),
        format,
        save_all=True,
        append_images=[drawing("RGBA").rotate(angle) for angle in (90, 180)],
        duration=50,
        **options,
    )


LARGE_ICC = icc_file(
    b"RGB ",
    PRIMARIES
    | {
        tag: struct.pack(">4s4xI16000H", b"curv", 16_000, *range(n, n + 16_000))
        for n, tag in enumerate((b"rTRC", b"gTRC", b"bTRC"))
    },
)

PICTURES = {
    "everything a phone writes, jpg": ("jpg", phone_jpeg()),
    "everything a phone writes, png": ("png", phone_png()),
    "everything a phone writes, webp": ("webp", phone_webp()),
    "progressive": ("jpg", saved(drawing(), "JPEG", progressive=True, exif=exif(), comment=SECRET)),
    "with restarts in its scan": ("jpg", saved(drawing(), "JPEG", restart_marker_blocks=1, exif=exif(5))),
    "the four inks of print": ("jpg", saved(drawing("CMYK"), "JPEG", exif=exif())),
    "grey": ("jpg", saved(drawing("L"), "JPEG", exif=exif(7, "II"))),
    "coded as red, green and blue": ("jpg", adobe_jpeg()),
    "two pictures in one": ("jpg", saved(drawing(), "MPO", save_all=True, append_images=[drawing()], exif=exif())),
    "with a palette": ("png", saved(drawing().quantize(8), "PNG", transparency=3, exif=exif())),
    "sixteen bits": ("png", saved(drawing("I;16"), "PNG", exif=exif())),
    "black and white": ("png", saved(drawing("1"), "PNG", exif=exif())),
    "animated, png": ("png", animation("PNG", exif=exif())),
    "animated, webp": ("webp", animation("WEBP", exif=exif(), xmp=XMP, lossless=True)),
    "a colour profile in several segments": ("jpg", saved(drawing(), "JPEG", icc_profile=LARGE_ICC)),
    "without loss": ("webp", saved(drawing(), "WEBP", exif=exif(), lossless=True)),
    "plain jpg": ("jpg", saved(drawing(), "JPEG")),
    "plain png": ("png", saved(drawing(), "PNG")),
    "plain webp": ("webp", saved(drawing(), "WEBP")),
    "webp with metadata that it does not announce": (
        "webp",
        with_riff_chunk(saved(drawing(), "WEBP"), riff_chunk(b"EXIF", exif(6))),
    ),
}


@pytest.mark.parametrize(("extension", "data"), PICTURES.values(), ids=PICTURES)
def test_cleaned_picture_has_the_same_pixels_and_no_metadata(extension: str, data: bytes) -> None:
    picture = without_metadata(data)
    assert picture.extension == extension
    assert b"SECR" not in inflated(picture.data)
    expected = frames(data)[:1] if extension == "jpg" else frames(data)
    assert frames(picture.data) == expected
    assert without_metadata(picture.data) == picture


@pytest.mark.parametrize("extension", PHONES)
def test_cleaned_picture_contains_only_known_segments(extension: str) -> None:
    """The keys that Pillow finds: none but the colours, the resolution, the kind of file and the turn."""
    assert inflated(PHONES[extension]()).count(b"SECR") > 30
    data = without_metadata(PHONES[extension]()).data
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        assert image.info.pop("icc_profile") == neutral_profile(ICC)
        assert [*image.getexif()] == [ORIENTATION]
        known = {
            "jfif",
            "jfif_version",
            "jfif_unit",
            "jfif_density",
            "dpi",
            "exif",
            "loop",
            "background",
            "timestamp",
            "duration",
        }
        assert set(image.info) <= known
        assert not image.getexif().get_ifd(GPS)


@pytest.mark.parametrize("icc", [ICC, LARGE_ICC], ids=["small", "large"])
@pytest.mark.parametrize("extension", FORMATS)
def test_colours_of_a_cleaned_picture_are_the_same(extension: str, icc: bytes) -> None:
    picture = without_metadata(saved(drawing(), FORMATS[extension], icc_profile=icc)).data
    with Image.open(io.BytesIO(picture)) as image:
        assert image.info["icc_profile"] == neutral_profile(icc)
    assert displayed("RGB", image.info["icc_profile"]) == displayed("RGB", icc)


@pytest.mark.parametrize("extension", FORMATS)
def test_damaged_colour_profile_is_dropped(extension: str) -> None:
    picture = without_metadata(saved(drawing(), FORMATS[extension], icc_profile=ICC[:200]))
    with Image.open(io.BytesIO(picture.data)) as image:
        assert "icc_profile" not in image.info
    assert b"SECR" not in inflated(picture.data)


def test_profile_segments_in_another_order_are_joined() -> None:
    data = saved(drawing(), "JPEG", icc_profile=LARGE_ICC)
    start = data.index(b"\xff\xe2")
    first = data[start : start + 2 + int.from_bytes(data[start + 2 : start + 4])]
    moved = data.replace(first, b"")
    moved = insert_segment(moved, moved.index(b"\xff\xdb"), first)
    assert moved != data
    assert without_metadata(moved) == without_metadata(data)


@pytest.mark.parametrize("content", [zlib.compress(bytes(2**26)), b"no compressed data"], ids=["endless", "no data"])
def test_profile_of_a_png_that_cannot_be_expanded_is_dropped(content: bytes) -> None:
    plain = saved(drawing(), "PNG")
    assert without_metadata(insert_segment(plain, 33, png_chunk(b"iCCP", b"x\0\0" + content))).data == plain


def test_metadata_that_was_cut_behind_the_pixels_is_dropped() -> None:
    plain = saved(drawing(), "PNG")
    end = plain.index(b"IEND") - 4
    cut = plain[:end] + png_chunk(b"tEXt", b"Author\0SECRET")[:-6]
    assert without_metadata(cut).data == plain


@pytest.mark.parametrize("order", ["MM", "II"])
@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("extension", FORMATS)
def test_orientation_in_both_byte_orders_is_preserved(extension: str, orientation: int, order: str) -> None:
    data = saved(
        drawing(),
        FORMATS[extension],
        exif=exif(orientation, order),
        **({"lossless": True} if extension == "webp" else {}),
    )
    picture = without_metadata(data).data
    assert frames(picture) == frames(data)
    with Image.open(io.BytesIO(picture)) as image:
        assert dict(image.getexif()) == ({} if orientation == 1 else {ORIENTATION: orientation})


def test_orientation_of_a_webp_with_exif_header_is_preserved() -> None:
    data = saved(drawing(), "WEBP", exif=exif(6))
    at = data.index(b"EXIF")
    named = riff_chunk(b"EXIF", b"Exif\0\0" + data[at + 8 : at + 8 + int.from_bytes(data[at + 4 : at + 8], "little")])
    changed = b"RIFF" + (at + len(named) - 8).to_bytes(4, "little") + data[8:at] + named
    assert without_metadata(changed) == without_metadata(data)


def test_orientation_of_another_type_is_ignored() -> None:
    long = b"II*\0\x08\0\0\0\x01\0\x12\x01\x04\0\x01\0\0\0\x06\0\0\0\0\0\0\0"
    assert without_metadata(saved(drawing(), "PNG", exif=long)) == without_metadata(saved(drawing(), "PNG"))


def test_orientation_follows_the_first_jpeg_segment() -> None:
    turn = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    jfif = segment(0xE0, b"JFIF\0\1\2\0\0\1\0\1\0\0")
    assert without_metadata(phone_jpeg()).data.startswith(b"\xff\xd8" + jfif + segment(0xE1, turn))


def test_webp_flags_match_the_chunks() -> None:
    flags = {
        name: without_metadata(PICTURES[name][1]).data[20]
        for name in ("everything a phone writes, webp", "animated, webp")
    }
    assert flags == {"everything a phone writes, webp": 0x20 | 0x10 | 0x08, "animated, webp": 0x10 | 0x02}


def test_webp_chunks_without_a_flag_are_dropped() -> None:
    unannounced = PICTURES["webp with metadata that it does not announce"][1]
    assert without_metadata(unannounced) == Picture("webp", PICTURES["plain webp"][1])


def test_animation_frames_contain_only_picture_data() -> None:
    data = PICTURES["animated, webp"][1]
    at = data.index(b"ANMF")
    size = int.from_bytes(data[at + 4 : at + 8], "little")
    more = riff_chunk(b"XMP ", SECRET)
    frame = b"ANMF" + (size + len(more)).to_bytes(4, "little") + data[at + 8 : at + 8 + size] + more
    changed = data[:at] + frame + data[at + 8 + size :]
    changed = b"RIFF" + (len(changed) - 8).to_bytes(4, "little") + changed[8:]
    assert SECRET in changed
    assert without_metadata(changed) == without_metadata(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8",
        b"a text",
        b"%PDF-1.7 SECRET",
        saved(drawing(), "GIF"),
        saved(drawing(), "BMP"),
        saved(drawing(), "TIFF"),
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        b"RIFF\x04\0\0\0WAVE",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    ],
    ids=range(10),
)
def test_unsupported_file_is_refused_with_advice(data: bytes) -> None:
    with pytest.raises(PictureError) as error:
        without_metadata(data)
    assert error.value.in_words(MESSAGES) == KIND


def damaged_pictures() -> dict[str, bytes]:
    jpeg, png, webp = (PICTURES[f"plain {kind}"][1] for kind in FORMATS)
    scan = jpeg.index(b"\xff\xda")
    frame = jpeg.index(b"\xff\xc0")
    extended = PHONES["webp"]()
    return {
        "jpeg that ends in a segment": jpeg[: scan + 5],
        "jpeg that ends in a marker": jpeg[: scan + 2],
        "jpeg without a scan": jpeg[:scan] + b"\xff\xd9",
        "jpeg without a frame": jpeg[:frame] + jpeg[frame + 2 + int.from_bytes(jpeg[frame + 2 : frame + 4]) :],
        "jpeg of no height": jpeg[: frame + 5] + b"\0\0" + jpeg[frame + 7 :],
        "jpeg in a jpeg": insert_segment(jpeg, 2, b"\xff\xd8"),
        "jpeg with a segment of no length": insert_segment(jpeg, 2, b"\xff\xfe\0\1"),
        "jpeg with a marker that no decoder knows": insert_segment(jpeg, 2, segment(0xC8, b"")),
        "png of no width": png[:16] + bytes(4) + png[20:],
        "png with a wrong check sum": png[:29] + b"!" + png[30:],
        "png with an animation that is damaged": PICTURES["animated, png"][1].replace(b"fcTL\0", b"fcTL\1"),
        "png without pixels": png[:33] + png[-12:],
        "png with an empty chunk of pixels alone": png[:33] + png_chunk(b"IDAT", b"") + png[-12:],
        "png that begins with another chunk": insert_segment(png, 8, png_chunk(b"tEXt", b"a\0b")),
        "png with two heads": insert_segment(png, 33, png[8:33]),
        "png with a short head": png[:8] + png_chunk(b"IHDR", png[16:28]) + png[33:],
        "png with a chunk that it cannot do without": insert_segment(png, 33, png_chunk(b"CgBI", b"")),
        "webp that is cut": webp[:-2],
        "webp of no chunk": b"RIFF\4\0\0\0WEBP",
        "webp of metadata alone": with_riff_chunk(b"RIFF\4\0\0\0WEBP", riff_chunk(b"EXIF", exif())),
        "webp with a short head": with_riff_chunk(b"RIFF\4\0\0\0WEBP", riff_chunk(b"VP8X", b"") + webp[12:]),
        "webp with a chunk longer than itself": extended[:16] + b"\xff\xff\xff\xff" + extended[20:],
    }


@pytest.mark.parametrize("data", damaged_pictures().values(), ids=damaged_pictures())
def test_damaged_picture_is_refused_with_advice(data: bytes) -> None:
    with pytest.raises(PictureError) as error:
        without_metadata(data)
    assert error.value.in_words(MESSAGES) == BROKEN


def lenient(data: bytes) -> bytes | None:
    """The pixels that a lenient decoder shows of a file that may be cut, as browsers are; None for no picture."""
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        with Image.open(io.BytesIO(data)) as image:
            return image.convert("RGBA").tobytes()
    except (OSError, SyntaxError, ValueError):
        return None
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False


CUT = {
    "jpg": saved(drawing(size=(64, 64)), "JPEG", quality=90),
    "progressive jpg": saved(drawing(size=(64, 64)), "JPEG", quality=90, progressive=True),
    "png": saved(Image.effect_noise((64, 64), 50), "PNG"),
}


@pytest.mark.parametrize("kind", CUT)
def test_cut_picture_is_repaired_without_loss(kind: str) -> None:
    """Cut at each place after the pixels begin, it is a whole file, and shows what there is."""
    data = CUT[kind]
    pixels = data.index(b"IDAT") + 5 if kind == "png" else data.index(b"\xff\xda") + 14
    for end in range(pixels, len(data), 7):
        picture = without_metadata(data[:end]).data
        assert picture.endswith(b"IEND\xaeB`\x82" if kind == "png" else b"\xff\xd9")
        assert without_metadata(picture).data == picture
        if kind == "progressive jpg":  # Pillow waits for the end of its first scan
            assert lenient(picture), end
        else:
            assert lenient(picture) == lenient(data[:end]), end
    assert frames(without_metadata(data[:-2]).data) == frames(data), "the end alone"


def test_wrong_check_sum_of_pixels_is_corrected() -> None:
    data = bytearray(CUT["png"])
    checksum = data.index(b"IDAT") + 4 + int.from_bytes(data[33:37])
    data[checksum] ^= 0xFF
    assert without_metadata(bytes(data)).data == CUT["png"]


def test_optional_chunk_with_a_wrong_check_sum_is_dropped() -> None:
    plain = saved(drawing(), "PNG")
    wrong = png_chunk(b"gAMA", bytes(4))[:-1] + b"!"
    assert without_metadata(insert_segment(plain, 33, wrong)).data == plain


def test_decompression_bomb_is_refused() -> None:
    jpeg, png, webp = (PICTURES[f"plain {kind}"][1] for kind in FORMATS)
    frame = jpeg.index(b"\xff\xc0")
    head = struct.pack(">II", 30_000, 30_000) + png[24:29]
    canvas = b"\0\0\0\0" + (30_000).to_bytes(3, "little") * 2
    bombs = [
        jpeg[: frame + 5] + struct.pack(">HH", 30_000, 30_000) + jpeg[frame + 9 :],
        png[:8] + png_chunk(b"IHDR", head) + png[33:],
        with_riff_chunk(b"RIFF\4\0\0\0WEBP", riff_chunk(b"VP8X", canvas) + webp[12:]),
    ]
    for bomb in bombs:
        with pytest.raises(PictureError) as error:
            without_metadata(bomb)
        assert error.value.in_words(MESSAGES) == LARGE


def whole(data: bytes) -> Picture | None:
    try:
        return without_metadata(data)
    except PictureError:
        return None


def is_a_picture_or_refused(data: bytes) -> None:
    picture = whole(data)
    if picture:
        assert picture.extension in FORMATS
        assert whole(picture.data) == picture


@random_inputs(500)
@given(
    st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\xff\0\0\0WEBP", b"RIFF\x40\0\0\0WEBPVP8X"]),
    st.binary(),
)
def test_random_bytes_give_a_picture_or_an_error(start: bytes, rest: bytes) -> None:
    is_a_picture_or_refused(start + rest)


@random_inputs(500)
@given(st.data())
def test_mutated_picture_gives_a_picture_or_an_error(data: st.DataObject) -> None:
    picture = bytearray(data.draw(st.sampled_from([file for _, file in PICTURES.values()])))
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(picture) - 1))
        picture[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
        picture = picture or bytearray(b"?")
    is_a_picture_or_refused(
        bytes(picture[: data.draw(st.integers(0, len(picture)))] if data.draw(st.booleans()) else picture)
    )


def test_unordered_metadata_is_removed() -> None:
    data = saved(drawing(), "JPEG")
    unknown = segment(0xE1, b"Exif\0\0XX*\0SECRET")
    assert without_metadata(insert_segment(data, 2, unknown)) == without_metadata(data)
