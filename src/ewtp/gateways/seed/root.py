"""The folder of the seed's packs."""

from __future__ import annotations

import os
from pathlib import Path


def seed_root() -> Path:
    """The folder of the seed: ``EWTP_RULEBOOK``, else ``rulebook/`` of the checkout this code runs from."""
    named = os.environ.get("EWTP_RULEBOOK")
    return Path(named) if named else Path(__file__).resolve().parents[4] / "rulebook"
