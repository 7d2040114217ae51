"""Lists, decision tables, outcomes and ids of measures as the arrays of ``Tables``."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from ewtp.core.compiled.format import due_field, instruction_field, opcode, outcome_field, pattern_field
from ewtp.core.compiled.format.tables import BUYERS, TRANSPORTS, column, starts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from ewtp.core.compiled.compile.condition_axes import ConditionAxes
    from ewtp.core.compiled.compile.decision_tables import DecisionTables
    from ewtp.core.compiled.compile.duty_bytecode import Instruction
    from ewtp.core.compiled.compile.intern_pools import InternPools
    from ewtp.core.compiled.compile.rule_lists import RuleList
    from ewtp.core.rulebook.rule import Rule

_CASE_BYTES = np.dtype(np.int32).itemsize


def build_list_arrays(
    lists: Sequence[RuleList], pattern_of: Sequence[int], patterns: DecisionTables
) -> dict[str, NDArray[Any]]:
    """The arrays of lists; a list has a number for each non-empty set of its pattern."""
    lengths = np.fromiter((len(own) - 1 for own in patterns.sets), np.int64, len(patterns.sets))
    chosen = column(pattern_of, np.int32)
    # Number 0 is the empty set of every list, so the sets of the first list begin at 1: one more than its entry here.
    return {
        "list_pattern": chosen,
        "list_sets": starts(lengths[chosen]),
        "list_rules_start": starts(len(listed) for listed in lists),
        "list_rules": np.fromiter(chain.from_iterable(lists), np.int32),
    }


def build_pattern_arrays(patterns: DecisionTables) -> dict[str, NDArray[Any]]:
    """The arrays of patterns: their axes, spans, outcomes, and sets of indices in lists."""
    spans = list(chain.from_iterable(patterns.spans))
    # Spans with equal outcomes have the same place among the cases.
    cases = {id(span.outcomes): span.outcomes for span in spans}
    begins = starts(len(outcomes) // _CASE_BYTES for outcomes in cases.values())
    place_of = dict(zip(cases, begins[:-1].tolist(), strict=True))
    sets = list(chain.from_iterable(patterns.sets))
    return {
        "pattern_fields": _build_pattern_fields(patterns),
        "pattern_sets": starts(len(own) for own in patterns.sets),
        "set_places_start": starts(len(indices) for indices in sets),
        "set_places": np.fromiter(chain.from_iterable(sets), np.int32),
        "limit_minor": column([limit for axes in patterns.axes for limit in axes.limits], np.int64),
        "pattern_claim": column([claim for axes in patterns.axes for claim in axes.claims], np.int32),
        "span_day": column([span.first_day for span in spans], np.int32),
        "span_classes": column([span.classes for span in spans], np.int32),
        "span_cases": column([place_of[id(span.outcomes)] for span in spans], np.int32),
        "case_outcome": np.frombuffer(b"".join(cases.values()), np.int32),
    }


def _build_pattern_fields(patterns: DecisionTables) -> NDArray[np.int32]:
    ends = starts(len(spans) for spans in patterns.spans)
    limits = starts(len(axes.limits) for axes in patterns.axes)
    claims = starts(len(axes.claims) for axes in patterns.axes)
    rows = [
        (
            ends[n],
            ends[n + 1],
            _count_modes(axes),
            int(axes.buyer),
            int(axes.transport),
            axes.currency,
            limits[n],
            limits[n + 1],
            claims[n],
            claims[n + 1],
        )
        for n, axes in enumerate(patterns.axes)
    ]
    return column(rows, np.int32).reshape(-1, pattern_field.WIDTH)


def _count_modes(axes: ConditionAxes) -> int:
    buyers, transports = len(BUYERS) if axes.buyer else 1, len(TRANSPORTS) if axes.transport else 1
    return buyers * transports * (2 * len(axes.limits) + 1) * (len(axes.claims) + 1)


def build_outcome_arrays(patterns: DecisionTables, pools: InternPools) -> dict[str, NDArray[Any]]:
    """The arrays of outcomes, of their charges, and of the programs that compute the charges."""
    outcomes = patterns.outcomes.listed
    programs = pools.programs.listed
    dues = starts(len(outcome.dues) for outcome in outcomes)
    offers = starts(len(outcome.offers) for outcome in outcomes)
    begins = starts(len(program) for program in programs)
    instructions = list(chain.from_iterable(programs))
    rows = [
        (
            begins[due.program],
            begins[due.program + 1],
            due.kind,
            due.base,
            due.omission,
            due.currency,
            due.least,
            due.most,
            _share_of(programs[due.program]),
        )
        for outcome in outcomes
        for due in outcome.dues
    ]
    fields = [
        (outcome.flags, dues[n], dues[n + 1], *outcome.sets, offers[n], offers[n + 1])
        for n, outcome in enumerate(outcomes)
    ]
    unknowns = [(outcome.unknowns, outcome.fee_unknowns, outcome.tax_unknowns) for outcome in outcomes]
    return {
        "outcome_fields": column(fields, np.int32).reshape(-1, outcome_field.WIDTH),
        "outcome_unknowns": column(unknowns, np.int64).reshape(-1, 3),
        "offer_claim": column([claim for outcome in outcomes for claim in outcome.offers], np.int32),
        "due_fields": column(rows, np.int64).reshape(-1, due_field.WIDTH),
        "instruction_fields": column(
            [(i.operation, i.quantity, i.currency, i.refusal) for i in instructions], np.int32
        ).reshape(-1, instruction_field.WIDTH),
        "instruction_figure": column([i.figure for i in instructions], np.int64),
    }


def _share_of(program: Sequence[Instruction]) -> int:
    """The figure of a program that is one share of the base, else -1."""
    return program[0].figure if len(program) == 1 and program[0].operation == opcode.SHARE else -1


def build_measure_arrays(rules: Iterable[Rule]) -> dict[str, NDArray[Any]]:
    """The ids of the rules' measures, end to end in UTF-8."""
    texts = [rule.measure.id for rule in rules]
    joined = "".join(texts)
    # A character outside ASCII takes more than one byte.
    lengths = map(len, texts) if joined.isascii() else (len(text.encode()) for text in texts)
    return {
        "measure_start": starts(lengths, np.int64),
        "measure_text": np.frombuffer(joined.encode(), np.uint8),
    }
