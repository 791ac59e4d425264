"""Bad input and bad moments, with the real command: one sentence, the documented exit code, no lost result."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from fixtures.tests.conftest import Misbehaviour, Server, new_server, server
from plugins.tests import forked
from plugins.tests.rows import interruptible
from plugins.tests.test_engine import OBSERVATION
from tkg_conformance.fixtures.observation import store
from tkg_conformance.fixtures.timeouts import VARIABLE
from tkg_conformance.reports import results_json

COMMAND = (sys.executable, "-m", "tkg_conformance.plugins.cli")
PASSWORD = "c4n4ry-p4ssw0rd"
DEAD = "vcenters: [{server: '127.0.0.1:1', username: u, password_env: VC_PASSWORD}]\nclusters: [{name: dev/wl1}]\n"

__all__ = ["new_server", "server"]


def environment(**more: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("GOVC_", "VSPHERE_", "KUBECONFIG"))}
    return kept | {"VC_PASSWORD": PASSWORD, VARIABLE: "2"} | more


def command(*arguments: str, cwd: Path, first: Callable[[], object] | None = None) -> subprocess.CompletedProcess[str]:
    done = forked.command(*arguments, cwd=cwd, env=environment(), first=first)
    assert "Traceback" not in done.stdout + done.stderr
    assert PASSWORD not in done.stdout + done.stderr
    return done


def sentences(done: subprocess.CompletedProcess[str]) -> list[str]:
    """Return what was said, without the pytest command that a run prints first."""
    return [line for line in (done.stderr + done.stdout).splitlines() if line.strip() and not line.startswith("$ ")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with input of all kinds."""
    store.save(OBSERVATION, tmp_path / "stored.json")
    texts = {
        "dead.yaml": DEAD,
        "empty.yaml": "",
        "list.yaml": "- 1\n",
        "twice.yaml": "vcenters: []\nvcenters: []\n",
        "unknown.yaml": "vcentres: []\n",
        "unset.yaml": "vcenters: [{server: '${NOT_SET_ANYWHERE}'}]\n",
        "leak.yaml": f"vcenters: [{{server: vc, password: {PASSWORD}}}]\n",
        "nothing.yaml": "allow: []\n",
        "cut.json": '{"schema": ',
        "other.json": '{"schema": "x"}',
        "cut.yaml": "levels: {",
        "file": "",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "binary").write_bytes(bytes(range(256)))
    (tmp_path / "big.yaml").write_bytes(b"#" * (5 << 20))
    os.mkfifo(tmp_path / "pipe")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("run --site none.yaml", "The site file none.yaml cannot be read: No such file or directory"),
        ("run --site empty.yaml", "must be a mapping, found an empty file"),
        ("run --site list.yaml", "must be a mapping, found a list"),
        ("run --site twice.yaml", "it gives the key vcenters twice (line 2)"),
        ("run --site unknown.yaml", "unknown key, vcenters is the nearest known one"),
        ("run --site unset.yaml", "the environment variable NOT_SET_ANYWHERE is not set; set it, or write the value"),
        ("run --site leak.yaml", "a password is never written here; use password_file"),
        ("run --site nothing.yaml", "No site is named"),
        ("run --site binary", "it is not UTF-8 text"),
        ("run --site /dev/zero", "it is no regular file"),
        ("run --site pipe", "it is no regular file"),
        ("run --site dead.yaml --profile pipe", "it is no regular file"),
        ("run --site dead.yaml --rerun pipe", "it is no regular file"),
        ("judge pipe", "There is no file pipe"),
        ("observe --site dead.yaml --out pipe", "pipe is no regular file, and would be replaced"),
        ("init --out pipe --force", "pipe is no regular file"),
        ("init --out none/site.yaml", "none (--out) does not exist"),
        ("init --roles file", "file (--roles) is no folder"),
        ("lab status --dir none", "There is no lab in"),
        ("lab up --dir file/x", "cannot be made: Not a directory"),
        ("run --site dead.yaml -n 9999999", "-n"),
        ("run --site big.yaml", "it is longer than 4 MiB"),
        ("run --site dead.yaml --area zones", "There is no area 'zones'"),
        ("run --site dead.yaml --require ZONE-99", "There is no requirement 'ZONE-99'"),
        ("run --site dead.yaml --cluster dev/x", "The site file has no cluster 'dev/x'; expected one of dev/wl1"),
        ("run --site dead.yaml --profile cut.yaml", "The profile cut.yaml cannot be read: it is not YAML"),
        ("run --site dead.yaml --out file", "a file of that name is in the way"),
        ("run --site dead.yaml --out file/x", "its parent is a file and not a folder"),
        ("run --site dead.yaml --rerun cut.json", "the results are no complete JSON (line 1)"),
        ("run --site dead.yaml --rerun other.json", "this is no results file"),
        ("observe --site dead.yaml --out file/x", "cannot write file: a file of that name is in the way"),
        ("observe --site dead.yaml --out .", "is a folder; name the file to write"),
        ("judge cut.json", "it may be cut off: observe again"),
        ("judge other.json", "expected the schema tkg-conformance/observation/v1, found x"),
        ("judge stored.json --cluster dev/x", "The site file has no cluster 'dev/x'"),
        ("explain ZONE-8 --results binary", "the results are no complete JSON"),
        ("lab up --dir new --scenario binary", "Scenario binary cannot be read: it is not UTF-8 text"),
    ],
)
def test_wrong_usage_is_found_before_anything_is_reached(folder: Path, arguments: str, sentence: str) -> None:
    done = command(*arguments.split(), cwd=folder)
    assert done.returncode == 4
    said = sentences(done)
    assert [line for line in said if sentence in line]
    assert len([line for line in said if "SIMULATED" not in line and not line.startswith("[")]) == 1
    assert not list(folder.glob("**/results.json"))


