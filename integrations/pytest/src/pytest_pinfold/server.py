"""Starts a Pinfold server, and talks to it. Needs the standard library only."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Mapping

DEFAULT_COMMAND = "npx --yes --package=node@26 --package=pinfold pinfold"

# Proxies in the environment are for addresses elsewhere: the server is on this machine.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class PinfoldError(Exception):
    """The server did not start, or answered with an error.

    `status` is the answer's, or None; `body` is its JSON, or its text.
    """

    def __init__(self, message: str, status: int | None = None, body: Any = None) -> None:
        super().__init__(message)
        self.status = status
        self.body = body


class Pinfold:
    """A server, and the credentials of its demo account.

    `url` is its address, without `/v5`. `env` has the variables that programs for Pinterest read: PINTEREST_API_URI,
    PINTEREST_ACCESS_TOKEN and so on.
    """

    def __init__(self, env: Mapping[str, str], control_token: str | None = None) -> None:
        self.env = dict(env)
        self.url = self.env["PINTEREST_API_URI"].rstrip("/")
        self._control_token = control_token

    @property
    def token(self) -> str:
        """The access token of the demo account."""
        return self.env["PINTEREST_ACCESS_TOKEN"]

    def api(self, method: str, path: str, body: Any = None, timeout: float = 30) -> Any:
        """Sends a request to the API as the demo account, and returns the answer's JSON, or None if it is empty.

        `path` is below `/v5/`: `api("GET", "boards")`. Raises PinfoldError if the answer is an error.
        """
        return self._send(method, f"/v5/{path}", body, self.token, timeout)

    def control(self, method: str, path: str, body: Any = None, timeout: float = 30) -> Any:
        """Controls the server: `control("POST", "clock/advance", {"by": "31d"})`. `path` is below `/_pinfold/`."""
        return self._send(method, f"/_pinfold/{path}", body, self._control_token, timeout)

    def reset(self) -> None:
        """Restores the data, the clock and the faults to their state at the start."""
        self.control("POST", "reset", {"confirm": True})

    def advance(self, by: str) -> None:
        """Moves the server's clock forward, by `"90s"` or `"31d"`."""
        self.control("POST", "clock/advance", {"by": by})

    def fail(self, operation: str | None = None, **fault: Any) -> None:
        """Adds a fault: `fail("pins/create", error="rateLimited", times=2)`."""
        self.control("POST", "faults", {**({"operation": operation} if operation else {}), "effect": "error", **fault})

    def _send(self, method: str, path: str, body: Any, token: str | None, timeout: float) -> Any:
        request = urllib.request.Request(self.url + path, method=method)
        if token is not None:
            request.add_header("Authorization", f"Bearer {token}")
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        try:
            with _opener.open(request, timeout=timeout) as answer:
                text = answer.read()
        except urllib.error.HTTPError as error:
            with error:
                text = error.read().decode(errors="replace")
            try:
                detail: Any = json.loads(text)
            except ValueError:
                detail = text
            raise PinfoldError(f"{method} {path} was answered with {error.code}: {text}", error.code, detail) from None
        return json.loads(text) if text else None


class PinfoldProcess:
    """A server that is started here, on a free port, with data of its own that are gone at the end."""

    def __init__(self, command: str = DEFAULT_COMMAND, seed: str = "demo", options: str = "", timeout: float = 180) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="pinfold-")
        self._log = Path(self._folder.name, "log")
        env_file = Path(self._folder.name, "env")
        arguments = shlex.split(command) + ["serve", "--port", "0", "--ephemeral", "--seed", seed]
        arguments += ["--write-env", str(env_file), *shlex.split(options)]
        # Settings of another server, in whose shell the tests may run, are not for this one.
        env = {name: value for name, value in os.environ.items() if not name.startswith("PINFOLD_")}
        try:
            with self._log.open("wb") as log:
                # In a process group of its own: npx, and the server below it.
                self._process = subprocess.Popen(
                    arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=env, start_new_session=True
                )
        except OSError as error:
            self._folder.cleanup()
            raise PinfoldError(f"Pinfold could not be started with {arguments[0]!r}: {error}") from None
        try:
            self.pinfold = Pinfold(self._wait_for(env_file, time.monotonic() + timeout))
        except BaseException:
            self.close()
            raise

    def _wait_for(self, env_file: Path, deadline: float) -> dict[str, str]:
        while not env_file.exists() or env_file.stat().st_size == 0:
            if self._process.poll() is not None:
                raise PinfoldError(f"Pinfold ended with {self._process.returncode}. It said:\n{self._said()}")
            if time.monotonic() > deadline:
                raise PinfoldError(f"Pinfold was not ready in time. It said:\n{self._said()}")
            time.sleep(0.05)
        lines = (line.removeprefix("export ").partition("=") for line in env_file.read_text().splitlines())
        return {name: value for name, _, value in lines}

    def _said(self) -> str:
        return self._log.read_text(errors="replace")[-4000:]

    def close(self) -> None:
        """Stops the server and removes its data."""
        for signal_number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self._process.pid, signal_number)
                self._process.wait(timeout=6)
                break
            except ProcessLookupError:
                break
            except subprocess.TimeoutExpired:
                continue
        self._folder.cleanup()
