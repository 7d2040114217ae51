"""A change in words, made from its data: grouped, so that fifty-three ended rules of one kind are one sentence."""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.changeset import sentences as words
from ewtp.core.rulebook.changeset.law_record import record_kind, record_name, record_period
from ewtp.core.rulebook.measure import EVERY_ORIGIN, Kind, Measure
from ewtp.core.rulebook.service import Procedure, Service
from ewtp.core.rulebook.territory import ALL_TIME, Group, GroupMember, OriginRule, TariffLine, TerritoryPractice
from ewtp.core.values.immutable import immutable
from ewtp.core.values.sentence import Statement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ewtp.core.rulebook.changeset.changeset import Amended, Changeset, Ended
    from ewtp.core.rulebook.changeset.law_record import LawRecord
    from ewtp.core.values.sentence import Sentence

# At most this many codes, chapters or origins are listed; more of them are counted.
_MOST_LISTED = 6
_CHAPTER_DIGITS = 2
# What an amendment also changes without another rule, and what its sentence says by itself.
_NOT_LISTED = frozenset({"status", "source", "reference", "title", "validity", "expression"})
# The title of a duty is the wording of its line, which its code says.
_UNTITLED = frozenset({Kind.DUTY, Kind.PREFERENCE, Kind.QUOTA})


@immutable
class _Said:
    """One operation in words: the sentence but for the codes, by which operations are grouped, and the code."""

    territory: str
    sentence: Sentence
    params: tuple[tuple[str, Any], ...]
    origins: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    code: str | None = None


def word_changeset(changeset: Changeset[LawRecord]) -> tuple[Statement, ...]:
    """What the change does, in as few sentences as say all of it, in order of territory, act and code.

    A record's days, its old and its new rate are in the sentence; operations that differ in nothing but the code share
    one.
    """
    groups: dict[Any, list[_Said]] = defaultdict(list)
    operations = chain(
        map(_word_amendment, changeset.amended),
        map(_word_addition, changeset.added),
        map(_word_end, changeset.ended),
    )
    for said in operations:
        groups[said.territory, said.sentence, _hashable(said.params), said.origins, said.excluded].append(said)
    ordered = sorted(groups.values(), key=lambda group: (group[0].territory, _codes(group), repr(group[0])))
    return tuple(_statement(group) for group in ordered)


def _statement(group: Sequence[_Said]) -> Statement:
    first = group[0]
    params = dict(first.params)
    if first.code is not None:
        params["scope"] = word_scope(_codes(group), first.origins, first.excluded)
    return Statement(first.sentence, params)


def _codes(group: Sequence[_Said]) -> list[str]:
    return sorted({said.code or "" for said in group})


def _hashable(params: tuple[tuple[str, Any], ...]) -> str:
    return repr([(name, value.as_json() if isinstance(value, Statement) else value) for name, value in params])


def word_scope(codes: list[str], origins: tuple[str, ...], excluded: tuple[str, ...]) -> Statement:
    """Which goods: all, the codes, or their number and chapters; and of which origins, where not of all."""
    chapters = sorted({code[:_CHAPTER_DIGITS] for code in codes})
    if "" in codes:
        goods = Statement(words.EVERY_PRODUCT)
    elif len(codes) <= _MOST_LISTED:
        goods = Statement(words.CODES, {"codes": codes})
    elif len(chapters) <= _MOST_LISTED:
        goods = Statement(words.CODES_IN_CHAPTERS, {"count": len(codes), "chapters": chapters})
    else:
        goods = Statement(words.CODES_IN_MANY_CHAPTERS, {"count": len(codes), "chapters": len(chapters)})
    if origins:
        listed = len(origins) <= _MOST_LISTED
        of = {"origins": list(origins)} if listed else {"count": len(origins)}
        goods = Statement(words.GOODS_OF if listed else words.GOODS_OF_MANY, {"goods": goods, **of})
    if excluded:
        goods = Statement(words.GOODS_NOT_OF, {"goods": goods, "origins": list(excluded)})
    return goods


def _word_addition(record: LawRecord) -> _Said:
    if isinstance(record, Measure):
        what = {"what": name_measure(record), "when": word_period(record)}
        if record.expression:
            return _of_measure(record, words.ADDS_RATE, rate=record.expression, **what)
        return _of_measure(record, words.ADDS, **what)
    value = value_set_by(record)
    if value is None:
        return _of_other(record, words.ADDED, when=word_period(record))
    return _of_other(record, words.ADDED_VALUE, value=value, when=word_period(record))


def _word_end(end: Ended[LawRecord]) -> _Said:
    record, last_day = end.record, end.last_day
    if isinstance(record, Measure):
        what = name_measure(record)
        if last_day is None:
            return _of_measure(record, words.WITHDRAWS, what=what)
        return _of_measure(record, words.ENDS, what=what, day=last_day)
    if last_day is None:
        return _of_other(record, words.WITHDRAWN)
    return _of_other(record, words.ENDED, day=last_day)


