"""The files of the seed: packs are read back as they were written, dated steps split, broken files named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.measure import Condition, Kind, Measure, Origins, Product
from ewtp.core.rulebook.records import CodeReplaced, ExchangeRate
from ewtp.core.rulebook.territory import Group, Membership, OriginRule, TariffLine
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.seed.reader import SeedBook, read_packs, read_yaml, write_pack
from ewtp.gateways.seed.root import seed_root

SOURCE = Source("xx-tariff", "Tariff of X", "Customs of X", date(2026, 1, 1), date(2026, 11, 24), licence="open")
OTHER = Source("xx-notice", "Notice 7", "Customs of X", date(2026, 3, 1), date(2026, 11, 24))
OPEN = Period(date(2026, 1, 1))


def measure(code: str, expression: str, **changes: object) -> Measure:
    """A preference for X's partner Y, changed as a test needs."""
    values: dict[str, object] = {
        "id": "unused",
        "territory": "XX",
        "kind": Kind.PREFERENCE,
        "product": Product("XX2026", code),
        "validity": OPEN,
        "source": SOURCE,
        "reference": f"Tariff {code}",
        "title": "Tariff preference",
        "expression": expression,
        "origins": Origins(("XX-Y",)),
    }
    return Measure(**(values | changes))  # type: ignore[arg-type] # each test names real fields


def written(root: Path, measures: list[Measure], **records: object) -> SeedBook:
    """What is read after the records were written as one pack."""
    defaults = {
        "territory": "XX",
        "kind": "preference",
        "nomenclature": "XX2026",
        "valid_from": "2026-01-01",
        "title": "Tariff preference",
        "reference": "Tariff {code}",
    }
    write_pack(root / "xx" / "tariff", source=SOURCE, defaults=defaults, measures=measures, **records)  # type: ignore[arg-type] # as above
    book = read_packs(root)
    assert isinstance(book, SeedBook), book
    return book


def without_id(found: Measure) -> Measure:
    """The measure with the id the tests' measures have."""
    return replace(found, id="unused")


def test_a_measure_with_every_detail_is_read_back_as_it_was(tmp_path: Path) -> None:
    """No field is lost on the way through the files."""
    full = measure(
        "0101",
        '5%, MIN 3 EUR, MAX "9" EUR',
        kind=Kind.ADDITIONAL_DUTY,
        product=Product("XX2026", "0101", ("010121", "010129")),
        origins=Origins(("AA", "XX-Y"), ("BB",)),
        source=OTHER,
        programme="P1",
        yields_to=("P2", "P3"),
        minimum="1.00 EUR",
        maximum="2.00 EUR",
        agency="AG",
        document="D1",
        stage="entry",
        mast_chapter="D",
        order_number="09.1",
        additional_code="A1",
        base="duty_paid",
        currency="EUR",
        validity=Period(date(2026, 2, 1), date(2026, 2, 28)),
        conditions=(Condition("document", "C1", "A paper, of sorts"), Condition("claim", "XX-Y")),
    )
    book = written(tmp_path, [full], sources=[OTHER])
    assert [without_id(found) for found in book.measures] == [full]
    assert [source.id for source in book.sources] == ["xx-notice", "xx-tariff"]


def test_a_source_that_does_not_state_when_it_was_published_is_read_back_so(tmp_path: Path) -> None:
    """The date is null in the pack, and is not left out by mistake."""
    undated = replace(OTHER, published=None)
    book = written(tmp_path, [measure("0101", "5%", source=undated)], sources=[undated])
    assert undated in book.sources
    pack = tmp_path / "xx/tariff/source.yaml"
    pack.write_text(pack.read_text().replace("published: null\n", ""))
    refusal = read_packs(tmp_path)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "seed_broken"


def test_years_that_follow_one_another_are_one_row_and_split_again(tmp_path: Path) -> None:
    """A phase-down is a row of dated steps; equal years melt together; a gap starts another row."""
    years = {2026: "9%", 2027: "6%", 2028: "6%", 2029: "Free"}
    measures = [
        measure("010121", rate, validity=Period(date(year, 1, 1), date(year, 12, 31))) for year, rate in years.items()
    ]
    measures.append(measure("010121", "2%", validity=Period(date(2031, 1, 1))))
    book = written(tmp_path, measures)
    rows = (tmp_path / "xx/tariff/measures.csv").read_text().splitlines()
    assert len(rows) == 3
    assert [(m.expression, m.validity.start.year, m.validity.end and m.validity.end.year) for m in book.measures] == [
        ("9%", 2026, 2026),
        ("6%", 2027, 2028),
        ("Free", 2029, 2029),
        ("2%", 2031, None),
    ]
    assert len({m.id for m in book.measures}) == 4


def test_programmes_with_the_same_rate_share_a_row_and_every_origin_stays_apart(tmp_path: Path) -> None:
    """The rate for everybody is never melted into the rate of a programme."""
    book = written(
        tmp_path,
        [
            measure("0202", "Free"),
            measure("0202", "Free", origins=Origins(("XX-Z",))),
            measure("0202", "Free", origins=Origins()),
            measure("0202", "Free", kind=Kind.DUTY, origins=Origins()),
        ],
    )
    assert sorted(m.origins.include for m in book.measures) == [("*",), ("*",), ("XX-Y", "XX-Z")]


