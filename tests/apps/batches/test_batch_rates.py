"""A batch converts by the exchange rates of the version that it is pinned to, in the kernel and in the scalar path."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from ewtp.apps.batches.actions.assess_job import PinnedScalar, pin_version, pinned_assessor
from ewtp.apps.batches.reading.compiled_versions import table_assessor
from ewtp.core.assessment.answer import Answer
from ewtp.core.assessment.question import Question, QuestionLine
from ewtp.core.values.money import Money
from ewtp.core.values.refusal import Refusal
from tests.apps.hmrc_rates import import_rates, load_seed

if TYPE_CHECKING:
    from pathlib import Path

    from ewtp.apps.batches.actions.assess_job import PinnedVersion

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


def customs_value(version: PinnedVersion) -> Decimal:
    """What both paths convert the value to."""
    (answer,) = PinnedScalar(version).answers([QUESTION])
    assert isinstance(answer, Answer)
    found = by_kernel(pinned_assessor(version)(LINES))
    assert answer.totals.customs_value.amount == found
    return found


def pinned() -> PinnedVersion:
    version = pin_version()
    assert not isinstance(version, Refusal)
    return version


@pytest.mark.django_db
def test_rates_imported_meanwhile_are_those_of_the_next_batch(tmp_path: Path) -> None:
    load_seed(tmp_path)
    version = pinned()
    before = customs_value(version)
    import_rates(tmp_path)
    assert customs_value(version) == before
    assert customs_value(pinned()) == Decimal("100.00") != before
    latest: Any = table_assessor()
    assert by_kernel(latest.assess_table(LINES)) == Decimal("100.00")