def _word_amendment(change: Amended[LawRecord]) -> _Said:
    before, after = change.before, change.after
    fields = [name for name in change.changed if name not in _NOT_LISTED] or list(change.changed)
    if isinstance(before, Measure) and isinstance(after, Measure):
        what = {"what": name_measure(after), "when": word_period(after)}
        pair = _single_difference(before, after, fields)
        if pair is not None and all(pair):
            return _of_measure(after, words.CHANGES_RATE, old=pair[0], new=pair[1], **what)
        return _of_measure(after, words.CHANGES, fields=fields, **what)
    old, new = value_set_by(before), value_set_by(after)
    if old is not None and new is not None and old != new:
        return _of_other(after, words.CHANGED_VALUE, old=old, new=new, when=word_period(after))
    return _of_other(after, words.CHANGED, fields=fields, when=word_period(after))


def _single_difference(before: Measure, after: Measure, fields: Sequence[str]) -> tuple[str, str] | None:
    """The rates, or the one other text or value of a condition, in which two measures differ; None where it is more."""
    if before.expression != after.expression:
        return before.expression, after.expression
    if list(fields) == ["conditions"]:
        old, new = ({(c.kind, c.text): c.value for c in one.conditions} for one in (before, after))
        differing = [key for key in old if old.get(key) != new.get(key)]
        if old.keys() == new.keys() and len(differing) == 1:
            return old[differing[0]], new[differing[0]]
    if len(fields) == 1:
        texts = getattr(before, fields[0], None), getattr(after, fields[0], None)
        if isinstance(texts[0], str) and isinstance(texts[1], str):
            return texts[0], texts[1]
    return None


def _of_measure(measure: Measure, sentence: Sentence, **params: Any) -> _Said:
    include = tuple(sorted(name for name in measure.origins.include if name != EVERY_ORIGIN))
    exclude = tuple(sorted(measure.origins.exclude))
    territory = {"code": measure.territory, "name": measure.territory}
    told = tuple(sorted({"territory": territory, **params}.items()))
    return _Said(measure.territory, sentence, told, include, exclude, measure.product.prefix)


def _of_other(record: LawRecord, sentence: Sentence, **params: Any) -> _Said:
    told = tuple(sorted({"what": name_record(record), **params}.items()))
    return _Said(getattr(record, "territory", ""), sentence, told)


def name_measure(measure: Measure) -> Statement:
    """A measure in a few words: its paper, or its kind with its title."""
    if measure.kind is Kind.REQUIREMENT:
        if measure.agency and measure.document:
            return Statement(words.PAPER, {"document": measure.document, "agency": measure.agency})
        return Statement(words.CONTROL, {"name": measure.document or measure.agency})
    kind = f"rule:{measure.kind.value}"
    if measure.title and measure.kind not in _UNTITLED:
        return Statement(words.TITLED_RULE, {"kind": kind, "title": measure.title})
    return Statement(words.RULE, {"kind": kind})


def word_period(record: LawRecord) -> Statement:
    """The days on which a record holds."""
    period = record_period(record)
    if period == ALL_TIME:
        return Statement(words.FOR_ALL_TIME)
    if period.end is None:
        return Statement(words.FROM_DAY, {"day": period.start})
    return Statement(words.FROM_DAY_TO, {"day": period.start, "last": period.end})


def value_set_by(record: LawRecord) -> str | None:
    """What the record sets, where that is one value."""
    match record:
        case TerritoryPractice():
            return record.practice.value
        case Service():
            return str(record.days)
        case Procedure():
            return record.value
    return None


def name_record(record: LawRecord) -> Statement:
    """A record other than a measure in a few words."""
    match record:
        case TariffLine():
            return Statement(words.LINE, {"code": record.code, "territory": name_territory(record.territory)})
        case Group():
            return Statement(words.GROUP, {"group": record.id, "title": record.title})
        case GroupMember():
            return Statement(words.MEMBERSHIP, {"economy": record.economy, "group": record.group})
        case TerritoryPractice():
            return Statement(
                words.PRACTICE, {"name": record.practice.name, "territory": name_territory(record.territory)}
            )
        case OriginRule():
            span = {"first": record.first, "last": record.last}
            return Statement(words.ORIGIN_RULE, {"scheme": record.scheme, **span})
        case Service():
            asked = " ".join(filter(None, (record.agency, record.document)))
            return Statement(words.SERVICE, {"agency": asked, "territory": name_territory(record.territory)})
        case Procedure():
            return Statement(words.PROCEDURE, {"name": record.name})
    msg = f"{record_kind(record)} {record_name(record)} is worded as a measure"
    raise AssertionError(msg)


def name_territory(territory: str) -> dict[str, str]:
    """A territory as a parameter of a sentence."""
    return {"code": territory, "name": territory}
