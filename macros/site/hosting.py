"""What hosts are told of a site: headers that close its doors, and what browsers may keep for ever.

    _headers             for Netlify and Cloudflare Pages, which read it by themselves
    hosting/nginx.conf   for nginx
    hosting/Caddyfile    for Caddy

They are part of the site, because its headers name the scripts that stand in its pages.
"""

from __future__ import annotations

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from macros.site.asset_hashing import NAMED, addressed
from macros.site.csp import inline_scripts, page_policy

HEADERS = "_headers"
FOLDER = "hosting/"
FILES = {HEADERS: HEADERS, f"{FOLDER}nginx.conf": "nginx.conf", f"{FOLDER}Caddyfile": "Caddyfile"}
"""Where each file stands in the site, and its template."""

# Nothing of the device is of use to us but the clipboard, to put a link or a request there.
UNUSED = (
    "accelerometer autoplay camera clipboard-read display-capture encrypted-media fullscreen geolocation gyroscope hid"
    " magnetometer microphone midi payment picture-in-picture publickey-credentials-get screen-wake-lock serial usb"
    " xr-spatial-tracking"
)
_THEIRS = re.compile(r"\.[0-9a-f]{8}\.min\.(css|js)$")


def write_hosting(site: Path) -> None:
    """Writes the files into a complete site. They are the same for each policy: no host need be told of a new one."""
    own = [addressed("assets/"), *NAMED]
    assets = (path.relative_to(site).as_posix() for path in sorted((site / "assets").rglob("*")))
    files = [name for name in assets if _THEIRS.search(name)]
    said = _headers(site)
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    templates.filters["re_escape"] = re.escape
    for name, template in FILES.items():
        target = site / name
        target.parent.mkdir(exist_ok=True)
        text = templates.get_template(template).render(headers=said, folders=own, files=files)
        target.write_text(text, encoding="utf-8", newline="\n")


def headers(site: Path) -> dict[str, str]:
    """The headers of every file of a built site, by name; none for a folder that is no such site."""
    file = site / HEADERS
    lines = file.read_text(encoding="utf-8").partition("\n\n")[0].splitlines() if file.is_file() else []
    pairs = (line.strip().partition(": ") for line in lines if ": " in line)
    return {name: value for name, _, value in pairs}


def _headers(site: Path) -> dict[str, str]:
    scripts = {
        script
        for page in site.rglob("*.html")
        for script in inline_scripts(page.read_text(encoding="utf-8"), page.name)
    }
    features = [*(f"{name}=()" for name in UNUSED.split()), "clipboard-write=(self)"]
    return {
        "Content-Security-Policy": f"{page_policy(scripts, checks=True)}; frame-ancestors 'none'",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Origin-Agent-Cluster": "?1",  # a process of its own, apart from other hosts of the shop
        "Permissions-Policy": ", ".join(features),
        "Referrer-Policy": "no-referrer",
        "Strict-Transport-Security": "max-age=31536000",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",  # for browsers that do not know `frame-ancestors`
    }
