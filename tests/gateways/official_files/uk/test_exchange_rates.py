"""HMRC's monthly rates: exact figures, periods, and rows that are none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.rulebook.records import ExchangeRate, Importing, RowRefused
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.uk.exchange_rates import read
from tests.reference_data import RETRIEVED, reference

if TYPE_CHECKING:
    from pathlib import Path


def test_rates_are_kept_as_written_and_bad_rows_refused(tmp_path: Path) -> None:
    path = tmp_path / "rates.csv"
    path.write_text(
        "EUR,2023-08-01,2023-08-31,1.1510\nXXX,2023-08-01,2023-07-31,1\nUSD,2023-08-01,2023-08-31,0\nUSD,2023-08,2023-08-31,1\nUSD,1\n",
    )
    importing = read(path, retrieved=RETRIEVED)
    assert isinstance(importing, Importing)
    found = list(importing.records)
    assert found[0] == ExchangeRate("HMRC", "GBP", "EUR", "1.1510", "2023-08-01", "2023-08-31")
    assert [r.row for r in found if isinstance(r, RowRefused)] == [2, 3, 4, 5]


MONTH = (
    "Country/Territories,Currency,Currency Code,Currency Units per £1,Start date,End date\n"
    "Austria,Euro,EUR,1.1510,01/08/2026,31/08/2026\n"
    "Spain,Euro,EUR,1.1510,01/08/2026,31/08/2026\n"
    "Nowhere,Euro,EUR,1.2,01/08/2026,31/08/2026\n"
    "USA,Dollar,USD,1.3,2026-08-01,2026-08-31\n"
    "Elsewhere,Dollar,XX,1.3,01/08/2026,31/08/2026\n"
)


def test_a_month_as_the_online_tariff_gives_it_out_has_each_currency_once(tmp_path: Path) -> None:
    path = tmp_path / "monthly_csv_2026-8.csv"
    path.write_text(MONTH)
    importing = read(path, retrieved=RETRIEVED)
    assert isinstance(importing, Importing)
    found = list(importing.records)
    assert [each for each in found if isinstance(each, ExchangeRate)] == [
        ExchangeRate("HMRC", "GBP", "EUR", "1.1510", "2026-08-01", "2026-08-31"),
        ExchangeRate("HMRC", "GBP", "USD", "1.3", "2026-08-01", "2026-08-31"),
    ]
    refused = [(each.row, each.code) for each in found if isinstance(each, RowRefused)]
    assert refused == [(4, "rate_repeated"), (6, "row_misshapen")]
    path.write_text(MONTH[:-4])
    cut = read(path, retrieved=RETRIEVED)
    assert isinstance(cut, Importing)
    (broken,) = cut.records
    assert isinstance(broken, RowRefused)
    assert broken.code == "file_broken"


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rates.csv"
    path.write_text("currency,rate\nEUR,1.15\n")
    refusal = read(path, retrieved=RETRIEVED)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "file_not_hmrc_exchange_rates"


def test_the_whole_file() -> None:
    path = reference("fx/hmrc_monthly_rates_2020-2023.csv")
    importing = read(path, retrieved=RETRIEVED)
    assert isinstance(importing, Importing)
    found = list(importing.records)
    assert len(found) == 6374
    assert all(isinstance(r, ExchangeRate) for r in found)
