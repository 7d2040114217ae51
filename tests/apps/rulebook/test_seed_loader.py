"""The seed is loaded once, again when it changes, and never over what an operator imported later."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ewtp.apps.rulebook.actions import seed_loader
from ewtp.apps.rulebook.reading.measure_list import MeasureFilter, measures_known
from ewtp.apps.rulebook.reading.versions import versions
from ewtp.core.rulebook.records import ExchangeRate
from ewtp.core.rulebook.territory import TariffLine
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from tests.actors import OPERATOR

from .conftest import Desk, a_duty, a_source

if TYPE_CHECKING:
    from pathlib import Path

    from ewtp.apps.rulebook.actions.import_report import ImportReport

JANUARY, MARCH = date(2026, 1, 1), date(2026, 3, 1)


class Seed:
    """A seed of one pack or two."""

    def __init__(self, root: Path, desk: Desk) -> None:
        self.root, self.desk = root, desk

    def write(self, *rows: str, source: str = "zm-tariff", published: date = JANUARY) -> None:
        pack = self.root / source
        pack.mkdir(parents=True, exist_ok=True)
        (pack / "source.yaml").write_text(
            f"source: {{id: {source}, title: Tariff {source}, publisher: Customs, published: {published},"
            " retrieved: 2026-01-02}\n"
            "defaults: {territory: ZM, nomenclature: HS2022, kind: duty, valid_from: 2026-01-01}\n",
        )
        (pack / "measures.csv").write_text("\n".join(("code,expression,reference,programme", *rows)) + "\n")

    def load(self) -> ImportReport | Refusal:
        self.desk.moment += timedelta(days=1)
        return seed_loader.seed_load(root=self.root, actor=OPERATOR, now=self.desk.moment)


@pytest.fixture
def seed(desk: Desk, tmp_path: Path) -> Seed:
    return Seed(tmp_path / "rulebook", desk)


def spoken_of() -> dict[str, set[Any]]:
    """The lines by code and period, and the exchange rates, that are known now."""
    from ewtp.apps.rulebook.store.models import ExchangeRate as KnownRate  # noqa: PLC0415 - Django is set up after this file
    from ewtp.apps.rulebook.store.models import TariffLine as KnownLine  # noqa: PLC0415 - Django is set up after this file

    lines = KnownLine.objects.filter(known__upper_inf=True).values_list("code", "validity")
    return {
        "lines": {(code, v.lower, v.upper - timedelta(days=1) if v.upper else None) for code, v in lines},
        "rates": set(KnownRate.objects.filter(known__upper_inf=True).values_list("units_per_base", flat=True)),
    }


def rates() -> dict[str, str]:
    return {m.product.prefix: m.expression for m in measures_known(MeasureFilter(day=date(2030, 1, 1)))}


def test_a_seed_is_loaded_and_then_left_alone(seed: Seed, monkeypatch: pytest.MonkeyPatch) -> None:
    seed.write("0901,5%,a,", "0902,6%,b,")
    loaded = seed.load()
    assert not isinstance(loaded, Refusal)
    assert loaded.counts["measures"]["new"] == 2
    monkeypatch.setattr(seed_loader, "read_packs", lambda _root: pytest.fail("the same seed was read again"))
    again = seed.load()
    assert not isinstance(again, Refusal)
    assert again.version is None
    assert len(versions()) == 1


def test_a_corrected_seed_corrects_and_what_it_drops_is_withdrawn(seed: Seed) -> None:
    seed.write("0901,5%,a,", "0902,6%,b,")
    seed.write("0903,7%,c,", source="zm-other")
    seed.load()
    before = seed.desk.moment
    seed.write("0901,4%,a,")
    (seed.root / "zm-other" / "source.yaml").unlink()
    loaded = seed.load()
    assert not isinstance(loaded, Refusal)
    assert rates() == {"0901": "4%"}
    assert {m.product.prefix for m in measures_known(MeasureFilter(known_at=before))} == {"0901", "0902", "0903"}


def test_an_operators_import_stays_until_the_seed_has_a_later_edition(seed: Seed) -> None:
    seed.write("0901,5%,a,")
    seed.load()
    later = a_source(published=MARCH)
    seed.desk.bring(a_duty("0901", "4%", JANUARY, source=later), source=later)
    seed.write("0901,3%,a,")
    loaded = seed.load()
    assert not isinstance(loaded, Refusal)
    assert rates() == {"0901": "4%"}
    assert "stays" in loaded.notes[0]
    seed.write("0901,2%,a,", published=date(2026, 4, 1))
    seed.load()
    assert rates() == {"0901": "2%"}


def test_lines_and_rates_that_came_with_an_import_stay_with_it(seed: Seed) -> None:
    seed.write("0901,5%,a,")
    (seed.root / "zm-tariff" / "lines.csv").write_text("code\n09011100\n09012100\n")
    (seed.root / "zm-tariff" / "exchange_rates.csv").write_text(
        "source,base,currency,units_per_base,valid_from,valid_to\nBOZ,USD,ZMW,20,2026-01-01,2026-01-31\n",
    )
    (seed.root / "territories.yaml").write_text(
        "territories:\n- {code: ZM, name: Zambia, members: ZM, currency: ZMW, nomenclature: HS2022, hs_edition: HS2022,"
        " digits: 8, schedule: zm-tariff}\n",
    )
    seed.load()
    later = a_source(published=MARCH)
    seed.desk.bring(
        a_duty("0901", "4%", MARCH, source=later),
        TariffLine("ZM", "09011100", Period(MARCH), (), "Coffee, not roasted"),
        TariffLine("ZM", "09019000", Period(MARCH), (), "Other"),
        ExchangeRate("BOZ", "USD", "ZMW", "25", "2026-03-01", "2026-03-31"),
        source=later,
    )
    before = spoken_of()
    assert before["lines"] == {
        ("09011100", JANUARY, date(2026, 2, 28)),
        ("09011100", MARCH, None),
        ("09012100", JANUARY, date(2026, 2, 28)),
        ("09019000", MARCH, None),
    }
    assert before["rates"] == {"20", "25"}
    seed.write("0901,3%,a,")
    loaded = seed.load()
    assert not isinstance(loaded, Refusal)
    assert loaded.version is not None
    assert spoken_of() == before


@pytest.mark.parametrize("text", ["0901,5%", "xx,5%,a,b", "0901,,a,b"])
def test_a_broken_seed_changes_nothing(seed: Seed, text: str) -> None:
    seed.write("0901,5%,a,")
    seed.load()
    seed.write("0901,1%,a,", text)
    refused = seed.load()
    assert isinstance(refused, Refusal)
    assert refused.code == "seed_broken"
    assert rates() == {"0901": "5%"}


def test_the_guards_stand_after_a_first_load(seed: Seed) -> None:
    seed.write("0901,5%,a,")
    seed.load()
    from ewtp.apps.rulebook.reading.check import rulebook_check  # noqa: PLC0415 - read after the load, like a later command

    assert rulebook_check().sound


def test_no_seed_is_a_refusal(seed: Seed) -> None:
    refused = seed.load()
    assert isinstance(refused, Refusal)
    assert refused.code == "seed_missing"
