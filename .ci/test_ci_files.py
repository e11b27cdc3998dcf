"""Runs the GitHub Action and the GitLab snippet as those services would: by their files, with what they give to a job.

PINFOLD_TARBALLS names the packages of Pinfold that npm installs, since the published ones are not those of this checkout.
"""

import os
import subprocess
import urllib.request
from pathlib import Path

import pytest
import yaml

integrations = Path(__file__).parent.parent / "integrations"
action = integrations / "github-action"
tarballs = os.environ["PINFOLD_TARBALLS"]
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
# What services set for a job; nothing of Pinfold's own is in the environment.
outside = {name: value for name, value in os.environ.items() if not name.startswith(("PINFOLD_", "PINTEREST_"))}


def variables(path):
    return dict(line.split("=", 1) for line in path.read_text().splitlines())


def answers(url):
    try:
        return opener.open(f"{url}/_pinfold/health", timeout=5).status == 200
    except OSError:
        return False


class Runner:
    """What a GitHub runner does with an action: gives it inputs as variables, and files to answer in."""

    def __init__(self, folder):
        self.settings = yaml.safe_load((action / "action.yml").read_text())
        self.folder = folder
        self.files = {name: folder / name for name in ("GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_STATE")}
        for file in self.files.values():
            file.touch()

    def run(self, step, **inputs):
        assert set(inputs) <= set(self.settings["inputs"])
        defaults = {name: value["default"] for name, value in self.settings["inputs"].items()}
        given = {f"INPUT_{name.upper()}": value for name, value in {**defaults, **inputs}.items()}
        state = {f"STATE_{name}": value for name, value in variables(self.files["GITHUB_STATE"]).items()}
        env = {**outside, **given, **state, "RUNNER_TEMP": str(self.folder), **{n: str(f) for n, f in self.files.items()}}
        program = action / self.settings["runs"][step]
        return subprocess.run(["node", program], env=env, cwd=self.folder, capture_output=True, text=True, timeout=240)


def test_the_action_starts_a_server_for_the_steps_and_stops_it(tmp_path):
    runner = Runner(tmp_path)
    started = runner.run("main", package=tarballs, options="--rate-limits pinterest")
    assert started.returncode == 0, started.stdout + started.stderr
    given = variables(runner.files["GITHUB_ENV"])
    url = variables(runner.files["GITHUB_OUTPUT"])["url"]
    assert set(runner.settings["outputs"]) == {"url"}
    assert given["PINTEREST_API_URI"] == url
    request = urllib.request.Request(f"{url}/v5/boards", headers={"Authorization": f"Bearer {given['PINTEREST_ACCESS_TOKEN']}"})
    with opener.open(request, timeout=30) as answer:
        assert answer.headers["x-ratelimit-limit"]
    stopped = runner.run("post")
    assert stopped.returncode == 0 and "Pinfold is ready" in stopped.stdout
    assert not answers(url)


def test_the_action_says_why_it_could_not_start(tmp_path):
    runner = Runner(tmp_path)
    started = runner.run("main", package=tarballs, seed="no-such-seed.json")
    assert started.returncode == 1
    assert started.stdout.startswith("::error ") and "no-such-seed.json" in started.stdout
    assert runner.run("post").returncode == 0


def run_gitlab_job(folder, script, **changed):
    """A job that extends the snippet: its before_script and script are one shell's, which ends at the first error."""
    job = yaml.safe_load((integrations / "gitlab/pinfold.gitlab-ci.yml").read_text())[".pinfold"]
    assert job["image"] == "node:26"  # As is the first node in this PATH.
    env = {**outside, **job["variables"], "PINFOLD_PACKAGES": tarballs, **changed}
    lines = "\n".join(["set -eo pipefail", *job["before_script"], script])
    # GitLab ends what a job left running; here the group is told to end.
    process = subprocess.Popen(["bash", "-c", lines], env=env, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
    try:
        process.wait(timeout=240)
    finally:
        subprocess.run(["pkill", "-TERM", "-g", str(process.pid)], check=False)
    return process.returncode, process.communicate(timeout=30)[0], job


def test_a_gitlab_job_has_a_server_and_its_variables(tmp_path):
    script = 'curl -sf "$PINTEREST_API_URI/v5/boards" -H "Authorization: Bearer $PINTEREST_ACCESS_TOKEN"'
    code, said, job = run_gitlab_job(tmp_path, script, PINFOLD_OPTIONS="--rate-limits off")
    assert code == 0 and '"items":' in said, said
    assert all((tmp_path / path).exists() for path in job["artifacts"]["paths"])


def test_a_gitlab_job_fails_when_there_is_no_server(tmp_path):
    code, said, _ = run_gitlab_job(tmp_path, "echo the script ran", PINFOLD_SEED="no-such-seed.json")
    assert code == 1 and "no-such-seed.json" in said and "the script ran" not in said


@pytest.mark.parametrize("file", [action / "action.yml", integrations / "gitlab/pinfold.gitlab-ci.yml"])
def test_every_input_is_documented(file):
    page = (integrations.parent / "docs/testing.md").read_text()
    settings = yaml.safe_load(file.read_text())
    for name in settings.get("inputs") or settings[".pinfold"]["variables"]:
        assert f"`{name}`" in page
