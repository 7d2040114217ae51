"""The small rulebook of these tests where customs converts by HMRC's rates, and the import of such rates."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ewtp.apps.rulebook.actions.file_import import rulebook_import
from ewtp.apps.rulebook.actions.seed_loader import seed_load
from ewtp.apps.rulebook.reading.book_cache import read_cached_book
from ewtp.core.values.refusal import Refusal
from tests.actors import OPERATOR
from tests.apps.conftest import write_seed

if TYPE_CHECKING:
    from pathlib import Path

SEEDED, IMPORTED = datetime(2026, 6, 20, tzinfo=UTC), datetime(2026, 7, 1, 12, tzinfo=UTC)
JUNE = "USD,2026-06-01,2026-06-30,9.9999\n"
_PRACTICE = "  - {name: rate_source, value: HMRC ECB, from: 2026-01-01, source: test-tariff, reference: section 2}\n"


def load_seed(folder: Path) -> None:
    """Publish the rulebook, without a rate of HMRC."""
    write_seed(folder, "12%")
    with (folder / "territories.yaml").open("a") as file:
        file.write(_PRACTICE)
    report = seed_load(root=folder, actor=OPERATOR, now=SEEDED)
    assert not isinstance(report, Refusal), report
    read_cached_book().forget()


def import_rates(folder: Path, text: str = JUNE, now: datetime = IMPORTED) -> None:
    """Import rates as HMRC's file gives them."""
    path = folder / "hmrc.csv"
    path.write_text(text)
    report = rulebook_import(format="hmrc-rates", path=path, effective=None, actor=OPERATOR, now=now)
    assert not isinstance(report, Refusal), report
    assert report.version is not None
    read_cached_book().forget()
