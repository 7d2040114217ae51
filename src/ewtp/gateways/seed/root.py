"""Where the seed of the rulebook is."""

from __future__ import annotations

from pathlib import Path

from ewtp.gateways.configuration import load_configuration

_PACKAGE = Path(__file__).resolve().parents[2]


def seed_root() -> Path:
    """The folder of the seed: ``EWTP_RULEBOOK``, else the one in the installed package, else that of the checkout."""
    named = load_configuration().rulebook
    if named is not None:
        return named
    packaged = _PACKAGE / "rulebook_seed"
    return packaged if packaged.is_dir() else _PACKAGE.parents[1] / "rulebook"
