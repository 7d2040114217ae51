"""The report on the burden of rules that an installation shows, as a file below its home."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from pathlib import Path

_NAME = "burden.json"


def write_burden(home: Path, report: dict[str, Any]) -> None:
    """Show this report from now on; the file is replaced in one step."""
    draft = home / f".{_NAME}.{os.getpid()}"
    draft.write_bytes(orjson.dumps(report))
    draft.replace(home / _NAME)


def read_burden(home: Path) -> dict[str, Any] | None:
    """The report that is shown; None where there is none, or only a file that is not one."""
    try:
        read = orjson.loads((home / _NAME).read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None
    return read if isinstance(read, dict) and {"groups", "rules_in_all"} <= read.keys() else None