def test_a_reader_that_has_gone_is_no_verdict(folder: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as gone:
        done = subprocess.run([*COMMAND, "list"], cwd=folder, stdout=gone, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (141, b"")


def test_an_output_that_takes_nothing_is_told(folder: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([*COMMAND, "list"], cwd=folder, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 11
    assert done.stderr == b"The system refused to read or write: No space left on device.\n"


def test_a_closed_output_ends_nothing(folder: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" >&-', "sh", *COMMAND, "judge", "stored.json", "--out", "out"],
        cwd=folder, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 10, done.stderr
    assert results_json.load(folder / "out" / "results.json").run.state == "completed"


def test_a_wrong_timeout_is_wrong_usage(folder: Path) -> None:
    variables = environment(TKG_CONFORMANCE_TIMEOUT_S="soon")
    arguments = [*COMMAND, "run", "--site", "dead.yaml"]
    done = subprocess.run(arguments, cwd=folder, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 4
    assert "TKG_CONFORMANCE_TIMEOUT_S is not a number of seconds" in done.stderr


def test_the_site_that_the_environment_names_is_judged_and_not_a_lab(folder: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "run", "--out", "out"], cwd=folder, env=environment(TKG_CONFORMANCE_SITE="dead.yaml"),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 11
    assert "Judging dead.yaml, named by TKG_CONFORMANCE_SITE." in done.stderr
    assert "SIMULATED" not in done.stderr


def aborted(folder: Path) -> str:
    """Return why the run that left these results was aborted."""
    results = results_json.load(folder / "out" / "results.json")
    assert (results.run.state, results.verdict) == ("aborted", "ABORTED")
    return str(results.run.abort_reason)


def test_a_site_that_is_lost_leaves_results_and_exit_11(folder: Path) -> None:
    done = command("run", "--site", "dead.yaml", "--out", "out", cwd=folder)
    assert done.returncode == 11
    assert aborted(folder).startswith("Nothing of the site can be reached: ")
    assert "the connection was refused" in done.stderr
    assert "refused, refused" not in done.stderr
    assert {file.name for file in (folder / "out").iterdir()} == {"results.json", "report.html", "junit.xml"}


def test_an_error_that_nobody_foresaw_is_one_sentence_and_exit_3(folder: Path) -> None:
    (folder / "sitecustomize.py").write_text(
        "import json, sys\n"
        "def broken(*_, **__): raise LookupError('c4n4ry-p4ssw0rd')\n"
        "import yaml; yaml.SafeLoader.check_node = broken\n"
    )
    done = subprocess.run(
        [*COMMAND, "observe", "--site", "dead.yaml", "--out", "x.json"],
        cwd=folder,
        env=environment(PYTHONPATH=os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 3
    (sentence,) = sentences(done)
    assert sentence.startswith("Internal error: LookupError at sitecustomize.py, line 2; please report it")
    assert PASSWORD not in sentence


def limited(size: int) -> Callable[[], object]:
    return partial(resource.setrlimit, resource.RLIMIT_FSIZE, (size, size))


def test_a_disk_that_is_full_at_the_start_is_told_before_the_site_is_read(folder: Path) -> None:
    done = command("run", "--site", "dead.yaml", "--out", "out", cwd=folder, first=limited(1 << 10))
    assert done.returncode == 4
    assert "The results would be lost: cannot write" in done.stderr
    assert "ulimit -f" in done.stderr


def test_a_disk_that_fills_during_the_run_loses_no_verdict(folder: Path) -> None:
    done = command("judge", "stored.json", "--out", "out", cwd=folder, first=limited(90 << 10))
    assert done.returncode == 11
    assert "cannot write out/results.json: a file may not grow that large here" in done.stdout
    assert "the results stand only above" in done.stdout
    assert "INCOMPLETE: everything but live rows" in done.stdout
    assert not (folder / "out" / "results.json").exists()


@contextmanager
def tiny_disk(path: Path, size: str) -> Iterator[None]:
    path.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(path)], check=False).returncode:
        pytest.skip("a file system of its own needs root and the right to mount")
    try:
        yield
    finally:
        subprocess.run(["umount", str(path)], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="a file system of its own needs root")
def test_results_that_do_not_fit_are_kept_elsewhere(folder: Path) -> None:
    (folder / "tmp").mkdir()
    with tiny_disk(folder / "out", "128k"):
        done = subprocess.run(
            [*COMMAND, "judge", "stored.json", "--out", "out"],
            cwd=folder,
            env=environment(TMPDIR=str(folder / "tmp")),
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )
    assert done.returncode == 11
    assert "cannot write out/results.json: the disk is full" in done.stdout
    (kept,) = (folder / "tmp").glob("tkg-conformance-results-*")
    assert f"the results are in {kept}" in done.stdout
    assert results_json.load(kept / "results.json").run.state == "completed"


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("moment_s", [0.0, 1.0])
def test_an_interrupted_run_leaves_results_and_exit_2(
    folder: Path, server: Server, signum: signal.Signals, moment_s: float
) -> None:
    server.routes["/version"] = (200, Misbehaviour("hang"))
    (folder / "kubeconfig").write_text(
        f"current-context: c\nclusters: [{{name: k, cluster: {{server: '{server.url}'}}}}]\n"
        "contexts: [{name: c, context: {cluster: k, user: u}}]\nusers: [{name: u, user: {token: t}}]\n"
    )
    (folder / "site.yaml").write_text("management: {kubeconfig: kubeconfig}\n")
    process = interruptible(
        [*COMMAND, "run", "--site", "site.yaml", "--out", "out"],
        cwd=folder,
        env=environment(**{VARIABLE: "5"}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    deadline = time.monotonic() + 60
    while not server.requests and time.monotonic() < deadline:
        time.sleep(0.05)
    threading.Event().wait(moment_s)
    process.send_signal(signum)
    stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "Traceback" not in stdout + stderr
    assert aborted(folder) == "ended by the user"
