"""A server's folder of counts is its own, goes with it, and goes at the next start where the server was killed."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from ewtp.gateways.installation.metrics_folder import metrics_are_shared, open_shared_metrics_folder

SETTING = "PROMETHEUS_MULTIPROC_DIR"
# A server that ends without a chance to clean up.
KILLED = """
import os, pathlib, signal, sys
from ewtp.gateways.installation.metrics_folder import open_shared_metrics_folder
with open_shared_metrics_folder(pathlib.Path(sys.argv[1])):
    os.kill(os.getpid(), signal.SIGKILL)
"""


# A process of a server, on a disk that is full by the time it starts or not; it prints what it counted, and its files.
COUNTING = """
import errno, os, pathlib, sys
from ewtp.gateways.installation import metrics_folder
from ewtp.gateways.installation.metrics_folder import metrics_are_shared, reserve_count_files
def full(*_):
    raise OSError(errno.ENOSPC, "No space left on device")
if sys.argv[2] == "full":
    os.posix_fallocate = full
with metrics_folder.open_shared_metrics_folder(pathlib.Path(sys.argv[1])):
    folder = pathlib.Path(os.environ["PROMETHEUS_MULTIPROC_DIR"])
    reserve_count_files()
    from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
    registry = CollectorRegistry()
    Counter("asked", "Asked.", registry=registry).inc(3)
    Histogram("seconds", "Seconds.", registry=registry).observe(1)
    files = sorted((path.name.partition("_")[0], path.stat().st_blocks * 512) for path in folder.iterdir())
    print(metrics_are_shared(), files, "asked_total 3.0" in generate_latest(registry).decode())
"""


@pytest.fixture(autouse=True)
def _without_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SETTING, raising=False)


def folders(home: Path) -> list[Path]:
    return list((home / "metrics").iterdir())


def test_a_folder_is_below_the_home_and_goes_with_its_server(tmp_path: Path):
    with open_shared_metrics_folder(tmp_path):
        folder = Path(os.environ[SETTING])
        assert metrics_are_shared()
        assert folders(tmp_path) == [folder]
        assert stat.S_IMODE(folder.stat().st_mode) == stat.S_IMODE(folder.parent.stat().st_mode) == 0o700
        (folder / "counter_1.db").write_bytes(b"1")
    assert not metrics_are_shared()
    assert folders(tmp_path) == []


def test_the_folder_of_a_killed_server_goes_and_that_of_a_running_one_stays(tmp_path: Path):
    killed = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
    assert killed.returncode == -9
    [left] = folders(tmp_path)
    with open_shared_metrics_folder(tmp_path):
        running = Path(os.environ[SETTING])
        assert not left.exists()
        with open_shared_metrics_folder(tmp_path):
            assert running.exists()
            assert os.environ[SETTING] != str(running)
        assert folders(tmp_path) == [running]
    assert folders(tmp_path) == []


@pytest.mark.parametrize(
    ("disk", "printed"),
    [
        ("free", "True [('counter', 4194304), ('histogram', 4194304)] True"),
        # Files with holes in them would end the process at the next count.
        ("full", "False [] True"),
    ],
)
def test_a_process_counts_in_space_that_it_has_or_alone(tmp_path: Path, disk: str, printed: str):
    ended = subprocess.run(
        [sys.executable, "-c", COUNTING, str(tmp_path), disk], check=True, capture_output=True, text=True
    )
    assert ended.stdout.strip() == printed
    assert ("counts for itself alone" in ended.stderr) is (disk == "full")
