"""Lists and patterns as arrays."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from ewtp.core.compiled.format import due_field, instruction_field, opcode, outcome_field, pattern_field
from ewtp.core.compiled.format.tables import BUYERS, TRANSPORTS, column, starts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ewtp.core.compiled.compile.condition_axes import Modes
    from ewtp.core.compiled.compile.decision_tables import Patterns
    from ewtp.core.compiled.compile.outcomes import Vocabulary
    from ewtp.core.compiled.compile.rule_lists import RuleList
    from ewtp.core.rulebook.book import Rule


def list_arrays(lists: Sequence[RuleList], pattern_of: Sequence[int], patterns: Patterns) -> dict[str, Any]:
    """The arrays of lists; each list has as many numbers for sets as its pattern knows non-empty ones."""
    lengths = np.fromiter((len(own) - 1 for own in patterns.sets), np.int64, len(patterns.sets))
    chosen = column(pattern_of, np.int32)
    # Number 0 is the empty set, so the first list's sets begin at 1, one less than the place of its set 1.
    return {
        "list_pattern": chosen,
        "list_sets": starts(lengths[chosen]),
        "list_rules_start": starts(len(listed) for listed in lists),
        "list_rules": np.fromiter(chain.from_iterable(lists), np.int32),
    }


def pattern_arrays(patterns: Patterns) -> dict[str, Any]:
    """The arrays of patterns, with their spans, cases and sets of places."""
    spans = list(chain.from_iterable(patterns.spans))
    sets = list(chain.from_iterable(patterns.sets))
    return {
        "pattern_fields": _pattern_fields(patterns),
        "pattern_sets": starts(len(own) for own in patterns.sets),
        "set_places_start": starts(len(places) for places in sets),
        "set_places": np.fromiter(chain.from_iterable(sets), np.int32),
        "limit_minor": column([limit for modes in patterns.modes for limit in modes.limits], np.int64),
        "pattern_claim": column([claim for modes in patterns.modes for claim in modes.claims], np.int32),
        "span_day": column([span[0] for span in spans], np.int32),
        "span_classes": column([span[1] for span in spans], np.int32),
        "span_cases": starts(len(span[2]) for span in spans)[:-1],
        "case_outcome": np.fromiter(chain.from_iterable(span[2] for span in spans), np.int32),
    }


def _pattern_fields(patterns: Patterns) -> Any:
    ends = starts(len(spans) for spans in patterns.spans)
    limits = starts(len(modes.limits) for modes in patterns.modes)
    claims = starts(len(modes.claims) for modes in patterns.modes)
    rows = [
        (
            ends[n],
            ends[n + 1],
            _count(modes),
            int(modes.buyer),
            int(modes.transport),
            modes.currency,
            limits[n],
            limits[n + 1],
            claims[n],
            claims[n + 1],
        )
        for n, modes in enumerate(patterns.modes)
    ]
    return column(rows, np.int32).reshape(-1, pattern_field.WIDTH)


def _count(modes: Modes) -> int:
    each = (
        (len(BUYERS) if modes.buyer else 1) * (len(TRANSPORTS) if modes.transport else 1) * (2 * len(modes.limits) + 1)
    )
    return each * (len(modes.claims) + 1)


def outcome_arrays(patterns: Patterns, words: Vocabulary) -> dict[str, Any]:
    """The arrays of outcomes, of the charges they lead to, and of the programs that compute those."""
    outcomes = patterns.outcomes.listed
    programs = words.programs.listed
    dues = starts(len(outcome[0]) for outcome in outcomes)
    offers = starts(len(outcome[9]) for outcome in outcomes)
    begins = starts(len(program) for program in programs)
    instructions = list(chain.from_iterable(programs))
    rows = [
        (
            begins[place],
            begins[place + 1],
            kind,
            base,
            tried,
            currency,
            least,
            most,
            programs[place][0][1] if len(programs[place]) == 1 and programs[place][0][0] == opcode.SHARE else -1,
        )
        for outcome in outcomes
        for place, kind, base, tried, least, most, currency in outcome[0]
    ]
    fields = [(o[4], dues[n], dues[n + 1], *o[5:9], offers[n], offers[n + 1]) for n, o in enumerate(outcomes)]
    return {
        "outcome_fields": column(fields, np.int32).reshape(-1, outcome_field.WIDTH),
        "outcome_unknowns": column([o[1:4] for o in outcomes], np.int64).reshape(-1, 3),
        "offer_claim": column([claim for o in outcomes for claim in o[9]], np.int32),
        "due_fields": column(rows, np.int64).reshape(-1, due_field.WIDTH),
        "instruction_fields": column([(i[0], *i[2:]) for i in instructions], np.int32).reshape(
            -1, instruction_field.WIDTH
        ),
        "instruction_figure": column([i[1] for i in instructions], np.int64),
    }


def measure_arrays(rules: Iterable[Rule]) -> dict[str, Any]:
    """The ids of the rules' measures, end to end."""
    texts = [rule.measure.id for rule in rules]
    joined = "".join(texts)
    # A letter outside ASCII takes more than one byte.
    lengths = map(len, texts) if joined.isascii() else (len(text.encode()) for text in texts)
    return {
        "measure_start": starts(lengths, np.int64),
        "measure_text": np.frombuffer(joined.encode(), np.uint8),
    }
