"""Acts compiled against a rulebook: the change that they make of its law, and what each of them reaches there.

The outcome is a function of the acts and the law alone. Acts see what is left of the law after the acts before them,
and never what others add; where their order would decide, the check says so (``acts_check``).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from ewtp.core.acts.act import ActDays, AddRule, AnswerWithin, JoinGroup, RecognisePaper, SetProcedure
from ewtp.core.acts.record_additions import records_added
from ewtp.core.acts.rule_alterations import alter_rule
from ewtp.core.acts.selection import divide, lines_reached, rules_of_territory, selects
from ewtp.core.rulebook.changeset.diff import difference
from ewtp.core.rulebook.changeset.law_record import for_period, place_of, record_key, record_period, same_content
from ewtp.core.rulebook.measure import Measure, Status
from ewtp.core.values.immutable import immutable
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date

    from ewtp.core.acts.act import Act, ActOnRules, Acts, Article
    from ewtp.core.rulebook.changeset.changeset import Changeset
    from ewtp.core.rulebook.changeset.law_in_effect import HeldLaw
    from ewtp.core.rulebook.changeset.law_record import LawRecord

_ONE_DAY = timedelta(days=1)
_ID_DIGITS = 8


@immutable
class CompiledAct:
    """What an act does to the law: the records that it takes days from as they were, and those that it brings.

    ``selected`` are the parts of rules that it is about, which may be narrower than the rules are written.
    ``where`` is its place in the acts, such as act 1 of article 0. ``problems`` are what it cannot do.
    """

    act: Act
    where: str
    replaced: tuple[LawRecord, ...]
    brought: tuple[LawRecord, ...]
    selected: tuple[Measure, ...] = ()
    problems: tuple[Refusal, ...] = ()

    @property
    def reached(self) -> tuple[Measure, ...]:
        """The rules on goods that the act is about, and those that it adds."""
        return self.selected or tuple(record for record in self.brought if isinstance(record, Measure))


@immutable
class CompiledArticle:
    """An article with what its acts do, and how far they reach: codes of rules, and lines of schedules."""

    article: Article
    acts: tuple[CompiledAct, ...]
    codes: int
    lines: int

    def as_json(self) -> dict[str, Any]:
        """The article's name, what it requires, and how far it reaches: ``rules`` of the law, codes and lines."""
        rules = sum(len(one.replaced) for one in self.acts)
        reach = {"rules": rules, "codes": self.codes, "lines": self.lines}
        return {"name": self.article.name, "requires": list(self.article.requires), **reach}


@immutable
class Compilation:
    """Acts with the change that they make of a law; ``law`` is the name of its version."""

    acts: Acts
    law: str
    articles: tuple[CompiledArticle, ...]
    changeset: Changeset[LawRecord]


def compile_acts(acts: Acts, law: HeldLaw, names: frozenset[str] = frozenset()) -> Compilation:
    """The change that the acts make of a law; of the articles named with all that they require, or of all.

    ``law`` holds at least every rule of the territories that the acts name (``places_named``), groups and procedure.
    The change is that of the acts as far as they can be applied: ask ``check_acts`` first.
    """
    work = _LawInProgress(law, acts)
    chosen = acts.closure(names)
    places = {id(article): n for n, article in enumerate(acts.articles)}
    articles = []
    for article in chosen:
        where = f"articles[{places[id(article)]}]"
        compiled = tuple(work.apply_act(act, f"{where}.acts[{n}]") for n, act in enumerate(article.acts))
        reached = [measure for one in compiled for measure in one.reached]
        codes = len({(measure.territory, measure.product.prefix) for measure in reached})
        articles.append(CompiledArticle(article, compiled, codes, len(lines_reached(law, reached))))
    return Compilation(acts, law.book.version, tuple(articles), work.changeset(acts.title))


