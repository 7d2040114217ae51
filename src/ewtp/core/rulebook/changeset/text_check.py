"""Whether a record can be read: its title, its reference, its stage, the name of a group, its notes, its act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.rulebook.changeset.fault import Fault
from ewtp.core.rulebook.changeset.law_record import record_name
from ewtp.core.rulebook.changeset.record_sentences import (
    CONDITION_SILENT,
    GROUP_NAME_WRONG,
    STAGE_UNKNOWN,
    STATED_AS_ADOPTED,
    TEXT_EMPTIED,
    TEXT_WRONG,
)
from ewtp.core.rulebook.measure import EVERY_ORIGIN, INFORMATIVE, LONGEST_CLAIM, STAGES, ConditionKind, Measure
from ewtp.core.rulebook.territory import Group, TerritoryPractice
from ewtp.core.values.visible_text import has_controls

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ewtp.core.rulebook.changeset.law_record import LawRecord

# A convention of this program: the longest text of a rule in the seed has 804 characters.
LONGEST_TEXT = 2_000
_LONGEST_SHOWN = 40
_TEXTS = ("id", "title", "description", "text", "reference", "proof", "agency", "document", "programme", "name")
# What readers go by, so that a change which takes it away is a slip.
_GONE_BY = ("title", "description", "reference")
_SILENT = INFORMATIVE - {ConditionKind.ELECTRONIC}


def find_wrong_texts(record: LawRecord, held: Iterable[LawRecord]) -> Iterator[Fault]:
    """The faults of texts that nobody can read, and of those that the law ``held`` has and the record leaves empty."""
    name = {"record": record_name(record)[:_LONGEST_SHOWN]}
    stated = {field: _read(record, field) for field in _TEXTS}
    for field, text in stated.items():
        blank = bool(text) and field != "text" and not text.strip()
        if blank or len(text) > LONGEST_TEXT or has_controls(text):
            yield Fault(TEXT_WRONG, {**name, "field": field, "most": LONGEST_TEXT})
    for field in _GONE_BY:
        if not stated[field] and any(_read(each, field).strip() for each in held):
            yield Fault(TEXT_EMPTIED, {**name, "field": field})


def _read(record: LawRecord, field: str) -> str:
    source = record.practice if isinstance(record, TerritoryPractice) else record
    text = getattr(source, field, "")
    return text if isinstance(text, str) else ""


def find_unknown_stage(measure: Measure, held: Iterable[LawRecord]) -> Iterator[Fault]:
    """The fault of a stage that answers do not know and that the law does not state there."""
    known = {"", *STAGES, *(each.stage for each in held if isinstance(each, Measure))}
    if measure.stage not in known and not measure.kind.charges:
        params = {"record": record_name(measure), "stage": measure.stage[:_LONGEST_SHOWN], "known": list(STAGES)}
        yield Fault(STAGE_UNKNOWN, params)


def find_own_adoption(measure: Measure, held: Iterable[LawRecord]) -> Iterator[Fault]:
    """The fault of an adoption that a proposal states; what amends an adopted rule may name the act of that rule."""
    adoptions = [each.adoption for each in held if isinstance(each, Measure)]
    if measure.adoption is not None and measure.adoption not in adoptions:
        yield Fault(STATED_AS_ADOPTED, {"record": record_name(measure)})


def find_silent_conditions(measure: Measure) -> Iterator[Fault]:
    """The faults of notes and papers that are told to the trader and say nothing."""
    for condition in measure.conditions:
        if condition.kind in _SILENT and not (condition.value.strip() or condition.text.strip()):
            yield Fault(CONDITION_SILENT, {"record": record_name(measure), "kind": condition.kind})


def find_wrong_group_name(group: Group) -> Iterator[Fault]:
    """The fault of a group that could not be claimed, or would be taken for every origin."""
    if not group.id or group.id == EVERY_ORIGIN or len(group.id) > LONGEST_CLAIM:
        yield Fault(GROUP_NAME_WRONG, {"name": group.id[:_LONGEST_SHOWN], "most": LONGEST_CLAIM})
