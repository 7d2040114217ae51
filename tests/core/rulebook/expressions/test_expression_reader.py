"""What is read, what is refused and where; the special column; the share of every official schedule that is read."""

import csv
import gzip
import json
import re
from decimal import Decimal

import openpyxl
import pytest

from ewtp.core.rulebook.expressions.coverage import coverage
from ewtp.core.rulebook.expressions.json_form import as_json, from_json
from ewtp.core.rulebook.expressions.parser import parse
from ewtp.core.rulebook.expressions.printer import render
from ewtp.core.rulebook.expressions.tree import AdValorem, DayRange, Missing, Seasonal, Specific, Sum
from ewtp.core.rulebook.expressions.typography import normalise, original_offset
from ewtp.core.rulebook.expressions.us_special_column import split_partners, split_special
from ewtp.core.values.refusal import Refusal
from tests.core.rulebook.expressions.helpers import read
from tests.reference_data import reference


@pytest.mark.parametrize(
    ("text", "currency", "code", "at"),
    [
        ("", None, "expression_empty", 0),
        ("  \n", None, "expression_empty", 0),
        ("NaN%", None, "expression_unreadable", 0),
        ("by strength, and not held", None, "amount_not_held", 0),
        ("trade remedy duty, not in this schedule", None, "amount_not_held", 0),
        ("5% in one list, and not confirmed", None, "rate_not_confirmed", 0),
        (", and not held", None, "expression_unreadable", 0),
        ("1e9%", None, "expression_unreadable", 1),
        ("-5%", None, "expression_unreadable", 0),
        ("5% + -3%", None, "expression_unreadable", 5),
        ("\N{ARABIC-INDIC DIGIT FIVE}%", None, "expression_unreadable", 0),
        ("5%%", None, "expression_unreadable", 2),
        ("  5%   + +", None, "expression_unreadable", 9),
        ("5.1¢/kg + 8.5% banana", None, "expression_unreadable", 15),
        ("5.1¢/furlong", None, "expression_unreadable", 4),
        ("5% on the 5% on the case", None, "expression_unreadable", 10),
        ("1.2.3%", None, "expression_unreadable", 0),
        ("33 1/0%", None, "expression_unreadable", 3),
        ("33 2/6%", None, "expression_unreadable", 0),
        ("9" * 25 + "%", None, "expression_unreadable", 0),
        ("5", None, "expression_ambiguous", 0),
        ("1,250 EUR/t", "EUR", "expression_ambiguous", 0),
        ("450c/kg", None, "currency_undetermined", 3),
        ("$5/kg", "GBP", "currency_undetermined", 0),
        ("45.00/100 kg gross", None, "currency_undetermined", 0),
        ("5% (31 JUN - 31 DEC)", None, "expression_unreadable", 3),
        ("5% (01 FOO - 31 DEC)", None, "expression_unreadable", 3),
        ("7.50% (21-11 to 31-11) ; 0.00% (01-02 to 30-06)", "GBP", "expression_unreadable", 6),
        ("19.53% (end-use)", "GBP", "expression_unreadable", 7),
        ("x" * 2001, None, "expression_too_long", 2000),
        ("(" * 30 + "5%" + ")" * 30, None, "expression_unreadable", 20),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_place_in_the_original(text, currency, code, at):
    answer = parse(text, currency=currency)
    assert isinstance(answer, Refusal), answer
    assert (answer.code, answer.at) == (code, at)
    assert answer.message.endswith(".")


def test_the_currency_of_a_sign_is_that_of_the_schedule():
    assert parse("5¢/kg") == Specific(Decimal("0.05"), "USD", "KGM")
    assert parse("5¢/kg", currency="CAD") == Specific(Decimal("0.05"), "CAD", "KGM")
    assert parse("$5/kg", currency="CAD") == Specific(Decimal(5), "CAD", "KGM")
    assert parse("5c/kg", currency="ZAR") == Specific(Decimal("0.05"), "ZAR", "KGM")
    assert parse("5 EUR/kg", currency="GBP") == Specific(Decimal(5), "EUR", "KGM")


def test_a_comma_is_read_as_the_schedule_writes_it():
    assert parse("3,625c/kg", currency="ZAR") == Specific(Decimal("0.03625"), "ZAR", "KGM")
    assert parse("5,45%") == AdValorem(Decimal("5.45"))
    assert parse("1,250.50 EUR/t") == Specific(Decimal("1250.50"), "EUR", "TNE")
    assert parse("2 USD/1,000 items") == Specific(Decimal(2), "USD", "C62", Decimal(1000))


def test_a_plain_number_is_a_percentage_only_where_the_schedule_says_so():
    assert parse("4.5", bare_number_is_percent=True) == AdValorem(Decimal("4.5"))
    assert parse("6.4 + 24.6 EUR/100 kg") == Sum(
        (AdValorem(Decimal("6.4")), Specific(Decimal("24.6"), "EUR", "KGM", Decimal(100))),
    )


def test_a_reference_is_kept_and_never_a_number():
    assert parse("See additional U.S. note 1") == Missing("reference", "See additional U.S. note 1")
    korean = parse("The duty rate provided for originating goods of Korea in such subheading")
    assert isinstance(korean, Missing)


def test_a_season_may_have_several_ranges_and_a_rest_of_the_year():
    seasonal = parse("8.50% (01 JAN-31 MAY, 1 NOV-31 DEC), 12.00%")
    assert isinstance(seasonal, Seasonal)
    assert seasonal.seasons[0].ranges == (DayRange(1, 1, 5, 31), DayRange(11, 1, 12, 31))
    assert seasonal.seasons[1].ranges == ()
    assert render(seasonal) == "8.50% (01 JAN - 31 MAY, 01 NOV - 31 DEC), 12.00%"


def test_a_season_that_ends_on_the_31st_of_april_ends_with_the_month_before_another_starts():
    """Strawberries in the Common External Tariff, CN 0810 10 00: the next season starts on 1 May."""
    text = "11.20% (01 JAN-31 APR, 01 AUG-31 DEC), 12.80% MIN 2.4€/100kg/net (01 MAY-31 JUL)"
    seasonal = parse(text, currency="EUR")
    assert isinstance(seasonal, Seasonal)
    assert seasonal.seasons[0].ranges == (DayRange(1, 1, 4, 30), DayRange(8, 1, 12, 31))
    for unknown in ("11.20% (01 JAN-31 APR), 12.80% (02 MAY-31 JUL)", "11.20% (01 JAN-32 APR), 12.80% (01 MAY-31 JUL)"):
        assert isinstance(parse(unknown), Refusal)


def test_the_canonical_text_is_plain():
    assert render(read("5.1¢/kg + 8.5%")) == "0.051 USD/kg + 8.5%"
    assert render(read("450c/kgwith amaximumof 96%", currency="ZAR")) == "4.50 ZAR/kg MAX 96%"
    assert (
        render(read("5.62 ¢/kg but not less than 10.5 % plus 4 %", currency="CAD")) == "(0.0562 CAD/kg MIN 10.5%) + 4%"
    )
    assert render(read("0.40 EUR/100 kg/net/ % sacchar.")) == "0.40 EUR/% sucrose/100 kg of net weight"


def test_json_is_readable_and_bad_json_is_a_bug():
    assert as_json(read("5.1¢/kg + 8.5%")) == {
        "kind": "sum",
        "terms": [
            {"kind": "specific", "amount": "0.051", "currency": "USD", "unit": "KGM"},
            {"kind": "ad_valorem", "percent": "8.5"},
        ],
    }
    for body in (
        {},
        {"kind": "sum"},
        {"kind": "ad_valorem", "percent": "x"},
        {"kind": "nonsense"},
        {"kind": "sum", "terms": []},
    ):
        with pytest.raises(ValueError, match=r".+"):
            from_json(body)


def test_an_offset_leads_back_through_every_clean_up():
    text = "free\u00a0 SUBCHAPTER II X"
    assert normalise(text) == "free"
    for text in ("450c/kgwith amaximumof 96% !", " a  duty\nof 5% !", "$2.50/thou- sand + 40% !", "5%or6% !"):
        clean = normalise(text)
        assert original_offset(text, clean.index("!")) == text.index("!")


@pytest.mark.parametrize(
    ("text", "rates"),
    [
        ("Free (A,AU,BH, CL) 3.2% (JP)", [("Free", ("A", "AU", "BH", "CL")), ("3.2%", ("JP",))]),
        ("Free(A+, P) See 9822.04.25 (P+)", [("Free", ("A+", "P")), ("See 9822.04.25", ("P+",))]),
        ("Free (S,SG)8.8¢/liter(JO)", [("Free", ("S", "SG")), ("8.8¢/liter", ("JO",))]),
        ("See 9919.04.67 (PA (PA)", [("See 9919.04.67", ("PA",))]),
        ("Free (L,KR,L)", [("Free", ("L", "KR"))]),
        (
            "A duty upon the value (see U.S. note 3 of this subchapter) (B,C)",
            [("A duty upon the value (see U.S. note 3 of this subchapter)", ("B", "C"))],
        ),
        ("No change", [("No change", ())]),
        ("Free (See U.S. note 4 of this subchapter)", [("Free (See U.S. note 4 of this subchapter)", ())]),
    ],
)
def test_the_special_column_is_split_by_programme(text, rates):
    assert split_special(text) == rates


@pytest.mark.parametrize("text", ["", " ", "(A,B)", "Free (A) 5%", "x" * 5000])
def test_a_special_cell_that_says_nothing_certain_is_refused(text):
    assert isinstance(split_special(text), Refusal)


def test_partners_named_in_words():
    assert split_partners("36% toParaguay,Uruguay") == ("36%", ("Paraguay", "Uruguay"))
    assert split_partners("free to Brazil") == ("free", ("Brazil",))
    assert split_partners("450c/kg") == ("450c/kg", ())


# The official schedules themselves.


def _opened(path):
    return gzip.open(reference(path), "rt", encoding="utf-8-sig")


def _columns(path, *names):
    with _opened(path) as file:
        return [row[name] for row in csv.DictReader(file) for name in names]


def _sheet(path, sheet, *columns):
    book = openpyxl.load_workbook(reference(path), read_only=True, data_only=True)
    rows = book[sheet].iter_rows(min_row=2, values_only=True)
    texts = [row[column] for row in rows for column in columns if isinstance(row[column], str)]
    book.close()
    return texts


def _us():
    with _opened("us/hts_2026_rev_10.json.gz") as file:
        rows = json.load(file)
    texts = [row[name] or "" for row in rows for name in ("general", "other")]
    for cell in {row["special"] or "" for row in rows}:
        if cell.strip():
            rates = split_special(cell)
            assert not isinstance(rates, Refusal), cell
            texts.extend(rate for rate, _programmes in rates)
    return texts


def _african(name):
    with _opened(f"west_central_africa/{name}_afcfta_unctad.json.gz") as file:
        rows = json.load(file)
    return [
        str(row[key])
        for row in rows
        for key in row
        if key == "mfn" or re.fullmatch(r"t\d+", key)
        if row[key] is not None
    ]


_CANADIAN = (
    *("mfn", "gt", "aut", "nzt", "ccct", "ldct", "gpt", "ust", "mt", "must", "ciat", "ct", "crt", "it", "nt", "slt"),
    *("pt", "colt", "jt", "pat", "hnt", "krt", "ceut", "uat", "cptpt"),
)
_SOUTHERN = ("general", "eu_uk", "efta", "sadc", "mercosur", "afcfta")
_TARIFFS = "gb_eu/global-uk-tariff_ukgt-and-eu-cet.csv.gz"
SCHEDULES = {
    "us": (_us, "USD", 1000),
    "ukgt": (lambda: _columns(_TARIFFS, "ukgt_duty_rate"), "GBP", 1000),
    "cet": (lambda: _columns(_TARIFFS, "cet_duty_rate"), "EUR", 998),
    "sacu": (
        lambda: [split_partners(text)[0] for text in _columns("za/sacu_schedule1_part1_2025-05-09.csv.gz", *_SOUTHERN)],
        "ZAR",
        1000,
    ),
    "ca": (lambda: _columns("ca/ca2020.csv.gz", *_CANADIAN), "CAD", 996),
    "uk_preferences": (lambda: _sheet("gb_eu/pref_data3.xlsx", "Sheet1", 2), "GBP", 997),
    "uk_staging": (lambda: _sheet("gb_eu/staging_data4.xlsx", "Sheet1", *range(3, 16)), "GBP", 997),
    "uk_quotas": (lambda: _sheet("gb_eu/trq_data4.xlsx", "TRQs", 4), "GBP", 1000),
    "uk_quota_staging": (lambda: _sheet("gb_eu/trq_data4.xlsx", "TRQ_staging", *range(3, 8)), "GBP", 1000),
    "ecowas": (lambda: _african("ecowas_cet"), "XOF", 1000),
    "cemac": (lambda: _african("cameroon_cemac"), "XAF", 1000),
}


@pytest.mark.whole_file
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_a_schedule_is_read(schedule):
    texts, currency, at_least_per_mille = SCHEDULES[schedule]
    report = coverage(texts(), currency, bare_number_is_percent=schedule in {"ecowas", "cemac"})
    print(f"{schedule}: {report.summary()}")  # noqa: T201 - shown by pytest -s
    assert report.read_per_mille >= at_least_per_mille, [(text, why.message) for text, why in report.unread]


def test_a_report_counts_distinct_texts_and_keeps_what_is_unread():
    report = coverage(["5%", "5%", " ", "See note 1", "gibberish"], "USD")
    assert (report.distinct, report.computable, report.references) == (3, 1, ("See note 1",))
    assert [text for text, _why in report.unread] == ["gibberish"]
    assert report.read_per_mille == 666
    assert report.summary() == "3 distinct rates: 1 computable, 1 references, 1 unread (66.6% read)"
