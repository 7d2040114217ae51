"""A worker that is killed between any two of its steps loses nothing and does nothing twice."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from ewtp.apps.jobs.store.models import InboxMessage, OutboxMessage, Timer
from tests.apps.batches.batch_lines import environment

pytestmark = pytest.mark.server

ROOT = Path(__file__).parents[3]
# The selection of timers and of messages, the effects and their savepoints, the removal, and the commits.
FEWEST_STEPS = 25


def steps_of(program: str, home: Path) -> int:
    """How many processes of a program were killed, each at a step, before one finished."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "src")])
    ran = subprocess.run(
        [sys.executable, "-m", program],
        cwd=ROOT,
        env={**environment(home), "DJANGO_SETTINGS_MODULE": "ewtp.web.settings", "PYTHONPATH": path},
        check=False,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    *killed, finished = ran.stdout.split()
    assert set(killed) == {"-9"}
    assert finished == "0", ran.stderr
    return len(killed)


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_at_every_step_loses_nothing_and_doubles_nothing(tmp_path):
    killed = steps_of("tests.apps.jobs.killed_worker", tmp_path)
    assert killed >= FEWEST_STEPS
    effects = Counter(InboxMessage.objects.values_list("source", flat=True))
    assert effects == {f"step {step}": 3 for step in range(killed + 1)}
    assert not OutboxMessage.objects.exists()
    assert not Timer.objects.exists()
