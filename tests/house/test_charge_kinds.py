"""A kind of charge is one row of a table, and everything that handles charges handles every row."""

from __future__ import annotations

import re
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ewtp.apps.assessment.surface.openapi import COMPONENTS
from ewtp.core.compiled.compile.rule_lists import FACETS_OF
from ewtp.core.compiled.format import amount_kind, charge_kind, rule_set, tax_term
from ewtp.core.compiled.format.facets import Facet
from ewtp.core.compiled.table.answers_to_arrow import ANSWER_SCHEMA
from ewtp.core.replay.answer_pairs import AMOUNTS
from ewtp.core.rulebook.charge_kinds import (
    CHARGE_KINDS,
    KINDS_BY_TOTAL,
    LOWER_DUTIES,
    ChargeKind,
    charge_kind_of,
)
from ewtp.core.rulebook.measure import Kind
from ewtp.core.rulebook.tax_base import DEFAULT_TAX_BASE, TERMS
from ewtp.web.components.names import kind_name, practice_text
from tests.core.assessment.small_book import answered, ask, book, rule

if TYPE_CHECKING:
    from ewtp.core.rulebook.measure import Measure

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src/ewtp"
# Where one kind of charge is named, each with the reason; everything else reads the table.
NAMING_EXCISE = {
    "core/rulebook/measure.py": "the kinds of measure",
    "core/rulebook/charge_kinds.py": "the table",
    "core/assessment/excise.py": "how it is computed",
    "core/assessment/line_in_progress.py": "when it is computed",
    "core/compiled": "machine code has a constant for each; the tests here hold the constants to the table",
    "core/rulebook/phrases": "what the seed says of it, to be translated",
    "web/components/names.py": "what people call it, to be translated",
    "core/values/terms.py": "what sentences call it, to be translated",
    "apps/rulebook/store/migrations/0001_initial.py": "the kinds as they were then",
    "gateways/official_files": "what the codes of official files mean, and an address",
}
by_kind = pytest.mark.parametrize("row", CHARGE_KINDS, ids=lambda row: row.kind.value)


def example(kind: Kind) -> Measure:
    fields: dict[str, Any] = {"include": ("AA-BB",)} if kind in LOWER_DUTIES else {}
    return rule(kind, "0101", "10%", order_number="1" if kind is Kind.QUOTA else "", **fields)


def test_every_kind_of_measure_that_charges_has_a_row():
    assert {kind for kind in Kind if kind.charges} == {row.kind for row in CHARGE_KINDS} | set(LOWER_DUTIES)
    assert {charge_kind_of(kind).kind for kind in LOWER_DUTIES} == {Kind.DUTY}
    for name in ("step", "column", "measures_column"):
        assert len({getattr(row, name) for row in CHARGE_KINDS}) == len(CHARGE_KINDS)
    assert sorted(chain.from_iterable(KINDS_BY_TOTAL.values())) == sorted(row.kind for row in CHARGE_KINDS)


@by_kind
def test_a_charge_of_the_kind_is_computed_and_added_to_its_total(row: ChargeKind):
    answer = answered(ask(book([example(row.kind)])))
    (charge,) = answer.lines[0].charges
    assert charge.kind is row.kind
    schema = COMPONENTS["Charge"]["properties"]
    assert charge.as_json()["kind"] in schema["kind"]["enum"]
    amounts = {total: getattr(answer.totals, total).amount for total in KINDS_BY_TOTAL}
    assert amounts == {total: 100 if total == row.total else 0 for total in KINDS_BY_TOTAL}


@pytest.mark.parametrize("kind", LOWER_DUTIES)
def test_a_lower_duty_is_charged_as_a_duty(kind: Kind):
    claim = "quota:1" if kind is Kind.QUOTA else "AA-BB"
    answer = answered(ask(book([example(kind)]), line={"claims": [claim]}))
    assert [charge.kind for charge in answer.lines[0].charges] == [Kind.DUTY]


@by_kind
def test_the_kind_has_its_numbers_and_columns_in_compiled_rulebooks(row: ChargeKind):
    assert getattr(charge_kind, row.kind.name) == getattr(rule_set, row.kind.name) == row.step
    assert amount_kind.NAMES[getattr(amount_kind, row.column.upper())] == row.column
    assert {row.column, row.measures_column} <= set(ANSWER_SCHEMA.names)
    assert row.column in AMOUNTS


def test_the_terms_of_a_tax_base_have_the_order_of_the_table():
    terms = charge_kind_of(Kind.TAX).duty_paid
    assert DEFAULT_TAX_BASE.split("+") == ["customs_value", *terms]
    assert TERMS[tax_term.CARRIAGE + 1 :] == tuple(terms)
    assert [getattr(tax_term, kind.name) for kind in terms] == list(range(tax_term.CARRIAGE + 1, tax_term.COUNT))


def test_every_kind_of_measure_is_in_a_list_of_rules_and_has_a_name():
    assert set(FACETS_OF) == set(Kind)
    assert {facet for own in FACETS_OF.values() for facet in own} | {Facet.BY_ORIGIN} == set(Facet)
    assert all(kind_name(kind.value) not in ("", kind.value) for kind in Kind)
    assert "_" not in practice_text({"name": "tax_base", "value": DEFAULT_TAX_BASE})


def test_a_kind_of_charge_is_named_where_it_has_to_be_and_nowhere_else():
    found = {
        path.relative_to(SOURCE)
        for path in SOURCE.rglob("*.py")
        if re.search(r"excise|EXCISE", path.read_text(encoding="utf-8"))
    }
    reasoned = {path: {name for name in NAMING_EXCISE if path.is_relative_to(name)} for path in found}
    assert [path for path, names in reasoned.items() if not names] == []
    assert set().union(*reasoned.values()) == set(NAMING_EXCISE)
