"""A small rulebook in the database, and a file of lines."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from pyarrow import parquet

from tests.apps.batches.batch_lines import some_lines

if TYPE_CHECKING:
    import random
    from collections.abc import Callable
    from pathlib import Path

COUNT = 200
DEARER = "12%"


@pytest.fixture
def home(
    transactional_db: None,  # noqa: ARG001 - each thread has a connection of its own
    publish: Callable[[str, datetime], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    seeded: random.Random,
) -> Path:
    """A rulebook, and a file of lines."""
    publish(DEARER, datetime(2026, 2, 1, tzinfo=UTC))
    monkeypatch.setenv("EWTP_RULEBOOK", str(tmp_path))
    traders = {
        "firm_size": pa.array([seeded.choice(("micro", "large")) for _ in range(COUNT)]).dictionary_encode(),
        "firm": pa.array([f"synthetic-{seeded.randrange(20)}" for _ in range(COUNT)]),
    }
    table = some_lines(seeded, COUNT)
    for name, column in traders.items():
        table = table.append_column(name, column)
    parquet.write_table(table, tmp_path / "in.parquet", row_group_size=70)
    return tmp_path
