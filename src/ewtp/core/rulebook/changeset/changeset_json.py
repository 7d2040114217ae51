"""A changeset as JSON and back: the file of a proposal, of a replay, and of ``ewtp rulebook diff --json``."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.changeset.canonical import (
    changeset_digest,
    is_digest_of,
    is_record_digest_of,
    record_digest,
)
from ewtp.core.rulebook.changeset.changeset import Amended, Changeset, Ended, collect_reasons
from ewtp.core.rulebook.changeset.law_record import place_of
from ewtp.core.rulebook.changeset.law_record_json import law_record_as_json, law_record_from_json, unknown_field
from ewtp.core.rulebook.changeset.sentences import (
    CHANGE_DIGEST_WRONG,
    CHANGE_REPLACES_WRONG,
    CHANGE_WHY_UNREADABLE,
    CHANGESET_UNREADABLE,
)
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ewtp.core.rulebook.changeset.law_record import LawRecord

# The reason of an operation, in characters.
LONGEST_WHY = 2_000
FIELDS = ("before", "after", "base", "digest", "counts", "added", "ended", "amended")
# An end names its record; the older form called it a measure, since there was nothing else.
_END_FIELDS = frozenset({"record", "measure", "replaces", "last_day"})
_AMENDMENT_FIELDS = frozenset({"before", "after", "replaces", "changed"})


def changeset_as_json(changeset: Changeset[LawRecord]) -> dict[str, Any]:
    """The changeset with every record in full.

    ``digest`` is that of the canonical form, ``replaces`` that of the content which an end or an amendment replaces.
    ``counts`` and ``changed`` are for readers alone. An operation with a reason has it as ``why``.
    """

    def add_reason(record: LawRecord, operation: dict[str, Any]) -> dict[str, Any]:
        why = changeset.reason_for(record) if changeset.reasons else ""
        return operation | {"why": why} if why else operation

    return {
        "before": changeset.before,
        "after": changeset.after,
        "base": changeset.base,
        "digest": changeset_digest(changeset),
        "counts": changeset.counts,
        "added": [add_reason(record, law_record_as_json(record)) for record in changeset.added],
        "ended": [
            add_reason(
                end.record,
                {
                    "record": law_record_as_json(end.record),
                    "replaces": record_digest(end.record),
                    "last_day": end.last_day.isoformat() if end.last_day else None,
                },
            )
            for end in changeset.ended
        ],
        "amended": [
            add_reason(
                change.before,
                {
                    "before": law_record_as_json(change.before),
                    "replaces": record_digest(change.before),
                    "after": law_record_as_json(change.after),
                    "changed": list(change.changed),
                },
            )
            for change in changeset.amended
        ],
    }


def changeset_from_json(body: Any) -> Changeset[LawRecord] | Refusal:
    """The changeset that an object describes, in the form of ``changeset_as_json`` or the older one without digests.

    Everything wrong with it is refused at once: ``changeset_unreadable``, ``measure_unreadable``,
    ``record_unreadable``, ``change_field_unknown``, ``change_digest_wrong``, ``change_why_unreadable``.
    """
    if not isinstance(body, dict):
        return Refusal(CHANGESET_UNREADABLE)
    names = [body.get(name, "") for name in ("before", "after", "base")]
    if "before" not in body or "after" not in body or not all(isinstance(name, str) for name in names):
        return Refusal(CHANGESET_UNREADABLE)
    faults = [unknown_field(name) for name in body if name not in FIELDS]
    reasons: list[tuple[tuple[str, date], str]] = []
    added = _each(body, "added", law_record_from_json, faults, reasons)
    ended = _each(body, "ended", _end, faults, reasons)
    amended = _each(body, "amended", _amendment, faults, reasons)
    if faults:
        return Refusal.join(faults)
    operations = (tuple(added), tuple(ended), tuple(amended))
    changeset = Changeset(names[0], names[1], *operations, base=names[2], reasons=collect_reasons(reasons))
    if "digest" in body and not is_digest_of(body["digest"], changeset):
        return Refusal(CHANGE_DIGEST_WRONG, where="digest")
    return changeset


def _each(
    body: Mapping[str, Any],
    name: str,
    read: Callable[[Any], Any],
    faults: list[Refusal],
    reasons: list[tuple[tuple[str, date], str]],
) -> list[Any]:
    """What each member of a list describes; refusals go to ``faults``, and why it is so to ``reasons``."""
    members = body.get(name, [])
    if not isinstance(members, list):
        faults.append(Refusal(CHANGESET_UNREADABLE, where=name))
        return []
    found = []
    for number, given in enumerate(members):
        why: Any = ""
        member = given
        if isinstance(given, dict) and "why" in given:
            member = {field: value for field, value in given.items() if field != "why"}
            why = given["why"]
        if not isinstance(why, str) or len(why) > LONGEST_WHY:
            faults.append(Refusal(CHANGE_WHY_UNREADABLE, {"most": LONGEST_WHY}, where=f"{name}[{number}].why"))
            continue
        value = read(member)
        if isinstance(value, Refusal):
            faults.append(value.under(f"{name}[{number}]"))
            continue
        found.append(value)
        if why:
            reasons.append((place_of(_subject(value)), why))
    return found


def _subject(operation: LawRecord | Ended[LawRecord] | Amended[LawRecord]) -> LawRecord:
    """The record that an operation ends, amends or adds."""
    if isinstance(operation, Ended):
        return operation.record
    return operation.before if isinstance(operation, Amended) else operation


def _end(body: Any) -> Ended[LawRecord] | Refusal:
    if not isinstance(body, dict) or "last_day" not in body or not ("record" in body or "measure" in body):
        return Refusal(CHANGESET_UNREADABLE)
    last_day = _day(body["last_day"])
    if isinstance(last_day, Refusal):
        return last_day
    field = "record" if "record" in body else "measure"
    record = law_record_from_json(body[field])
    if isinstance(record, Refusal):
        return record.under(field)
    return _wrong(body, record, _END_FIELDS) or Ended(record, last_day)


def _amendment(body: Any) -> Amended[LawRecord] | Refusal:
    if not isinstance(body, dict) or not {"before", "after"} <= body.keys():
        return Refusal(CHANGESET_UNREADABLE)
    before, after = law_record_from_json(body["before"]), law_record_from_json(body["after"])
    if isinstance(before, Refusal) or isinstance(after, Refusal):
        sides = (("before", before), ("after", after))
        return Refusal.join([side.under(name) for name, side in sides if isinstance(side, Refusal)])
    if type(before) is not type(after):
        return Refusal(CHANGESET_UNREADABLE, where="after")
    return _wrong(body, before, _AMENDMENT_FIELDS) or Amended(before, after)


def _wrong(body: Mapping[str, Any], replaced: LawRecord, fields: frozenset[str]) -> Refusal | None:
    """What is wrong with the rest of an operation."""
    unknown = [unknown_field(name) for name in sorted(body.keys() - fields)]
    if unknown:
        return Refusal.join(unknown)
    if "replaces" in body and not is_record_digest_of(body["replaces"], replaced):
        return Refusal(CHANGE_REPLACES_WRONG, where="replaces")
    return None


def _day(value: Any) -> date | Refusal | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return Refusal(CHANGESET_UNREADABLE, where="last_day")
