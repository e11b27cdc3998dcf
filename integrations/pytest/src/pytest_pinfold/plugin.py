"""The fixtures. Settings in pytest.ini: `pinfold_command`, `pinfold_seed`, `pinfold_options`."""

from __future__ import annotations

from typing import Iterator

import pytest

from .server import DEFAULT_COMMAND, Pinfold, PinfoldProcess


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("pinfold")
    group.addoption("--pinfold-command", help="the command that is pinfold (default: from npm, by npx)")
    parser.addini("pinfold_command", "the command that is pinfold", default=DEFAULT_COMMAND)
    parser.addini("pinfold_seed", "what the server holds: demo, or the path of a seed file", default="demo")
    parser.addini("pinfold_options", "more options of pinfold serve", default="--rate-limits off")


@pytest.fixture(scope="session")
def pinfold_server(request: pytest.FixtureRequest) -> Iterator[Pinfold]:
    """One server for the whole run; with pytest-xdist, one for each of its processes."""
    config = request.config
    process = PinfoldProcess(
        command=config.getoption("--pinfold-command") or config.getini("pinfold_command"),
        seed=config.getini("pinfold_seed"),
        options=config.getini("pinfold_options"),
    )
    yield process.pinfold
    process.close()


@pytest.fixture
def pinfold(pinfold_server: Pinfold) -> Pinfold:
    """The server, as it was after its start: what earlier tests made of it is gone."""
    pinfold_server.reset()
    return pinfold_server


@pytest.fixture
def pinfold_env(pinfold: Pinfold, monkeypatch: pytest.MonkeyPatch) -> Pinfold:
    """The same, with its variables in the environment, where programs for Pinterest look for them."""
    for name, value in pinfold.env.items():
        monkeypatch.setenv(name, value)
    return pinfold
