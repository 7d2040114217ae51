"""Reforms of the law of the seed, and wrong ones, as they would come before a vote; on the whole seed.

The table in `docs/rules/changeset.md` says what each of them must say now, and which other tests hold it to that.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from ewtp.core.rulebook.changeset.canonical import changeset_digest
from ewtp.core.rulebook.changeset.changeset import Amended, Changeset, Ended
from ewtp.core.rulebook.changeset.changeset_json import changeset_as_json, changeset_from_json
from ewtp.core.rulebook.changeset.check import check
from ewtp.core.rulebook.changeset.law_in_effect import HeldLaw
from ewtp.core.rulebook.changeset.plain_words import word_changeset
from ewtp.core.rulebook.changeset.reconciliation import merge, rebase
from ewtp.core.rulebook.measure import Condition, Kind, Measure, Origins
from ewtp.core.values.period import Period
from ewtp.gateways.reference.hs_texts import subheadings
from ewtp.gateways.reference.iso_codes import vocabulary
from tests.core.rulebook.changeset.small_law import proposed, renamed
from tests.seed_book import whole_book

if TYPE_CHECKING:
    from collections.abc import Callable

    from ewtp.core.rulebook.changeset.law_record import LawRecord

pytestmark = pytest.mark.seed

NAMES = ("law", "reform")
FROM, LAST = date(2027, 1, 1), date(2026, 12, 31)


@cache
def law() -> HeldLaw:
    return HeldLaw(whole_book(), "5eed", vocabulary().economies, vocabulary().currencies, subheadings())


def held(wanted: Callable[[Measure], bool]) -> list[Measure]:
    """The measures of the seed that are in force in 2026 and wanted, in order."""
    rules = (rule.measure for rules in whole_book().rules.values() for rule in rules)
    return sorted((m for m in rules if LAST in m.validity and wanted(m)), key=lambda m: m.id)


def amended(measures: list[Measure], **fields: Any) -> Changeset[LawRecord]:
    return Changeset(
        *NAMES,
        amended=tuple(
            Amended(one, proposed(one, id=f"r{n}", validity=Period(FROM), known_from=None, **fields))
            for n, one in enumerate(measures)
        ),
    )


def lacey() -> Changeset[LawRecord]:
    found = held(lambda m: m.document.startswith("AL1") and m.product.prefix[:2] in ("92", "94"))
    return Changeset(*NAMES, ended=tuple(Ended(one, LAST) for one in found))


def threshold() -> Changeset[LawRecord]:
    relief = held(
        lambda m: m.territory == "GB" and m.kind is Kind.RELIEF and any("135" in c.value for c in m.conditions)
    )
    assert relief
    dearer = tuple(replace(c, value=c.value.replace("135", "800")) for c in relief[0].conditions)
    return amended(relief[:1], conditions=dearer)


def is_ecowas_duty(measure: Measure) -> bool:
    return measure.territory == "ECOWAS" and measure.kind is Kind.DUTY


def alignment() -> Changeset[LawRecord]:
    rice = held(lambda m: is_ecowas_duty(m) and m.product.prefix.startswith("1006"))
    return amended(rice, expression="5.5%")


CLAIM = "recognition:test"
CERTIFIED = (Condition("claim", CLAIM), Condition("document", "Certificate"), Condition("authority", "Another agency"))


def food() -> list[Measure]:
    """Some requirements of data by the Food and Drug Administration."""
    found = held(lambda m: m.territory == "US" and m.agency == "FDA" and m.product.prefix.startswith("0901"))
    assert found
    return found


def certificate() -> Changeset[LawRecord]:
    return amended(food(), conditions=(Condition("unless_claim", CLAIM),))


def exemption() -> Changeset[LawRecord]:
    spared = Origins(("*",), ("GH",))
    new = (proposed(m, id=f"r{n}", validity=Period(FROM), origins=spared) for n, m in enumerate(food()))
    return Changeset(*NAMES, added=tuple(new), ended=tuple(Ended(m, LAST) for m in food()))


def relief(like: Measure, programme: str, **fields: Any) -> Changeset[LawRecord]:
    plain = {"expression": "", "kind": Kind.RELIEF, "validity": Period(FROM), "title": "Relief", "stage": ""}
    return Changeset(*NAMES, added=(proposed(like, id="r", programme=programme, **plain, **fields),))


def small_values() -> Changeset[LawRecord]:
    nothing = {"agency": "", "document": "", "mast_chapter": ""}
    everything = replace(food()[0].product, prefix="", exclusions=())
    limit = (Condition("maximum_value", "800.00 USD"),)
    return relief(food()[0], "relief:duty", product=everything, conditions=limit, **nothing)


def recognition() -> Changeset[LawRecord]:
    return relief(food()[0], "recognition", origins=Origins(("ZA",)), conditions=CERTIFIED)


REFORMS = {
    "R1": lacey,
    "R2a": certificate,
    "R2b": exemption,
    "R3": threshold,
    "R3b": small_values,
    "R4": alignment,
    "R5": recognition,
}


@pytest.mark.parametrize("reform", REFORMS.values(), ids=REFORMS)
def test_a_reform_of_the_seed_is_sound_and_has_one_digest(reform: Callable[[], Changeset[LawRecord]]):
    changes = reform()
    assert changes
    assert check(changes, law()) == ()
    renaming = replace(
        changes,
        before="elsewhere",
        ended=tuple(Ended(renamed(end.record, 1), end.last_day) for end in reversed(changes.ended)),
        amended=tuple(Amended(renamed(c.before, 2), renamed(c.after, 3)) for c in reversed(changes.amended)),
    )
    assert changeset_digest(renaming) == changeset_digest(changes)
    assert changeset_from_json(changeset_as_json(changes)) == changes
    rebased = rebase(changes, law())
    assert isinstance(rebased, Changeset)
    assert changeset_digest(rebased) == changeset_digest(changes)
    assert rebased.base == "5eed"


def test_the_reforms_in_words():
    assert [one.message for one in word_changeset(lacey())] == [
        "US ends APHIS AL1 data: may apply for 53 codes in chapters 92, 94; last day 2026-12-31."
    ]
    (threshold_said,) = word_changeset(threshold())
    assert "135" in str(threshold_said.params["old"])
    assert "800" in str(threshold_said.params["new"])
    assert {one.params["new"] for one in word_changeset(alignment())} == {"5.5%"}


def test_the_reforms_merge_in_either_order():
    nothing: Changeset[LawRecord] = Changeset(*NAMES)
    one, other = merge(nothing, lacey(), alignment()), merge(nothing, alignment(), lacey())
    assert isinstance(one, Changeset)
    assert one == other
    assert check(one, law()) == ()


def test_what_was_taken_wrongly_is_told():
    duty = held(is_ecowas_duty)[0]
    nowhere = proposed(duty, product=replace(duty.product, prefix="99999"))
    abroad = proposed(duty, territory="ECOWSA")
    to_nobody = proposed(duty, kind=Kind.PREFERENCE, origins=Origins(("AFCFTX",)), expression="Free")
    cases: dict[str, tuple[Changeset[LawRecord], set[str]]] = {
        "R6": (Changeset(*NAMES, ended=(Ended(replace(duty, expression="99%"), LAST),)), {"CS2"}),
        "R7": (Changeset(*NAMES, added=(replace(duty, id="x", agency="x"),)), {"CS9"}),
        "R8": (
            Changeset(*NAMES, added=(abroad, nowhere, to_nobody)),
            {"CS5", "CS6", "CS7"},
        ),
        "R9": (amended([duty], expression="ten percent or so"), {"CS4"}),
    }
    for name, (changes, expected) in cases.items():
        assert {fault.number for fault in check(changes, law())} == expected, name
