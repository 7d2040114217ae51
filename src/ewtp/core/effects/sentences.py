"""Why an effect cannot be told."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

DONORS_TOO_FEW = Sentence(
    "effect_donors_too_few",
    "The effect cannot be measured yet: {donors:number} trades that the rule does not reach have figures for every "
    "month, and {needed:number} are needed.",
)
MONTHS_BEFORE_TOO_FEW = Sentence(
    "effect_months_too_few",
    "The effect cannot be measured yet: the plan compares {months:number} months before the rule, and {needed:number} "
    "are needed.",
)
FIGURES_MISSING = Sentence(
    "effect_figures_missing",
    "The effect cannot be measured yet: {pairs:number} of the {all:number} trades that the rule reaches lack a figure "
    "for a month of the plan, the last of which is {month:date}.",
)
PLAN_LATE = Sentence(
    "effect_plan_late",
    "The effect cannot be measured: the plan was registered on {registered:date}, after the rule took effect on "
    "{adopted:date}.",
)
EFFECT_CLOSED = Sentence(
    "effect_closed",
    "The effect cannot be measured: the rule was in effect only until {day:date}, and the plan compares months up to "
    "{month:date}.",
)
OUTCOME_TABLE_EMPTY = Sentence(
    "outcome_table_empty", "The table has no rows: give one row for each trade, month and outcome."
)
OUTCOME_TABLE_LONG = Sentence(
    "outcome_table_long", "The table has more than {most:number} rows: load it in several parts."
)
OUTCOME_COLUMN_MISSING = Sentence(
    "outcome_column_missing", "The table has no column {column:field}: its columns are {columns:list field}."
)
OUTCOME_ROW_INVALID = Sentence(
    "outcome_row_invalid", "Row {row:number}: {column:field} cannot be {text:quoted}; write {wanted:term}."
)
OUTCOME_ROW_TWICE = Sentence(
    "outcome_row_twice",
    "Row {row:number} is about the same trade, month and outcome as an earlier one: give one of them.",
)
