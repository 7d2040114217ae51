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


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_at_every_step_loses_nothing_and_doubles_nothing(tmp_path):
    path = os.pathsep.join([str(ROOT), str(ROOT / "src")])
    ran = subprocess.run(
        [sys.executable, "-m", "tests.apps.jobs.killed_worker"],
        cwd=ROOT,
        env={**environment(tmp_path), "DJANGO_SETTINGS_MODULE": "ewtp.web.settings", "PYTHONPATH": path},
        check=False,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    *killed, finished = ran.stdout.split()
    assert set(killed) == {"-9"}
    assert finished == "0"
    assert len(killed) >= FEWEST_STEPS
    effects = Counter(InboxMessage.objects.values_list("source", flat=True))
    assert effects == {f"step {step}": 3 for step in range(len(killed) + 1)}
    assert not OutboxMessage.objects.exists()
    assert not Timer.objects.exists()
