"""The folder of whole official files that some tests read; a test whose file is not there is skipped."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("EWTP_REFERENCE_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")
# The day on which the files there were taken from their publishers.
RETRIEVED = date(2026, 11, 24)


def reference(name: str) -> Path:
    """The file or folder of this name below ``EWTP_REFERENCE_DATA``, by default ``shared/data`` beside the checkout."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"needs the reference data ({name}); set EWTP_REFERENCE_DATA to its folder")
    return path
