"""The examples of the README and of the page about testing, with a program that they could be about."""

import json
import os
import re
import time
import types
import urllib.error
import urllib.request
from pathlib import Path

import pytest

pages = [Path(__file__).parents[1] / "README.md", Path(__file__).parents[3] / "docs/testing.md"]
blocks = [block for page in pages for block in re.findall(r"```python\n(.*?)```", page.read_text(), re.S) if "pinfold_env" in block]


def create_board(name):
    """A program for Pinterest, which waits when it is told to."""
    request = urllib.request.Request(os.environ["PINTEREST_API_URI"] + "/v5/boards", json.dumps({"name": name}).encode())
    request.add_header("Authorization", "Bearer " + os.environ["PINTEREST_ACCESS_TOKEN"])
    request.add_header("Content-Type", "application/json")
    try:
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request).close()
    except urllib.error.HTTPError as error:
        with error:
            if error.code != 429:
                raise
            time.sleep(int(error.headers["Retry-After"]))
        create_board(name)


@pytest.mark.parametrize("block", blocks)
def test_an_example(block, pinfold_env):
    examples = {"my_program": types.SimpleNamespace(create_board=create_board)}
    exec(block, examples)
    tests = [value for name, value in examples.items() if name.startswith("test_")]
    assert tests
    for test in tests:
        pinfold_env.reset()
        test(pinfold_env)


def test_each_page_has_examples():
    assert len(blocks) == 2