def test_other_records_come_back(tmp_path: Path) -> None:
    """Lines, groups, origin rules, correlation and rates."""
    records = {
        "lines": [
            TariffLine("XX", "01012100", OPEN, ("C62", "KGM")),
            TariffLine("XX", "01012900", Period(date(2026, 2, 1))),
        ],
        "groups": [
            Group(
                "XX-Y",
                "Pact of Y",
                (Membership("NO", OPEN), Membership("YY", Period(date(2026, 1, 1), date(2026, 6, 30)))),
                SOURCE,
                "annex 1",
                "EUR.1",
                "y-scheme",
            ),
        ],
        "origin_rules": [OriginRule("y-scheme", "0101000000", "0102999999", ("WO",), "MaxNOM 50%", SOURCE)],
        "replaced": [CodeReplaced("HS2017", "010130", "HS2022", "010131")],
        "rates": [ExchangeRate("PEG", "EUR", "XOF", "655.957", "1999-01-01", "")],
    }
    book = written(tmp_path, [], **records)
    assert book.lines == records["lines"]
    assert book.groups == records["groups"]
    assert book.origin_rules == records["origin_rules"]
    assert book.replaced == records["replaced"]
    assert book.rates == records["rates"]


def test_ids_do_not_depend_on_other_rows_and_repeats_are_told_apart(tmp_path: Path) -> None:
    """Two measures that share the derived name get ids from their contents."""
    two = [measure("03", "1%", conditions=(Condition("end_use", "feed"),)), measure("03", "1%")]
    before = {without_id(m): m.id for m in written(tmp_path, two).measures}
    after = {without_id(m): m.id for m in written(tmp_path, [*two, measure("01", "7%")]).measures}
    assert len(set(before.values())) == 2
    assert {key: after[key] for key in before} == before


def test_writing_twice_gives_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    """The seed under version control changes only when the law does."""
    measures = [measure(f"{n:06d}", f"{n % 7}%") for n in range(1, 60)]
    written(tmp_path, measures)
    first = (tmp_path / "xx/tariff/measures.csv").read_bytes()
    written(tmp_path, measures[::-1])
    assert (tmp_path / "xx/tariff/measures.csv").read_bytes() == first


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("toll,01,5%,2026-01-01,", "row 2: 'toll' is not a kind"),
        ("duty,01x,5%,2026-01-01,", "row 2: the code '01x'"),
        ("duty,01,5%,01/02/2026,", "row 2: '01/02/2026' is not a date"),
        ("duty,01,5%,2026-02-01,2026-01-01", "before it starts"),
        ("duty,01,,2026-01-01,", "needs an expression"),
        ("duty,01,2026-01-01:5% | 2025-01-01:4%,2026-01-01,", "not in order"),
        ("duty,01,2026-01-01:5% | 4%,2026-01-01,", "date:expression"),
        ("duty,01,5%,2026-01-01", "4 cells where the header has 5"),
        ("duty,01,5%,2026-01-01,\nduty,01,5%,2026-01-01,", "row 3: the measure"),
        ('duty,01,"5%,2026-01-01,', "unexpected end of data"),
    ],
)
def test_a_broken_row_is_refused_with_its_place(tmp_path: Path, row: str, said: str) -> None:
    """Nothing is read from a seed that has a fault in it."""
    written(tmp_path, [measure("01", "5%")])
    path = tmp_path / "xx/tariff/measures.csv"
    path.write_text(f"kind,code,expression,valid_from,valid_to\n{row}\n")
    refusal = read_packs(tmp_path)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "seed_broken"
    assert "measures.csv" in refusal.message
    assert said in refusal.message


def test_an_unknown_column_and_an_unknown_source_are_refused(tmp_path: Path) -> None:
    """A misspelt column would otherwise drop a condition in silence."""
    written(tmp_path, [measure("01", "5%")])
    path = tmp_path / "xx/tariff/measures.csv"
    for text, said in (
        ("code,expression,colour\n01,5%,red\n", "'colour'"),
        ("code,expression,source\n01,5%,nowhere\n", "'nowhere'"),
    ):
        path.write_text(text)
        refusal = read_packs(tmp_path)
        assert isinstance(refusal, Refusal)
        assert said in refusal.message


def test_an_empty_folder_and_bad_yaml_are_refused(tmp_path: Path) -> None:
    """The operator learns which folder or file to mend."""
    empty = read_packs(tmp_path)
    assert isinstance(empty, Refusal)
    assert empty.code == "seed_missing"
    written(tmp_path, [measure("01", "5%")])
    (tmp_path / "territories.yaml").write_text("territories: [a: b: c\n")
    broken = read_packs(tmp_path)
    assert isinstance(broken, Refusal)
    assert "territories.yaml" in broken.message


def test_yaml_keeps_norway_and_decimals_as_text(tmp_path: Path) -> None:
    """``NO`` is an economy, 0101210000 a code and 4.50 an exact figure."""
    path = tmp_path / "a.yaml"
    path.write_text("{economy: NO, rate: 4.50, code: 0101210000, count: 12, yes: true, day: 2026-01-31}")
    assert read_yaml(path) == {
        "economy": "NO",
        "rate": "4.50",
        "code": "0101210000",
        "count": 12,
        "yes": True,
        "day": date(2026, 1, 31),
    }


def test_the_seed_is_found_by_the_environment_or_beside_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation may keep its rulebook elsewhere."""
    monkeypatch.setenv("EWTP_RULEBOOK", "/srv/law")
    assert seed_root() == Path("/srv/law")
    monkeypatch.delenv("EWTP_RULEBOOK")
    assert seed_root() == Path(__file__).resolve().parents[3] / "rulebook"
