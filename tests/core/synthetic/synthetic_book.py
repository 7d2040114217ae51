"""A small book whose figures are invented: a schedule that changes in mid-year, a union, one without a tariff."""

from __future__ import annotations

from datetime import date

from ewtp.core.rulebook.book import build_book
from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.measure import Kind, Measure, Origins, Product
from ewtp.core.rulebook.territory import Group, Membership, TariffLine, Territory
from ewtp.core.synthetic.import_profile import ImportProfile, build_import_profile
from ewtp.core.values.period import Period

SOURCE = Source("test-tariff", "Tariff made up for a test", "Nobody", date(2026, 1, 1), date(2026, 1, 2))
TURN = date(2026, 6, 8)
YEAR = Period(date(2020, 1, 1))
SUBHEADINGS = ("010121", "090111", "610910", "970110", "990000")


def rule(territory, kind, prefix, expression, *origins, validity=YEAR, **fields):
    """A measure of the book."""
    return Measure(
        id=f"{territory}-{kind}-{prefix}-{'-'.join(origins)}-{expression}",
        territory=territory,
        kind=kind,
        product=Product("TEST", prefix),
        validity=validity,
        source=SOURCE,
        reference="made up",
        origins=Origins(origins or ("*",)),
        expression=expression,
        currency=fields.pop("currency", "GBP"),
        title=str(kind),
        **fields,
    )


def made_up_book():
    """GB has a schedule; BE and NL form the union BX with another; JP has none."""
    line = TariffLine
    return build_book(
        "made-up.1",
        territories=[
            Territory("GB", "Great Britain", ("GB",), "GBP", "TEST", "HS2022", 8),
            Territory("BX", "A union", ("BE", "NL"), "EUR", "TEST", "HS2022", 8),
            Territory("JP", "Japan", ("JP",), "JPY"),
        ],
        groups=[
            Group("GB-EARLY", "Until June", (Membership("ZA", Period(date(2020, 1, 1), date(2026, 6, 7))),), SOURCE),
            Group("GB-ALWAYS", "For ever", (Membership("KE", YEAR), Membership("ZA", YEAR)), SOURCE),
        ],
        measures=[
            rule("GB", Kind.DUTY, "0901", "10 GBP/100 kg"),
            rule("GB", Kind.DUTY, "2204", "13.1 GBP/hl"),
            rule("GB", Kind.DUTY, "0401", "5 GBP/100 kg/lactic matter"),
            rule("GB", Kind.DUTY, "6109", "12%"),
            rule("GB", Kind.PREFERENCE, "6109", "Free", "GB-EARLY", "GB-ALWAYS"),
            rule("GB", Kind.PREFERENCE, "0901", "Free", "GB-ALWAYS", validity=Period(TURN)),
            rule("GB", Kind.PREFERENCE, "2204", "see note 4", "GB-ALWAYS"),
            rule("BX", Kind.DUTY, "", "3%"),
            rule("BX", Kind.DUTY, "8507", "1 EUR/p/st", currency="EUR"),
        ],
        lines=[
            line("GB", "09011100", YEAR),
            line("GB", "22042100", YEAR),
            line("GB", "04011000", YEAR),
            line("GB", "61091000", Period(date(2020, 1, 1), date(2026, 6, 7))),
            line("GB", "61091010", Period(TURN)),
            line("GB", "61091090", Period(TURN)),
            line("GB", "98010000", YEAR),
            line("BX", "85071000", YEAR, ("C62",)),
            line("BX", "90111000", YEAR, ("MTR", "C62")),
        ],
    )


def made_up_profile(year=2026):
    """The book's profile of a year."""
    profile = build_import_profile(made_up_book(), year=year, subheadings=SUBHEADINGS)
    assert isinstance(profile, ImportProfile)
    return profile
