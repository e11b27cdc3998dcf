"""The fixtures, as those who use them would; and what they say when something is wrong."""

import os
import subprocess
import sys
import urllib.request

import pytest

from pytest_pinfold import PinfoldError
from pytest_pinfold.server import PinfoldProcess


def test_a_board_is_made(pinfold):
    assert pinfold.api("POST", "boards", {"name": "Cups"})["name"] == "Cups"
    assert "Cups" in [board["name"] for board in pinfold.api("GET", "boards?page_size=100")["items"]]


def test_what_another_test_made_is_gone(pinfold):
    assert "Cups" not in [board["name"] for board in pinfold.api("GET", "boards?page_size=100")["items"]]


def test_an_error_is_raised_with_its_status_and_body(pinfold):
    with pytest.raises(PinfoldError) as raised:
        pinfold.api("GET", "pins/1")
    assert raised.value.status == 404
    assert raised.value.body["code"] == 50


def test_faults_and_the_clock(pinfold):
    pinfold.fail("boards/list", error="rateLimited", times=1)
    with pytest.raises(PinfoldError) as raised:
        pinfold.api("GET", "boards")
    assert raised.value.status == 429
    pinfold.api("GET", "boards")
    pinfold.advance("31d")
    assert pinfold.control("GET", "clock")["ahead_ms"] > 30 * 86_400_000
    with pytest.raises(PinfoldError) as raised:
        pinfold.advance("soon")
    assert raised.value.status == 400


def test_the_clock_is_the_machines_again(pinfold):
    assert pinfold.control("GET", "clock")["ahead_ms"] == 0


def test_a_program_that_reads_its_environment(pinfold_env):
    program = (
        "import json, os, urllib.request as r\n"
        "q = r.Request(os.environ['PINTEREST_API_URI'] + '/v5/user_account',"
        " headers={'Authorization': 'Bearer ' + os.environ['PINTEREST_ACCESS_TOKEN']})\n"
        "print(json.load(r.build_opener(r.ProxyHandler({})).open(q))['username'])"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert said.strip() == pinfold_env.env["PINFOLD_USERNAME"]


def test_the_environment_is_as_it_was():
    assert "PINTEREST_ACCESS_TOKEN" not in os.environ


def test_a_server_that_cannot_start_says_why(pytestconfig):
    command = pytestconfig.getoption("--pinfold-command") or pytestconfig.getini("pinfold_command")
    with pytest.raises(PinfoldError, match="no-such-limits"):
        PinfoldProcess(command=command, options="--rate-limits no-such-limits")
    with pytest.raises(PinfoldError, match="no-such-command"):
        PinfoldProcess(command="no-such-command")


def test_a_server_is_gone_with_all_its_processes(pytestconfig):
    command = pytestconfig.getoption("--pinfold-command") or pytestconfig.getini("pinfold_command")
    process = PinfoldProcess(command=command)
    url = process.pinfold.url
    process.close()
    with pytest.raises(OSError):
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=5)
