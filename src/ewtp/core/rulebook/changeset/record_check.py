"""Whether a record that a change brings can be read, and reaches anything: its territory, names, codes and rate."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from ewtp.core.rulebook.changeset.condition_conflict import find_conflict
from ewtp.core.rulebook.changeset.fault import Fault
from ewtp.core.rulebook.changeset.figure_check import (
    find_absurd_days,
    find_absurd_factors,
    find_absurd_indent,
    find_absurd_shares,
    find_unknown_units,
    find_unnamed_claims,
    find_wrong_figures,
)
from ewtp.core.rulebook.changeset.idle_rule import (
    find_idle_charge,
    find_idle_fields,
    find_idle_relief,
    find_own_paper,
    find_unheld_programmes,
)
from ewtp.core.rulebook.changeset.law_record import record_name
from ewtp.core.rulebook.changeset.preference_check import find_dearer
from ewtp.core.rulebook.changeset.scope_check import (
    find_group_as_member,
    find_idle_exclusions,
    find_idle_origins,
    find_missing_group_days,
    find_union_with_itself,
    find_unknown_nomenclature,
)
from ewtp.core.rulebook.changeset.sentences import (
    BOUND_UNREADABLE,
    CHANGE_CODE_UNKNOWN,
    CHANGE_CONTRADICTS_NAME,
    CHANGE_DAY_ABSURD,
    CHANGE_END_ABSURD,
    CHANGE_GROUP_UNKNOWN,
    CHANGE_ORIGIN_UNKNOWN,
    CHANGE_TERRITORY_UNKNOWN,
    CONDITION_UNKNOWN,
    CONDITIONS_CONTRARY,
    EXPRESSION_UNREADABLE,
    FACT_UNKNOWN,
    GROUP_WITHOUT_MEMBERS,
    LINE_CODE_WRONG,
    ORIGIN_CLASS_UNREADABLE,
    ORIGIN_RULE_SILENT,
    ORIGINS_CONTRARY,
    PRACTICE_NAME_UNKNOWN,
    PRACTICE_UNREADABLE,
    PROCEDURE_NOT_FOLLOWED,
    PROCEDURE_OF_NOBODY,
    PROCEDURE_UNREADABLE,
    REACHES_NOTHING,
    RECOGNISES_NOTHING,
    RELIEVES_NOTHING,
    SCHEME_WITHOUT_RULES,
    SPAN_UNKNOWN,
    STATED_IN_FORCE,
)
from ewtp.core.rulebook.changeset.text_check import (
    find_own_adoption,
    find_silent_conditions,
    find_unknown_stage,
    find_wrong_group_name,
    find_wrong_texts,
)
from ewtp.core.rulebook.charge_kinds import LOWER_DUTIES
from ewtp.core.rulebook.measure import EVERY_ORIGIN, FACTS_ASKED, ConditionKind, Kind, Measure, Status
from ewtp.core.rulebook.origin_class import is_origin_class
from ewtp.core.rulebook.procedure_figure import read_figure
from ewtp.core.rulebook.rule import Rule
from ewtp.core.rulebook.sentences import PROCEDURE_VALUE_UNUSABLE
from ewtp.core.rulebook.service import PLATFORM, Procedure, Service
from ewtp.core.rulebook.territory import (
    ALL_TIME,
    PRACTICE_NAMES,
    TERRITORIAL_STATUS,
    Group,
    GroupMember,
    OriginRule,
    TariffLine,
    TerritoryPractice,
)
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.changeset.law_in_effect import HeldLaw
    from ewtp.core.rulebook.changeset.law_record import LawRecord

FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)
_LONGEST_SHOWN = 40
# A line is a subdivision of a subheading of HS, of six digits; fourteen is the most that any record has.
_FEWEST_DIGITS, _MOST_DIGITS = 6, 14
_HEADING_DIGITS, _SPAN_DIGITS = 4, 10
# The chapters that HS leaves to its parties.
_NATIONAL_CHAPTERS = frozenset({"98", "99"})
_CODE_UNREADABLE = frozenset({"limit_unreadable", "season_unreadable", "bound_unreadable", "base_unknown"})


class RecordCheck:
    """Checks records against the law; ``groups`` and ``schemes`` are those of the law and those that the change adds.

    ``after`` is the book with the change.
    """

    def __init__(self, law: HeldLaw, added: Collection[LawRecord], after: Book) -> None:
        self.law = law
        self.after = after
        new = [record for record in added if isinstance(record, Group)]
        self.groups = {*law.book.groups, *(group.id for group in new)}
        self.kinds_brought: dict[str, set[Kind]] = defaultdict(set)
        measures = [record for record in added if isinstance(record, Measure)]
        self.programmes_brought = {each.programme for each in measures if each.kind is Kind.ADDITIONAL_DUTY}
        for measure in measures:
            self.kinds_brought[measure.territory].add(measure.kind)
        self.schemes_with_rules = {
            *law.book.origin_rules_by_scheme,
            *(rule.scheme for rule in added if isinstance(rule, OriginRule)),
        }
        self.schemes = {
            *law.book.origin_rules_by_scheme,
            *(each.origin_scheme for group in (*law.book.groups.values(), *new) for each in group.stated),
        }

    def faults_of(self, record: LawRecord) -> Iterator[Fault]:
        """What is wrong with a new record, each fault once."""
        if not (isinstance(record, Group | OriginRule) and record.validity == ALL_TIME):
            start = record.validity.start
            if not FIRST_DAY <= start <= LAST_DAY:
                params = {"record": record_name(record), "start": start, "first": FIRST_DAY, "last": LAST_DAY}
                yield Fault(CHANGE_DAY_ABSURD, params)
        end = record.validity.end
        if end is not None and end > LAST_DAY:
            yield Fault(CHANGE_END_ABSURD, {"record": record_name(record), "end": end, "last": LAST_DAY})
        yield from find_wrong_texts(record, self.law.records_like(record))
        yield from self._measure(record) if isinstance(record, Measure) else self._other(record)

    def _other(self, record: LawRecord) -> Iterator[Fault]:
        match record:
            case GroupMember():
                yield from self._member(record)
            case Group():
                yield from find_wrong_group_name(record)
                yield from self._scheme(record)
            case OriginRule():
                yield from self._origin_rule(record)
            case Service():
                yield from self._service(record)
            case TariffLine():
                yield from self._territory(record.territory) or self._line(record)
                yield from find_unknown_units(record, self.law.book.lines.get(record.territory, ()))
                yield from find_absurd_indent(record)
            case TerritoryPractice():
                yield from self._territory(record.territory) or self._practice(record)
            case Procedure():
                platform = record.territory == PLATFORM
                own = [] if platform else self._territory(record.territory)
                yield from _platform_faults(record) if platform else own or _economy_faults(record)

    def _member(self, record: GroupMember) -> Iterator[Fault]:
        if record.group not in self.groups:
            yield Fault(CHANGE_GROUP_UNKNOWN, {"name": _short(record.group)})
        if record.economy == EVERY_ORIGIN:
            yield Fault(CHANGE_ORIGIN_UNKNOWN, {"name": record.economy})
        yield from self._origins([record.economy])
        yield from find_group_as_member(record, self.groups)
        yield from find_missing_group_days(record, self.after)

    def _territory(self, code: str) -> list[Fault]:
        known = code in self.law.book.territories
        return [] if known else [Fault(CHANGE_TERRITORY_UNKNOWN, {"territory": _short(code)})]

    def _practice(self, record: TerritoryPractice) -> Iterator[Fault]:
        yield from _practice_faults(record)
        yield from find_absurd_factors(record)
        yield from find_union_with_itself(record)
        practice = record.practice
        if practice.readable and practice.name in TERRITORIAL_STATUS:
            for code in practice.value.split():
                if code not in self.law.economies:
                    yield from self._territory(code)

    def _scheme(self, group: Group) -> Iterator[Fault]:
        """The faults of a group that is named like an economy, or names a scheme without rules, which is new."""
        if group.id in self.law.economies or group.id in self.law.book.territories:
            yield Fault(CHANGE_CONTRADICTS_NAME, {"record": record_name(group)})
        held = self.law.book.groups.get(group.id)
        known = {"", *self.schemes_with_rules, *(each.origin_scheme for each in (held.stated if held else ()))}
        if group.origin_scheme not in known:
            params = {"record": record_name(group), "scheme": _short(group.origin_scheme)}
            yield Fault(SCHEME_WITHOUT_RULES, params)

    def _origin_rule(self, rule: OriginRule) -> Iterator[Fault]:
        name = {"record": record_name(rule)}
        if rule.scheme not in self.schemes or rule.first > rule.last:
            yield Fault(REACHES_NOTHING, name)
        elif not self._is_span(rule.first, rule.last):
            yield Fault(SPAN_UNKNOWN, name)
        yield from find_absurd_shares(rule)
        if set(rule.classes) <= {"OR"} and not rule.text.strip():
            yield Fault(ORIGIN_RULE_SILENT, name)
        for each in dict.fromkeys(rule.classes):
            if not is_origin_class(each):
                yield Fault(ORIGIN_CLASS_UNREADABLE, {**name, "name": _short(each)})

    def _is_span(self, first: str, last: str) -> bool:
        """Whether two codes of ten digits have some subheading in their headings or between them."""
        whole = all(code.isascii() and code.isdigit() and len(code) == _SPAN_DIGITS for code in (first, last))
        # A scheme may be written in an older edition, which has the same headings.
        headings = (f"{first[:_HEADING_DIGITS]}00", f"{last[:_HEADING_DIGITS]}99")
        found = self.law.subheadings_between(*headings)
        return whole and (bool(found) or not self.law.subheadings)

    def _line(self, line: TariffLine) -> list[Fault]:
        most = self.law.book.territories[line.territory].digits or _MOST_DIGITS
        code = line.code
        if code.isascii() and code.isdigit() and _FEWEST_DIGITS <= len(code) <= most:
            known = code[:2] in _NATIONAL_CHAPTERS or self.law.is_subheading(code)
            if known or not self.law.subheadings or self.law.lines_of(line.territory, code[:_HEADING_DIGITS]):
                return []
            return [Fault(CHANGE_CODE_UNKNOWN, {"code": _short(code), "territory": line.territory})]
        params = {"code": _short(code), "territory": line.territory, "least": _FEWEST_DIGITS, "most": most}
        return [Fault(LINE_CODE_WRONG, params)]

    def _origins(self, names: Collection[str]) -> Iterator[Fault]:
        for name in names:
            known = name == EVERY_ORIGIN or name in self.groups or name in self.law.economies
            if not known and name not in self.law.book.territories:
                yield Fault(CHANGE_ORIGIN_UNKNOWN, {"name": _short(name)})

    def _measure(self, measure: Measure) -> Iterator[Fault]:
        name = {"record": record_name(measure)}
        unknown = self._territory(measure.territory)
        yield from unknown
        yield from self._origins([*measure.origins.include, *measure.origins.exclude])
        if measure.status is not Status.PROPOSED:
            yield Fault(STATED_IN_FORCE, name)
        else:
            yield from find_own_adoption(measure, self.law.records_like(measure))
        yield from find_unknown_stage(measure, self.law.records_like(measure))
        yield from find_unheld_programmes(measure, self.law, self.programmes_brought)
        yield from find_own_paper(measure)
        yield from find_silent_conditions(measure)
        yield from _condition_faults(measure)
        yield from find_unnamed_claims(measure)
        yield from _contrary_faults(measure)
        yield from find_idle_origins(measure, self.after)
        yield from find_idle_fields(measure)
        if measure.unreadable in _CODE_UNREADABLE:
            yield Fault(BOUND_UNREADABLE, name)
        yield from self._memberless(measure)
        if measure.kind is Kind.RELIEF:
            yield from self._relief(measure)
            yield from find_idle_relief(measure, self.law, self.kinds_brought)
        rule = Rule(measure)
        yield from find_wrong_figures(rule, self.law.currencies)
        if isinstance(rule.expression, Refusal):
            shown = {"expression": measure.expression[:_LONGEST_SHOWN], "reason": rule.expression}
            yield Fault(EXPRESSION_UNREADABLE, shown)
        if unknown:
            return
        yield from find_unknown_nomenclature(measure, self.law)
        unreached = self._find_unreached(measure)
        if unreached is not None:
            yield unreached
            return
        yield from find_idle_exclusions(measure, self.law)
        found = find_dearer(rule, self.law, self.after) if measure.kind in LOWER_DUTIES else None
        found = found or find_idle_charge(rule, self.law, self.after)
        if found is not None:
            yield found

    def _memberless(self, measure: Measure) -> Iterator[Fault]:
        """The fault of a measure that is for goods of groups alone which have no member on its days."""
        groups = [self.after.groups.get(name) for name in measure.origins.include]
        reached = any(
            group is None or any(each.validity.overlaps(measure.validity) for each in group.memberships)
            for group in groups
        )
        if groups and not reached:
            names = [_short(name) for name in measure.origins.include]
            yield Fault(GROUP_WITHOUT_MEMBERS, {"record": record_name(measure), "groups": names})

    def _find_unreached(self, measure: Measure) -> Fault | None:
        """The fault of a measure that no line of the schedule is under."""
        prefix, territory = measure.product.prefix, measure.territory
        if not prefix:
            return None
        unknown = Fault(CHANGE_CODE_UNKNOWN, {"code": _short(prefix), "territory": territory})
        if not (prefix.isascii() and prefix.isdigit()):
            return unknown
        if territory not in self.law.book.lines:
            return None if self.law.is_subheading(prefix) else unknown
        below = self.law.lines_of(territory, prefix)
        above = self.law.lines_leading_to(territory, prefix)
        if (not below and not above) or len(prefix) > _MOST_DIGITS:
            return unknown
        reached = (line for line in below if measure.product.covers(line.code))
        if any(line.validity.overlaps(measure.validity) for line in (*above, *reached)):
            return None
        return Fault(REACHES_NOTHING, {"record": record_name(measure)})

    def _relief(self, measure: Measure) -> Iterator[Fault]:
        """The fault of a relief that names nothing to relieve of, or papers that nobody asks for."""
        if measure.relieves_papers:
            if not self._is_asked(measure, measure.product.prefix):
                yield Fault(RECOGNISES_NOTHING, {"record": record_name(measure)})
        elif measure.relieves is None:
            yield Fault(RELIEVES_NOTHING, {"record": record_name(measure), "programme": _short(measure.programme)})

    def _service(self, service: Service) -> Iterator[Fault]:
        unknown = self._territory(service.territory)
        yield from unknown
        yield from find_absurd_days(service)
        if not unknown and not self._is_asked(service, ""):
            yield Fault(RECOGNISES_NOTHING, {"record": record_name(service)})

    def _is_asked(self, record: Measure | Service, prefix: str) -> bool:
        """Whether some requirement asks for the papers that a record selects."""
        chapter = record.mast_chapter if isinstance(record, Measure) else ""
        return any(
            record.agency in ("", requirement.agency)
            and record.document in ("", requirement.document)
            and chapter in ("", requirement.mast_chapter)
            and _meet(prefix, requirement.product.prefix)
            and requirement.validity.overlaps(record.validity)
            for requirement in self.law.requirements_of(record.territory)
        )


def _condition_faults(measure: Measure) -> Iterator[Fault]:
    """The faults of conditions of no known kind, or which ask for a fact that no question can state."""
    name = {"record": record_name(measure)}
    for condition in measure.conditions:
        if not isinstance(condition.kind, ConditionKind):
            yield Fault(CONDITION_UNKNOWN, {**name, "kind": _short(condition.kind)})
        elif (known := FACTS_ASKED.get(condition.kind)) and not _all_of(condition.value.split(), known):
            asked = {"kind": condition.kind, "value": _short(condition.value), "known": list(known)}
            yield Fault(FACT_UNKNOWN, {**name, **asked})


def _contrary_faults(measure: Measure) -> Iterator[Fault]:
    """The faults of a measure for goods that there cannot be: of an origin in and out, under contrary conditions."""
    name = {"record": record_name(measure)}
    both = [_short(origin) for origin in measure.origins.include if origin in measure.origins.exclude]
    if both:
        yield Fault(ORIGINS_CONTRARY, {**name, "origins": both})
    if find_conflict(measure.conditions) is not None:
        yield Fault(CONDITIONS_CONTRARY, name)


def _practice_faults(record: TerritoryPractice) -> list[Fault]:
    """The fault of a practice of no known name, or with a value that is not in its form."""
    practice = record.practice
    if practice.readable:
        return []
    if practice.name not in PRACTICE_NAMES:
        return [Fault(PRACTICE_NAME_UNKNOWN, {"record": record_name(record), "name": _short(practice.name)})]
    return [Fault(PRACTICE_UNREADABLE, {"record": record_name(record), "value": _short(practice.value)})]


def _platform_faults(record: Procedure) -> list[Fault]:
    """The faults of a rule of the platform's procedure of no known name, or of no usable value."""
    name, value = {"record": record_name(record)}, read_figure(record.name, record.value)
    if not isinstance(value, Refusal):
        return []
    known = value.code == PROCEDURE_VALUE_UNUSABLE.code
    return [Fault(PROCEDURE_UNREADABLE if known else PROCEDURE_NOT_FOLLOWED, {**name, "reason": value})]


def _economy_faults(record: Procedure) -> list[Fault]:
    """The fault of a rule of an economy's, which answers tell, that sets a figure of the platform's procedure."""
    value = read_figure(record.name, record.value)
    if isinstance(value, Refusal) and value.code != PROCEDURE_VALUE_UNUSABLE.code:
        return []
    params = {"record": record_name(record), "territory": _short(record.territory), "platform": PLATFORM}
    return [Fault(PROCEDURE_OF_NOBODY, params)]


def _all_of(values: Collection[str], known: Collection[str]) -> bool:
    return bool(values) and all(value in known for value in values)


def _meet(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _short(text: str) -> str:
    return text[:_LONGEST_SHOWN]
