"""Official rates: read exactly, in order of day, and usable as the core's table."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

from ewtp.gateways.reference.exchange_rates import ecb_rates, ecb_rates_known, read_ecb_archive
from tests.seed_rates import seed_rate_table


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
    table = seed_rate_table()
    assert set(table.series) == {"ECB", "HMRC", "PEG"}
    used = table.find("EUR", "XOF", date(2026, 10, 1))
    assert used is not None
    assert used.rate == Decimal("655.957")
    month = table.find("GBP", "EUR", date(2023, 8, 15), ("HMRC",))
    assert month is not None
    assert (month.source, month.rate) == ("HMRC", Decimal("1.1515"))
    assert table.find("USD", "GHS", date(2026, 10, 1)) is None


def test_a_rate_is_known_from_the_afternoon_on_which_it_is_published() -> None:
    pair, day = ("EUR", "USD"), date(2026, 6, 30)
    last = {hour: ecb_rates_known(datetime(2026, 6, 30, hour, tzinfo=UTC))[pair][-1][0] for hour in (14, 15)}
    assert last == {14: date(2026, 6, 29), 15: day}
    assert ecb_rates()[pair][-1][0] > day
    assert set(ecb_rates_known(datetime(1990, 1, 1, tzinfo=UTC))) == set(ecb_rates())
    assert ecb_rates_known(datetime(1990, 1, 1, tzinfo=UTC))[pair] == ()
