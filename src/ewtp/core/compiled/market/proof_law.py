"""The preferences and quotas that ask for a proof of their own, as the scalar path's function needs them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

from ewtp.core.rulebook.charge_kinds import LOWER_DUTIES
from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.measure import ConditionKind, Product
from ewtp.core.rulebook.measure_json import measure_as_json, measure_from_json
from ewtp.core.rulebook.rule import Rule
from ewtp.core.values.refusal import Refusal

_TOLD = frozenset({ConditionKind.PROOF, ConditionKind.SEASON})
_NO_SOURCE = Source("none", "none", "none", None, date.min)


def write_proof_law(rule: Rule) -> str:
    """The part of a preference or quota that tells its proofs, whom it reaches and when, as JSON.

    Empty without a proof.
    """
    measure = rule.measure
    told = tuple(each for each in measure.conditions if each.kind in _TOLD)
    if measure.kind not in LOWER_DUTIES or all(each.kind is not ConditionKind.PROOF for each in told):
        return ""
    short = replace(
        measure,
        title="",
        product=Product("", measure.product.prefix),
        conditions=told,
        source=_NO_SOURCE,
        reference="",
        known_from=None,
        known_to=None,
        adoption=None,
        additional_code="",
    )
    return json.dumps(measure_as_json(short), ensure_ascii=False, separators=(",", ":"))


def read_proof_law(text: str) -> Rule:
    """The rule that ``write_proof_law`` wrote."""
    measure = measure_from_json(json.loads(text))
    if isinstance(measure, Refusal):
        msg = f"a stored preference cannot be read: {measure.message}"
        raise TypeError(msg)
    return Rule(measure)
