"""The packs of Great Britain and the European Union: the same law in fewer rows."""

from __future__ import annotations

from datetime import date

from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.measure import Kind, Measure, Origins, Product
from ewtp.core.rulebook.territory import TariffLine
from ewtp.core.values.period import Period
from tools.seed.gb_eu import collapse_duties, unite_members

SOURCE = Source("s", "S", "P", date(2021, 1, 1), date(2026, 1, 1))
OPEN = Period(date(2021, 1, 1))


def duty(code: str, rate: str) -> Measure:
    return Measure(
        f"GB-duty-{code}",
        "GB",
        Kind.DUTY,
        Product("CN2020", code),
        OPEN,
        SOURCE,
        f"UKGT {code}",
        expression=rate,
    )


def rate_of(code: str, duties: list[Measure]) -> str:
    """The rate of the longest matching prefix."""
    return max((m for m in duties if m.product.covers(code)), key=lambda m: len(m.product.prefix)).expression


def test_collapsing_keeps_every_lines_rate():
    table = {
        "01012100": "0%",
        "01012910": "0%",
        "01022110": "5%",
        "01022190": "0%",
        "0102219010": "5%",
        "02011000": "1%",
        "0201100010": "1%",
    }
    collapsed = list(
        collapse_duties([duty(c, r) for c, r in table.items()], [TariffLine("GB", c, OPEN) for c in table]),
    )
    assert {code: rate_of(code, collapsed) for code in table} == table
    assert len(collapsed) < len(table)
    assert {m.product.prefix for m in collapsed if m.product.prefix.startswith("02")} == {"0201"}
    assert all(m.reference == f"UKGT {m.product.prefix}" for m in collapsed)


def test_members_with_the_same_rate_are_written_once():
    both = [
        Measure(
            f"m{n}",
            "GB",
            Kind.PREFERENCE,
            Product("CN2022", "01"),
            OPEN,
            SOURCE,
            "r",
            expression="0%",
            origins=Origins(("GB-sacum",), out),
        )
        for n, out in enumerate((("LS", "ZA"), ("BW", "ZA")))
    ]
    (one,) = unite_members(both)
    assert one.origins == Origins(("GB-sacum",), ("ZA",))
