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