def order_conflict(acts: Acts, law: HeldLaw) -> tuple[str, str] | None:
    """The places of two acts whose order decides what they do to the law; None where no two are such.

    They are found by halving, so that the time grows with the acts and not with their pairs: the last of the two ends
    the acts from the beginning whose order decides, and the first begins those of them from the end.
    """
    numbered = [
        (f"articles[{n}].acts[{m}]", act)
        for n, article in enumerate(acts.articles)
        for m, act in enumerate(article.acts)
    ]

    def decides(some: Sequence[tuple[str, Act]]) -> bool:
        return _after(some, acts, law) != _after(some[::-1], acts, law)

    if not decides(numbered):
        return None
    last = _least(len(numbered), lambda count: decides(numbered[:count]))
    some = numbered[:last]
    first = last - _least(last, lambda count: decides(some[last - count :]))
    return some[first][0], some[-1][0]


def _least(most: int, holds: Callable[[int], bool]) -> int:
    """A number for which something holds and for one less does not; it holds for ``most``, and not for 1."""
    fails, found = 1, most
    while found - fails > 1:
        middle = (fails + found) // 2
        fails, found = (fails, middle) if holds(middle) else (middle, found)
    return found


def _after(numbered: Iterable[tuple[str, Act]], acts: Acts, law: HeldLaw) -> Changeset[LawRecord]:
    work = _LawInProgress(law, acts)
    for where, act in numbered:
        work.apply_act(act, where)
    return work.changeset("")


@dataclass(slots=True)
class _Timeline:
    """A record of the law with what acts have left of it, in pieces of days and codes."""

    held: LawRecord
    pieces: list[LawRecord]


@dataclass(slots=True)
class _LawInProgress:
    """The law in progress: the records that acts have touched, and those that they added."""

    law: HeldLaw
    acts: Acts
    touched: dict[tuple[str, date], _Timeline] = field(default_factory=dict)
    added: list[LawRecord] = field(default_factory=list)
    rules: dict[str, tuple[Measure, ...]] = field(default_factory=dict)

    def apply_act(self, act: Act, where: str) -> CompiledAct:
        """Apply one act to what the acts before it have left."""
        match act:
            case AddRule() | RecognisePaper():
                brought = records_added(act, self.acts, self.law)
                self.added += brought
                return CompiledAct(act, where, (), brought)
            case AnswerWithin() | JoinGroup() | SetProcedure():
                return self._state(act, where)
        return self._alter(act, where)

    def _state(self, act: AnswerWithin | JoinGroup | SetProcedure, where: str) -> CompiledAct:
        """Replace records of other kinds by those of the same key."""
        brought = records_added(act, self.acts, self.law)
        replaced: list[LawRecord] = []
        for record in brought:
            for held in self.law.records_like(record):
                if not record_period(held).overlaps(act.days.period):
                    continue
                replaced.append(held)
                timeline = self._timeline(held)
                timeline.pieces = [left for piece in timeline.pieces for left in _outside(piece, act.days)]
        self.added += brought
        return CompiledAct(act, where, tuple(replaced), brought)

    def _alter(self, act: ActOnRules, where: str) -> CompiledAct:
        """Replace the part of each rule selected on the act's days."""
        replaced: list[LawRecord] = []
        brought: list[LawRecord] = []
        selected: list[Measure] = []
        problems: list[Refusal] = []
        for rule in self._rules_of(act.selector.territory):
            if not rule.validity.overlaps(act.days.period):
                continue
            timeline = self.touched.get(place_of(rule))
            after: list[LawRecord] = []
            met = False
            for piece in timeline.pieces if timeline is not None else [rule]:
                changed = _change_piece(piece, act, self.law)
                if isinstance(changed, _PieceAfter):
                    after += [*changed.kept, *changed.new]
                    brought += changed.new
                    selected += changed.selected
                    met = True
                else:
                    after.append(piece)
                    problems += [changed] if changed is not None else []
            if met:
                replaced.append(rule)
                self._timeline(rule).pieces = after
        return CompiledAct(act, where, tuple(replaced), tuple(brought), tuple(selected), tuple(problems))

    def _rules_of(self, territory: str) -> tuple[Measure, ...]:
        if territory not in self.rules:
            self.rules[territory] = tuple(rules_of_territory(self.law.book, territory))
        return self.rules[territory]

    def _timeline(self, held: LawRecord) -> _Timeline:
        return self.touched.setdefault(place_of(held), _Timeline(held, [held]))

    def changeset(self, title: str) -> Changeset[LawRecord]:
        """The difference between the law and its present state."""
        before = [timeline.held for timeline in self.touched.values()]
        after = [_file_piece(piece, timeline.held) for timeline in self.touched.values() for piece in timeline.pieces]
        names = (self.law.book.version, title or "acts")
        made = difference(before, _join_records(_distinct([*after, *self.added])), names=names)
        return replace(made, base=self.law.digest)


