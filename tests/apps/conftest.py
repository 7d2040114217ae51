"""A small rulebook in the database. Its figures are invented for the tests; real law is tested beside the seed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.measure import Kind, Measure, Origins, Product
from ewtp.core.rulebook.territory import Group, Membership, TariffLine
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.seed.reader import write_pack
from tests.actors import OPERATOR
from tests.shared_rows import shared_rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from django.test import Client

SOURCE = Source("test-tariff", "Tariff made up for a test", "Nobody", date(2026, 1, 1), date(2026, 1, 2))
SINCE = Period(date(2026, 1, 1))


def a_measure(kind: Kind, prefix: str, expression: str, origins: tuple[str, ...] = ("*",), **fields: Any) -> Measure:
    """A rule of the territory GB in the test's book."""
    return Measure(
        id=f"GB-{kind}-{prefix or 'all'}-{'-'.join(origins)}",
        territory="GB",
        kind=kind,
        product=Product("TEST", prefix),
        validity=SINCE,
        source=SOURCE,
        reference=f"schedule {prefix}",
        origins=Origins(origins),
        expression=expression,
        currency="GBP",
        title=kind.value,
        **fields,
    )


TERRITORIES = """\
sources:
- {id: test-tariff, title: Tariff made up for a test, publisher: Nobody, published: 2026-01-01, retrieved: 2026-01-02}
territories:
- code: GB
  name: Great Britain
  members: GB
  currency: GBP
  nomenclature: TEST
  hs_edition: HS2022
  digits: 8
  schedule: test-tariff
  practices:
  - {name: valuation, value: CIF, from: 2026-01-01, source: test-tariff, reference: section 1}
  - {name: coverage_additional_duty, value: whole, from: 2026-01-01, source: test-tariff, reference: section 2}
  - {name: coverage_excise, value: none, from: 2026-01-01, source: test-tariff, reference: section 3}
  - {name: coverage_fee, value: none, from: 2026-01-01, source: test-tariff, reference: section 4}
"""


def write_seed(root: Path, duty: str) -> None:
    """A tariff with one duty in per cent, one by weight, a preference and a VAT."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "territories.yaml").write_text(TERRITORIES)
    write_pack(
        root / "gb" / "tariff",
        source=SOURCE,
        defaults={"territory": "GB", "nomenclature": "TEST", "currency": "GBP", "valid_from": "2026-01-01"},
        measures=[
            a_measure(Kind.DUTY, "610910", duty),
            a_measure(Kind.DUTY, "090111", "10 GBP/100 kg"),
            a_measure(Kind.PREFERENCE, "610910", "Free", ("GB-TEST",)),
            a_measure(Kind.TAX, "", "20%", base="duty_paid"),
        ],
        lines=[TariffLine("GB", code, SINCE) for code in ("09011100", "61091000")],
        groups=[Group("GB-TEST", "Test agreement", (Membership("ZA", SINCE),), SOURCE, proof="Declaration")],
    )


@pytest.fixture
def client() -> Client:
    """Django's test client, which also holds every answer of the API to the API's description."""
    from tests.described_client import DescribedClient  # noqa: PLC0415 - Django is set up after this file

    return DescribedClient()


def forget_versions() -> None:
    """Forget what was read of versions of the rulebook: those of another test may have the same name and day."""
    from ewtp.apps.distances.reading.distance_report import distances_on  # noqa: PLC0415 - Django is set up after this file
    from ewtp.apps.rulebook.reading.book_cache import read_cached_book  # noqa: PLC0415 - likewise
    from ewtp.apps.rulebook.reading.holdings import holdings  # noqa: PLC0415 - likewise

    read_cached_book().forget()
    holdings.cache_clear()
    distances_on.cache_clear()


@pytest.fixture
def publish(db: None, tmp_path: Path) -> Callable[[str, datetime], None]:  # noqa: ARG001 - the rulebook is in the database
    """Publish the small rulebook with a duty on T-shirts, at a moment."""
    from ewtp.apps.rulebook.actions.seed_loader import seed_load  # noqa: PLC0415 - Django is set up after this file

    def publishing(duty: str, now: datetime) -> None:
        write_seed(tmp_path, duty)
        report = seed_load(root=tmp_path, actor=OPERATOR, now=now)
        assert not isinstance(report, Refusal), report
        assert not report.refused, report.refused
        forget_versions()

    return publishing


@shared_rows
def small_rulebook_rows(folder: Path) -> None:
    """The small rulebook, known since the first of February."""
    from ewtp.apps.rulebook.actions.seed_loader import seed_load  # noqa: PLC0415 - Django is set up after this file

    write_seed(folder, "12%")
    report = seed_load(root=folder, actor=OPERATOR, now=datetime(2026, 2, 1, tzinfo=UTC))
    assert not isinstance(report, Refusal), report
    assert not report.refused, report.refused


@pytest.fixture
def rulebook(small_rulebook_rows: None) -> None:  # noqa: ARG001 - it is in the database
    """The small rulebook, known since the first of February."""
    forget_versions()
