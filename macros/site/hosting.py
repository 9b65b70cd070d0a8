"""Configuration for hosts: security headers, and which files browsers may cache for ever.

    _headers             for Netlify and Cloudflare Pages, which read it on their own
    hosting/nginx.conf   for nginx
    hosting/Caddyfile    for Caddy

The files are part of the site, because the headers contain the hashes of its inline scripts.
"""

from __future__ import annotations

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from macros.site.asset_hashing import HASHED_FOLDERS, hashed_path
from macros.site.csp import inline_scripts, page_policy

HEADERS = "_headers"
HOST_FILES = {HEADERS: HEADERS, "hosting/nginx.conf": "nginx.conf", "hosting/Caddyfile": "Caddyfile"}
"""Each file's path in the site, and its template."""

# The site uses no feature of the device but writing to the clipboard.
UNUSED_FEATURES = (
    "accelerometer autoplay camera clipboard-read display-capture encrypted-media fullscreen geolocation gyroscope hid"
    " magnetometer microphone midi payment picture-in-picture publickey-credentials-get screen-wake-lock serial usb"
    " xr-spatial-tracking"
)
_THEME_FILE = re.compile(r"\.[0-9a-f]{8}\.min\.css$")


def write_hosting(site: Path) -> None:
    """Writes the files into a complete site. They do not depend on the policy, so a host is configured only once."""
    folders = [hashed_path("assets/"), *HASHED_FOLDERS]
    assets = (path.relative_to(site).as_posix() for path in sorted((site / "assets").rglob("*")))
    files = [name for name in assets if _THEME_FILE.search(name)]
    headers = _headers(site)
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    templates.filters["re_escape"] = re.escape
    for name, template in HOST_FILES.items():
        target = site / name
        target.parent.mkdir(exist_ok=True)
        text = templates.get_template(template).render(headers=headers, folders=folders, files=files)
        target.write_text(text, encoding="utf-8", newline="\n")


def read_headers(site: Path) -> dict[str, str]:
    """The headers of all files of a built site, by name; empty if the folder is no such site."""
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
    features = [*(f"{name}=()" for name in UNUSED_FEATURES.split()), "clipboard-write=(self)"]
    return {
        "Content-Security-Policy": f"{page_policy(scripts, checks=True)}; frame-ancestors 'none'",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Origin-Agent-Cluster": "?1",  # a separate process from other hosts of the shop
        "Permissions-Policy": ", ".join(features),
        "Referrer-Policy": "no-referrer",
        "Strict-Transport-Security": "max-age=31536000",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",  # for browsers that do not know `frame-ancestors`
    }
