"""Real web servers, configured by the files that a site holds for them."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import REQUIRE
from tests.support.browsers.window import terminate_at_exit

BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")


def nginx(site: Path, folder: Path, port: int) -> list[str]:
    """The command that runs nginx with the configuration of a site."""
    text = (site / "hosting/nginx.conf").read_text()
    text = text.replace("listen 80;", f"listen 127.0.0.1:{port};").replace("root /srv/policy;", f'root "{site}";')
    module = ""
    if BROTLI.is_file():
        module = f"load_module {BROTLI};"
        text = text.replace("# brotli_static on;", "brotli_static on;")
    (folder / "policy.conf").write_text(text)
    user = "user root;" if os.geteuid() == 0 else ""  # else its workers may not read the files of the tests
    (folder / "nginx.conf").write_text(f"""{module} {user} daemon off; pid {folder}/pid; error_log stderr;
        events {{}} http {{ include /etc/nginx/mime.types; access_log off; include {folder}/policy.conf; }}""")
    return ["/usr/sbin/nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]


def caddy(site: Path, folder: Path, port: int) -> list[str]:
    """The command that runs Caddy with the configuration of a site."""
    text = (site / "hosting/Caddyfile").read_text()
    text = text.replace("\n:80 {", f"\nhttp://127.0.0.1:{port} {{").replace("/srv/policy", f'"{site}"')
    (folder / "Caddyfile").write_text(f"{{\n\tadmin off\n}}\n{text}")
    return ["/usr/bin/caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]


HOSTS = {"nginx": nginx, "caddy": caddy}


def free_port() -> int:
    """A free port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextlib.contextmanager
def run_host(name: str, site: Path, folder: Path, port: int | None = None) -> Iterator[int]:
    """Run a host for a site until the end of the block; yields its port, which is any by default."""
    folder.mkdir()
    port = port or free_port()
    command = HOSTS[name](site, folder, port)
    if not Path(command[0]).is_file():
        missing = f"No {name} here. To get it: apt-get install {name}."
        (pytest.fail if os.environ.get(REQUIRE) else pytest.skip)(missing)
    environment = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    log = folder / "log"
    with (
        log.open("wb") as output,
        terminate_at_exit(subprocess.Popen(command, stderr=output, stdout=output, env=environment)) as process,
    ):
        while True:
            with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
                break
            assert process.poll() is None, log.read_text()
            time.sleep(0.02)
        yield port
