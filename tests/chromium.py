"""A headless Chromium driven over the two pipes of its DevTools protocol: no library, no port, no driver."""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Any

BINARY = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    "--disable-features=IsolateSandboxedIframes",  # a sandboxed frame in the same process, where it can be asked
    "--remote-debugging-pipe", "about:blank",
)  # fmt: skip
_KEYS = {
    "ArrowRight": 39, "ArrowLeft": 37, "Home": 36, "End": 35, "Tab": 9, "Enter": 13, " ": 32,
    "PageDown": 34, "PageUp": 33, "Escape": 27, "p": 80, "b": 66,
}  # fmt: skip


class Chromium:
    """One browser with one page."""

    def __init__(self, profile: Path) -> None:
        assert BINARY is not None
        self.events: list[dict[str, Any]] = []
        self._count, self._waiting = 0, b""
        to_read, self._to = os.pipe()
        self._from, to_write = os.pipe()

        def wired() -> None:
            """The browser reads commands from its descriptor 3 and writes answers to 4."""
            reading, writing = os.dup(to_read), os.dup(to_write)
            os.dup2(reading, 3)
            os.dup2(writing, 4)

        self._process = subprocess.Popen(
            [BINARY, *_FLAGS, f"--user-data-dir={profile}"],
            preexec_fn=wired,  # noqa: PLW1509 - there are no threads here
            pass_fds=(3, 4, to_read, to_write),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_read)
        os.close(to_write)
        self._session: str | None = None
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log", "Accessibility"):
            self.send(f"{domain}.enable")

    def __enter__(self) -> Chromium:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.terminate()
        self._process.wait(timeout=10)
        os.close(self._to)
        os.close(self._from)

    def send(self, method: str, **params: Any) -> dict[str, Any]:
        """One command, and its answer."""
        self._count += 1
        message: dict[str, Any] = {"id": self._count, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._message()
            if answer.get("id") == self._count:
                assert "error" not in answer, (method, answer["error"])
                return dict(answer["result"])
            self.events.append(answer)

    def _message(self) -> dict[str, Any]:
        while b"\0" not in self._waiting:
            ready, _, _ = select.select([self._from], [], [], 240)  # a busy machine
            assert ready, "the browser does not answer"
            self._waiting += os.read(self._from, 1 << 20)
        message, _, self._waiting = self._waiting.partition(b"\0")
        return dict(json.loads(message))

    def open(self, url: str) -> None:
        """Load a page, from nothing, and wait until it is there."""
        self.send("Page.navigate", url="about:blank")
        self.wait("location.protocol === 'about:'")
        self.events.clear()
        self.send("Page.navigate", url=url)
        self.wait("document.readyState === 'complete' && location.protocol === 'file:'")

    def wait(self, condition: str) -> None:
        """Wait until an expression is true in the page."""
        for _ in range(800):
            if self.ask(condition):
                return
            time.sleep(0.005)
        raise AssertionError(f"never true: {condition}")

    def ask(self, expression: str) -> Any:
        """The value of an expression in the page."""
        answer = self.send("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def press(self, key: str, times: int = 1) -> None:
        """Press a key, as a reader does."""
        for _ in range(times):
            code = _KEYS[key]
            text = {"text": "\r"} if key == "Enter" else {"text": key} if len(key) == 1 else {}
            for kind in ("keyDown", "keyUp"):
                self.send("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code, **text)

    def named(self, method: str) -> list[dict[str, Any]]:
        """What events of this name said."""
        return [event["params"] for event in self.events if event.get("method") == method]
