"""Official rates: read exactly, in order of day, and usable as the core's table."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from ewtp.core.assessment.exchange import RateTable
from ewtp.gateways.reference.exchange_rates import forget_rate_series, load_rate_series, read_ecb_archive

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def archive(text: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("eurofxref-hist.csv", text)
    return packed.getvalue()


def test_the_archive_is_read_without_losing_a_digit() -> None:
    rates = read_ecb_archive(archive("Date,USD,CYP,\n2026-10-30,1.11720000000000000001,N/A,\n2026-10-29,1.1,N/A,\n"))
    assert rates["EUR", "USD"] == (
        (date(2026, 10, 29), date(2026, 10, 29), Decimal("1.1")),
        (date(2026, 10, 30), date(2026, 10, 30), Decimal("1.11720000000000000001")),
    )
    assert rates["EUR", "CYP"] == ()
    assert set(rates) == {("EUR", "USD"), ("EUR", "CYP")}
    assert rates.get(("USD", "EUR")) is None


def test_the_three_sources_serve_the_core() -> None:
    forget_rate_series()
    table = RateTable(load_rate_series())
    assert set(table.series) == {"ECB", "HMRC", "PEG"}
    used = table.find("EUR", "XOF", date(2026, 10, 1))
    assert used is not None
    assert used.rate == Decimal("655.957")
    month = table.find("GBP", "EUR", date(2023, 8, 15), ("HMRC",))
    assert month is not None
    assert (month.source, month.rate) == ("HMRC", Decimal("1.1515"))
    assert table.find("USD", "GHS", date(2026, 10, 1)) is None


def test_an_installation_without_a_seed_still_has_the_reference_rates(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("EWTP_RULEBOOK", str(tmp_path))
    assert set(load_rate_series()) == {"ECB"}
