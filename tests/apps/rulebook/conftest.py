"""Small rulebooks in the exchange form, imported through the same door as any official file."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.measure import Kind, Measure, Origins, Product
from ewtp.core.rulebook.record_json import record_as_json
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from tests.actors import OPERATOR

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ewtp.apps.rulebook.actions.adoption import AdoptionReport
    from ewtp.apps.rulebook.actions.import_report import ImportReport
    from ewtp.core.rulebook.changeset.changeset import Changeset

FIRST_MOMENT = datetime(2026, 1, 1, 12, tzinfo=UTC)


def a_source(source_id: str = "zm-tariff", published: date = date(2026, 1, 1)) -> Source:
    return Source(source_id, f"Tariff {source_id}", "Customs", published, date(2026, 1, 2))


def a_duty(code: str, expression: str, start: date, end: date | None = None, **fields: Any) -> Measure:
    settings: dict[str, Any] = {
        "id": f"ZM-duty-{code or 'all'}-{start}",
        "territory": "ZM",
        "kind": Kind.DUTY,
        "product": Product("HS2022", code),
        "validity": Period(start, end),
        "source": a_source(),
        "reference": f"Schedule {code}",
        "expression": expression,
        "origins": Origins(),
    }
    return Measure(**(settings | fields))


class Desk:
    """An operator who writes files and imports them, a day apart."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.moment = FIRST_MOMENT
        self.files = 0

    def follow(self, earlier: Desk) -> Desk:
        """Begin where another operator ended."""
        self.moment, self.files = earlier.moment, earlier.files
        return self

    def load_seed(self, files: Mapping[str, str]) -> None:
        """Load a seed of these files, by their paths in it."""
        from ewtp.apps.rulebook.actions.seed_loader import seed_load  # noqa: PLC0415 - Django is set up after this file

        root = self.folder / "seed"
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        assert not isinstance(seed_load(root=root, actor=OPERATOR, now=self.moment), Refusal)

    def write(self, *records: Any, source: Source | None = None) -> Path:
        self.files += 1
        path = self.folder / f"{self.files}.jsonl"
        path.write_bytes(
            b"".join(orjson.dumps(record_as_json(record)) + b"\n" for record in (source or a_source(), *records)),
        )
        return path

    def offer(self, path: Path, effective: date | None = None, *, removals: bool = True) -> ImportReport | Refusal:
        from ewtp.apps.rulebook.actions.file_import import rulebook_import  # noqa: PLC0415 - Django is set up after this file

        self.moment += timedelta(days=1)
        return rulebook_import(
            format="ewtp-jsonl",
            path=path,
            effective=effective,
            actor=OPERATOR,
            now=self.moment,
            removals_allowed=removals,
        )

    def bring(self, *records: Any, effective: date | None = None, source: Source | None = None) -> ImportReport:
        report = self.offer(self.write(*records, source=source), effective)
        assert not isinstance(report, Refusal), report
        return report

    def adopt(self, changeset: Changeset[Any], **options: Any) -> AdoptionReport | Refusal:
        """Adopt a change in Zambia, by Act 7 of 2026 unless ``cited`` says otherwise."""
        from ewtp.apps.rulebook.actions.adoption import ActCited, changeset_adopt  # noqa: PLC0415 - as above

        self.moment += timedelta(days=1)
        cited = options.pop(
            "cited", ActCited("ZM", "Act 7 of 2026", "Parliament of Zambia", "section 2", date(2026, 1, 2))
        )
        return changeset_adopt(changeset=changeset, cited=cited, actor=OPERATOR, now=self.moment, **options)

    def give_effect(self, changeset: Changeset[Any], **options: Any) -> AdoptionReport:
        report = self.adopt(changeset, **options)
        assert not isinstance(report, Refusal), report
        return report


@pytest.fixture
def desk(db: None, tmp_path: Path) -> Desk:  # noqa: ARG001 - the rulebook is in the database
    from ewtp.apps.rulebook.reading.book_cache import read_cached_book  # noqa: PLC0415 - Django is set up after this file

    read_cached_book().forget()
    return Desk(tmp_path)
