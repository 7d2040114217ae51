"""Exchange rates: a rulebook's own beside an archive, several bases in a source, and rates that convert nothing."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from ewtp.core.assessment.exchange import RateTable, RateUsed, find_recorded_series, rate_table
from ewtp.core.rulebook.records import ExchangeRate

JUNE = date(2026, 6, 1)
ARCHIVE = {
    "ECB": {
        ("EUR", "USD"): tuple((JUNE + timedelta(n),) * 2 + (Decimal(f"1.{n}"),) for n in range(1, 5)),
        ("EUR", "GBP"): ((JUNE, JUNE, Decimal("0.8")),),
    }
}


def table(*recorded: ExchangeRate) -> RateTable:
    return rate_table(find_recorded_series(recorded), ARCHIVE)


def used(rates: RateTable, currency: str, target: str, day: date, *preferred: str) -> RateUsed:
    found = rates.find(currency, target, day, preferred)
    assert found is not None
    return found


def test_the_archive_comes_first_unless_another_source_is_preferred():
    rates = table(ExchangeRate("BANK", "EUR", "USD", "7", "2026-06-01", "2026-06-30"))
    assert list(rates.series) == ["ECB", "BANK"]
    assert used(rates, "EUR", "USD", date(2026, 6, 3)).source == "ECB"
    assert used(rates, "EUR", "USD", date(2026, 6, 3), "BANK", "ECB").rate == 7


def test_what_the_rulebook_records_rules_on_the_days_that_it_covers():
    rates = table(
        ExchangeRate("ECB", "EUR", "USD", "9", "2026-06-03", "2026-06-04"),
        ExchangeRate("ECB", "EUR", "KES", "150", "2026-06-03", ""),
    )
    found = {day: used(rates, "EUR", "USD", date(2026, 6, day)).rate for day in range(2, 6)}
    assert found == {2: Decimal("1.1"), 3: Decimal(9), 4: Decimal(9), 5: Decimal("1.4")}
    assert used(rates, "EUR", "KES", date(2030, 1, 1)).rate == 150
    assert used(rates, "EUR", "GBP", JUNE).rate == Decimal("0.8")
    assert set(rates.series["ECB"]) == {("EUR", "USD"), ("EUR", "GBP"), ("EUR", "KES")}
    assert len(rates.series["ECB"]) == 3
    assert rates.series["ECB"].get(("EUR", "XXX")) is None


def test_a_source_may_quote_in_several_currencies():
    rates = table(
        ExchangeRate("BANK", "EUR", "KES", "150", "2026-06-01", "2026-06-30"),
        ExchangeRate("BANK", "USD", "UGX", "3700", "2026-06-01", "2026-06-30"),
        ExchangeRate("BANK", "USD", "KES", "140", "2026-05-01", "2026-05-31"),
    )
    day = date(2026, 6, 15)
    assert used(rates, "EUR", "KES", day).rate == 150
    assert used(rates, "USD", "UGX", day).rate == 3700
    assert rates.find("EUR", "UGX", day) is None
    # Of two ways the one with the younger rate is taken, whatever the order of the bases.
    assert used(rates, "KES", "USD", date(2026, 5, 31), "BANK").valid_to == date(2026, 5, 31)


def test_a_rate_of_zero_is_left_out():
    assert table(ExchangeRate("BANK", "EUR", "KES", "0.00", "2026-06-01", "")).find("EUR", "KES", JUNE) is None


def test_a_peg_leads_from_any_base_of_a_source():
    rates = table(ExchangeRate("PEG", "EUR", "XOF", "655.957", "1999-01-01", ""))
    found = used(rates, "XOF", "USD", date(2026, 6, 2))
    assert (found.source, found.rate) == ("ECB+PEG", Decimal("0.001676939190"))
