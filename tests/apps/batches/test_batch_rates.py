"""A batch converts by the exchange rates of the version that it is pinned to, in the kernel and in the scalar path."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from ewtp.apps.assessment.reading.version_scalar import version_scalar
from ewtp.apps.batches.actions.assess_job import pin_version
from ewtp.apps.batches.reading.version_assessor import version_assessor
from ewtp.apps.rulebook.reading.rulebook_reader import RulebookReader
from ewtp.core.assessment.answer import Answer
from ewtp.core.assessment.question import Question, QuestionLine
from ewtp.core.values.money import Money
from ewtp.core.values.refusal import Refusal
from tests.apps.hmrc_rates import import_rates, load_seed

if TYPE_CHECKING:
    from pathlib import Path

    from ewtp.apps.rulebook.reading.versions import VersionRef

DAY = date(2026, 6, 30)
LINES = pa.table(
    {
        "from": ["ZA"],
        "to": ["GB"],
        "date": pa.array([DAY], pa.date32()),
        "hs": ["61091000"],
        "value": pa.array([Decimal(1000)], pa.decimal128(18, 2)),
        "currency": ["USD"],
    },
)
LINE = QuestionLine("61091000", "ZA", Money(Decimal(1000), "USD"), {}, {}, ())
QUESTION = Question("ZA", "GB", DAY, None, None, None, (LINE,), None, None)


def by_kernel(answers: pa.Table | Refusal) -> Decimal:
    assert not isinstance(answers, Refusal), answers
    (row,) = answers.to_pylist()
    assert not row["scalar"]
    found: Decimal = row["customs_value"]
    return found


def customs_value(version: VersionRef) -> Decimal:
    """What both paths convert the value to."""
    reader = RulebookReader(version)
    (answer,) = version_scalar(reader, reader.rates.latest).answers([QUESTION])
    assert isinstance(answer, Answer)
    found = by_kernel(version_assessor(version).assess_table(LINES))
    assert answer.totals.customs_value.amount == found
    return found


def pinned() -> VersionRef:
    version = pin_version()
    assert not isinstance(version, Refusal)
    return version


@pytest.mark.kernel
@pytest.mark.django_db
def test_rates_imported_meanwhile_are_those_of_the_next_batch(tmp_path: Path) -> None:
    load_seed(tmp_path)
    version = pinned()
    before = customs_value(version)
    import_rates(tmp_path)
    assert customs_value(version) == before
    assert customs_value(pinned()) == Decimal("100.00") != before
