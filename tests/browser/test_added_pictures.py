"""The pictures that a customer adds: whatever the browser shows is taken, without metadata, up to a limit."""

from __future__ import annotations

import base64
import io
import mimetypes
from pathlib import Path
from zipfile import ZipFile

import pytest
from PIL import Image, ImageChops, ImageStat

from checker import Policy
from checker.request.pictures import LIMITS
from tests.browser.test_request import open_request
from tests.support.browser_session import BrowserSession
from tests.support.check_page import SECRET, CheckPage
from tests.support.words import say
from tests.unit.test_pictures import exif, insert_segment, png_chunk, saved

pytestmark = pytest.mark.browser

SHOWS = """async (base64, type) => {
  const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([bytes], { type }));
  return new Promise((resolve) => Object.assign(image, { onload: () => resolve(true), onerror: () => resolve(false) }));
}"""
SETTLED = "(item) => !document.querySelector(`[data-item='${item}']`).ariaBusy"
PICTURES = "(item) => document.querySelectorAll(`[data-item='${item}'] .check-picture`).length"


def photo() -> Image.Image:
    """A picture of many colours, red at its left side."""
    image = Image.merge("RGB", [Image.linear_gradient("L").rotate(angle).resize((96, 64)) for angle in (90, 0, 180)])
    image.paste("red", (0, 0, 24, 64))
    return image


def files() -> dict[str, bytes]:
    """Whole and damaged files of many kinds, by name."""
    jpeg, progressive = saved(photo(), "JPEG", exif=exif()), saved(photo(), "JPEG", progressive=True)
    png, webp = saved(photo(), "PNG"), saved(photo(), "WEBP", quality=80)
    frame = jpeg.index(b"\xff\xc0")
    whole = {
        "animation.gif": saved(photo(), "GIF", save_all=True, append_images=[photo().rotate(90)]),
        "scan.bmp": saved(photo(), "BMP"),
        "phone.avif": saved(photo(), "AVIF", exif=exif(6)),
        "scan.tiff": saved(photo(), "TIFF"),
        "icon.ico": saved(photo(), "ICO"),
        "named_wrongly.png": jpeg,
    }
    damaged = {
        "no_end.jpg": jpeg[:-2],
        "no_end.png": png[:-12],
        "wrong_sum.png": png[:-20] + b"!" + png[-19:],
        "wrong_sum_of_head.png": png[:29] + b"!" + png[30:],
        "two_starts.jpg": insert_segment(jpeg, 2, b"\xff\xd8"),
        "no_frame.jpg": jpeg[:frame] + jpeg[frame + 2 + int.from_bytes(jpeg[frame + 2 : frame + 4]) :],
        "apple.png": insert_segment(png, 33, png_chunk(b"CgBI", b"")),
        "text.jpg": b"This is no picture.",
        "empty.jpg": b"",
    }
    for name, data in {"a.jpg": jpeg, "progressive.jpg": progressive, "a.png": png, "a.webp": webp}.items():
        for share in (0.3, 0.7, 0.95):
            damaged[f"{share}_{name}"] = data[: int(len(data) * share)]
    return whole | damaged


def open_pictures(session: BrowserSession, policy: Policy) -> tuple[CheckPage, str]:
    """Opens a request; returns its page, and a proof item that is needed and takes pictures."""
    check_page, answers = open_request(session, policy)
    needed = check_page.response(answers)["verdict"]["proof"]["needed"]
    return check_page, next(str(name) for name in needed if policy.proof[name].written == "no")


def packed_picture(check_page: CheckPage, item: str) -> bytes:
    """The only picture of the packed request, a JPEG."""
    check_page.session.click("[data-do=pack]")
    with ZipFile(io.BytesIO(check_page.last_download()[1])) as file:
        return file.read(f"{item}-1.jpg")


def add(session: BrowserSession, item: str, path: Path) -> bool:
    """Adds a file; returns whether it is taken."""
    before = session.evaluate(PICTURES, item)
    session.evaluate("(item) => { document.querySelector(`[data-item='${item}']`).ariaBusy = 'true' }", item)
    session.choose_files(f"#pictures-{item}", [path])
    session.wait_for(SETTLED, item)
    return bool(session.evaluate(PICTURES, item) > before)


def test_picture_is_taken_exactly_if_the_browser_shows_it(
    long_session: BrowserSession, policy: Policy, tmp_path: Path
) -> None:
    session = long_session
    _, item = open_pictures(session, policy)
    taken, visible = {}, {}
    for name, data in files().items():
        path = tmp_path / name
        path.write_bytes(data)
        kind = mimetypes.guess_type(name)[0] or ""
        visible[name] = session.evaluate(SHOWS, base64.b64encode(data).decode(), kind)
        taken[name] = add(session, item, path)
    assert taken == visible
    # At times Firefox shows a picture that was cut, and then gives up on its row.
    session.problems[:] = [problem for problem in session.problems if not problem.startswith("blob:")]
    assert {"animation.gif", "scan.bmp", "no_end.jpg", "0.7_a.jpg"} <= {
        name for name, is_taken in taken.items() if is_taken
    }


