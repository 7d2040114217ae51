"""Small tables of tariff codes, read by an importer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.records import Importing
from tests.reference_data import RETRIEVED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def table_records(read: Callable[..., object], folder: Path, header: str, *rows: str) -> list[Any]:
    """What an importer reads of a table with these lines of CSV."""
    path = folder / "table.csv"
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    importing = read(path, retrieved=RETRIEVED)
    assert isinstance(importing, Importing), importing
    return list(importing.records)