@dataclass(slots=True)
class _PieceAfter:
    """A piece of a rule after an act: what stays, what it has become, and the parts that the act was about."""

    kept: list[LawRecord]
    new: list[LawRecord]
    selected: tuple[Measure, ...]


def _change_piece(piece: LawRecord, act: ActOnRules, law: HeldLaw) -> _PieceAfter | Refusal | None:
    """What becomes of a piece of a rule; None where the act is not about it."""
    if not isinstance(piece, Measure) or not piece.validity.overlaps(act.days.period):
        return None
    if not selects(act.selector, piece):
        return None
    parts = divide(act.selector, piece)
    if not parts.selected:
        return None
    new: list[LawRecord] = []
    within = _within(piece.validity, act.days.period)
    for part in parts.selected:
        altered = alter_rule(part, act, law.book, within.start)
        if altered is None or isinstance(altered, Refusal):
            return altered
        new += [_propose_record(each, within) for each in altered]
    # What is left of a rule that is written more widely is another rule on the act's days, for its codes are others. It
    # is none where no line is under it.
    rest = [_propose_record(left, within) for left in parts.left]
    rest = [left for left in rest if isinstance(left, Measure) and lines_reached(law, [left])]
    return _PieceAfter([*_outside(piece, act.days), *rest], new, parts.selected)


def _propose_record(record: LawRecord, days: Period) -> LawRecord:
    """A record that the change brings, for some days; it keeps its name where it begins as it did."""
    if not isinstance(record, Measure):
        return for_period(record, days)
    return replace(record, status=Status.PROPOSED, validity=days, known_from=None, known_to=None, adoption=None)


def _file_piece(piece: LawRecord, held: LawRecord) -> LawRecord:
    """A piece of a rule under the rule's name, or where it says something else under one made of what it is about."""
    if not isinstance(piece, Measure) or not isinstance(held, Measure):
        return piece
    if place_of(piece) == place_of(held) or same_content(replace(piece, status=held.status), held):
        return piece
    name = f"{record_key(piece)}|{piece.validity.start}"
    return replace(piece, id=f"{held.id}~{hashlib.sha256(name.encode()).hexdigest()[:_ID_DIGITS]}")


def _within(days: Period, other: Period) -> Period:
    """The days that two overlapping periods share."""
    ends = [end for end in (days.end, other.end) if end is not None]
    return Period(max(days.start, other.start), min(ends, default=None))


def _outside(piece: LawRecord, days: ActDays) -> Iterator[LawRecord]:
    """A record on the days before and after an act; after it, it is brought again."""
    for left in record_period(piece).without(days.period):
        fresh = left.start != record_period(piece).start
        yield _propose_record(piece, left) if fresh else for_period(piece, left)


def _distinct(records: Iterable[LawRecord]) -> list[LawRecord]:
    """Records in order, those that are stated twice once."""
    found: dict[tuple[str, date], LawRecord] = {}
    for record in sorted(records, key=lambda each: (*place_of(each), repr(each))):
        found.setdefault(place_of(record), record)
    return list(found.values())


def _join_records(records: list[LawRecord]) -> list[LawRecord]:
    """Records in order of key and day; two of one content on adjoining days are one."""
    made: list[LawRecord] = []
    for record in records:
        last = made[-1] if made else None
        if last is not None and record_key(last) == record_key(record) and same_content(last, record):
            end, start = record_period(last).end, record_period(record).start
            if end is not None and end + _ONE_DAY == start:
                made[-1] = for_period(last, Period(record_period(last).start, record_period(record).end))
                continue
        made.append(record)
    return made