def test_redrawn_picture_looks_the_same_and_has_no_metadata(
    session: BrowserSession, policy: Policy, tmp_path: Path
) -> None:
    check_page, item = open_pictures(session, policy)
    path = tmp_path / "IMG_1.gif"
    path.write_bytes(saved(photo(), "GIF", comment=SECRET))
    assert add(session, item, path)
    data = packed_picture(check_page, item)
    assert SECRET.encode() not in data
    with Image.open(io.BytesIO(data)) as image:
        assert (image.format, image.size) == ("JPEG", (96, 64))
        [difference] = ImageStat.Stat(ImageChops.difference(image, photo()).convert("L")).mean
    assert difference < 8


def test_request_waits_for_a_picture_that_is_being_added(
    chromium_session: BrowserSession, policy: Policy, tmp_path: Path
) -> None:
    check_page, item = open_pictures(chromium_session, policy)
    chromium_session.skip_pause()
    chromium_session.evaluate(
        """(item) => {
      const pack = () => document.querySelector("[data-do=pack]").click();
      new MutationObserver(pack).observe(document.querySelector(`[data-item='${item}'] ul`), { childList: true });
    }""",
        item,
    )
    path = tmp_path / "IMG_1.jpg"
    path.write_bytes(saved(photo(), "JPEG"))
    chromium_session.choose_files(f"#pictures-{item}", [path])
    with ZipFile(io.BytesIO(check_page.last_download()[1])) as file:
        assert {f"{item}-1.jpg", say("letter.file")} == {*file.namelist()}
        assert f"{item}-1.jpg" in file.read(say("letter.file")).decode()


def test_orientation_of_a_redrawn_picture_is_applied(
    chromium_session: BrowserSession, policy: Policy, tmp_path: Path
) -> None:
    check_page, item = open_pictures(chromium_session, policy)
    path = tmp_path / "IMG_1.avif"
    path.write_bytes(saved(photo(), "AVIF", exif=exif(6)))
    assert add(chromium_session, item, path)
    with Image.open(io.BytesIO(packed_picture(check_page, item))) as image:
        assert (image.size, dict(image.getexif())) == ((64, 96), {})
        red, green, blue = ImageStat.Stat(image.convert("RGB").crop((8, 2, 56, 10))).mean
    assert red > 200 > 60 > max(green, blue), "the left side is above"


def test_picture_is_not_redrawn_where_the_browser_falsifies_drawings(
    chromium_session: BrowserSession, policy: Policy, tmp_path: Path
) -> None:
    session = chromium_session
    _, item = open_pictures(session, policy)
    session.evaluate("""() => {
      const read = CanvasRenderingContext2D.prototype.getImageData;
      CanvasRenderingContext2D.prototype.getImageData = function (...area) {
        const image = read.apply(this, area);
        image.data[40] ^= 0x10;
        return image;
      };
    }""")
    path = tmp_path / "IMG_1.gif"
    path.write_bytes(saved(photo(), "GIF"))
    assert not add(session, item, path)
    error = session.expect_visible(f"[data-item='{item}'] .check-error")
    assert error == f"IMG_1.gif: {say('picture.kind')}"


def test_limit_of_pictures_is_said_before_and_held(
    chromium_session: BrowserSession, policy: Policy, tmp_path: Path
) -> None:
    session = chromium_session
    _, item = open_pictures(session, policy)
    assert say("prepare.limits", **LIMITS) in session.expect_visible(".check-limits")
    data = saved(photo(), "JPEG")
    paths = [tmp_path / f"IMG_{number}.jpg" for number in range(4)]
    for path, megabytes in zip(paths, (51, 49, 49, 3), strict=True):
        path.write_bytes(data[:-2] + bytes(megabytes * 10**6 - len(data)) + data[-2:])
    errors = [
        say("picture.large_file", size="51", **LIMITS),
        None,
        None,
        say("picture.no_room", size="3", left="2", **LIMITS),
    ]
    for path, error in zip(paths, errors, strict=True):
        assert add(session, item, path) == (error is None)
        if error:
            assert session.expect_visible(f"[data-item='{item}'] .check-error") == f"{path.name}: {error}"
    session.click("[data-do=pack]")
    session.wait_for("() => outputs.downloads.length")
    size = "() => outputs.blobs.get(outputs.downloads[0][1]).size"
    assert 98 * 10**6 < session.evaluate(size) < 98.1 * 10**6
