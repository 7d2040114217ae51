"""Where the seed of the rulebook is."""

from __future__ import annotations

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[2]


def seed_root() -> Path:
    """The folder of the seed: ``EWTP_RULEBOOK``, else the one in the installed package, else that of the checkout."""
    named = os.environ.get("EWTP_RULEBOOK")
    if named:
        return Path(named)
    packaged = _PACKAGE / "rulebook_seed"
    return packaged if packaged.is_dir() else _PACKAGE.parents[1] / "rulebook"
