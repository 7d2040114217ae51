"""The rulebook examined: how much of every schedule can be computed, and whether its parts fit together."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from ewtp.apps.rulebook.reading.origin_rule_check import check_origin_rules
from ewtp.apps.rulebook.reading.record_rows import MEASURE_COLUMNS, fetch, measure_of
from ewtp.apps.rulebook.reading.version_records import sources_at, territories_at
from ewtp.apps.rulebook.reading.versions import latest_version
from ewtp.apps.rulebook.store.record_tables import RECORD_TABLES, digest
from ewtp.core.rulebook.enumeration import Enumeration, EnumerationFinding, compare_enumeration
from ewtp.core.rulebook.expressions.coverage import coverage
from ewtp.core.rulebook.measure import Kind, Status
from ewtp.core.rulebook.territorial_status import find_kinds_not_stated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from ewtp.apps.rulebook.reading.origin_rule_check import OriginRuleCheck
    from ewtp.core.rulebook.file_share import FileReading
    from ewtp.core.rulebook.measure import Measure, Product
    from ewtp.core.values.period import Period

_EXAMPLES = 5
_GUARDS = (
    "measure_once",
    "line_once",
    "group_once",
    "territory_once",
    "source_once",
    "origin_rule_once",
    "code_replaced_once",
    "exchange_rate_once",
    "membership_once",
    "practice_once",
    "adopted_record_once",
)


@dataclass(frozen=True, slots=True)
class ScheduleCheck:
    """How the distinct expressions of one source read; ``examples`` are some that do not, with the reason."""

    source: str
    title: str
    published: str | None
    measures: int
    distinct: int
    computable: int
    references: int
    unread: int
    examples: tuple[tuple[str, str], ...]

    @property
    def read_percent(self) -> str:
        """The share of distinct expressions that became a tree, with one decimal, rounded down."""
        per_mille = 1000 if not self.distinct else (self.distinct - self.unread) * 1000 // self.distinct
        return f"{per_mille // 10}.{per_mille % 10}"

    def as_json(self) -> dict[str, Any]:
        """The row for ``--json``."""
        return {
            "source": self.source,
            "title": self.title,
            "published": self.published,
            "measures": self.measures,
            "distinct": self.distinct,
            "computable": self.computable,
            "references": self.references,
            "unread": self.unread,
            "read_percent": self.read_percent,
            "examples": [{"expression": text, "reason": reason} for text, reason in self.examples],
        }


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The findings of the examination. ``faults`` are contradictions in the stored rows, and must be empty."""

    version: str
    schedules: tuple[ScheduleCheck, ...]
    faults: tuple[str, ...]
    groups_undefined: tuple[tuple[str, int], ...]
    lines_without_duty: tuple[tuple[str, int, int], ...]
    enumerations: tuple[EnumerationFinding, ...] = ()
    # By territory with a tariff or a part of one, the kinds of charge of which nothing is stated.
    kinds_not_stated: tuple[tuple[str, tuple[str, ...]], ...] = ()
    origin_rules: tuple[OriginRuleCheck, ...] = ()
    # What was read of the official files that the rules which ship are from.
    files: tuple[FileReading, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether the memory contradicts nothing it promises, and the rules reach what the legal texts list."""
        return not self.faults and all(finding.agrees for finding in self.enumerations)

    def as_json(self) -> dict[str, Any]:
        """The report for ``--json``."""
        return {
            "version": self.version,
            "sound": self.sound,
            "schedules": [schedule.as_json() for schedule in self.schedules],
            "faults": list(self.faults),
            "groups_undefined": [{"group": name, "measures": count} for name, count in self.groups_undefined],
            "lines_without_duty": [
                {"territory": name, "lines": lines, "without_duty": without}
                for name, lines, without in self.lines_without_duty
            ],
            "enumerations": [_finding_json(finding) for finding in self.enumerations],
            "kinds_not_stated": [{"territory": name, "kinds": list(kinds)} for name, kinds in self.kinds_not_stated],
            "origin_rules": [each.as_json() for each in self.origin_rules],
            "files": [each.as_json() for each in self.files],
        }


def _finding_json(finding: EnumerationFinding) -> dict[str, Any]:
    enumeration = finding.enumeration
    return {
        "territory": enumeration.territory,
        "provision": enumeration.provision,
        "reference": enumeration.reference,
        "day": enumeration.day.isoformat(),
        "listed": len(enumeration.codes),
        "missing": list(finding.missing),
        "unlisted": list(finding.unlisted),
    }


def rulebook_check(
    *,
    progress: Callable[[str, int, int], None] | None = None,
    enumerations: Iterable[Enumeration] = (),
    files: Iterable[FileReading] = (),
) -> CheckReport:
    """Examine everything that the latest version knows; ``progress`` is called with each step.

    The rules that cite one of the ``enumerations`` of legal texts are held against it. ``files`` are reported as they
    are.
    """
    say = progress or (lambda _what, _done, _total: None)
    version = latest_version()
    if version is None:
        return CheckReport("", (), (), (), ())
    moment = version.published_at
    enumerations = tuple(enumerations)
    survey = _survey(moment, enumerations, say)
    schedules = _schedules(survey, moment, say)
    faults = [f"{survey.misfiled} measures are filed under another key than their own"] if survey.misfiled else []
    say("comparing rows", 0, 0)
    faults += _faults()
    say("looking for groups", 0, 0)
    groups = _groups_undefined(moment)
    say("looking for lines without a duty", 0, 0)
    lines = _lines_without_duty(survey, moment)
    say("comparing lists with the law", 0, 0)
    compared = tuple(compare_enumeration(each, _products_citing(each, survey)) for each in enumerations)
    say("reading rules of origin", 0, 0)
    return CheckReport(
        version.label,
        schedules,
        tuple(faults),
        groups,
        lines,
        compared,
        tuple(
            (code, tuple(kinds)) for code, kinds in find_kinds_not_stated(territories_at(moment, sources_at(moment)))
        ),
        check_origin_rules(moment),
        tuple(files),
    )


@dataclass(slots=True)
class _Survey:
    """What one pass over every rule gathers; ``misfiled`` counts rows whose key is not that of their contents.

    ``measures`` and ``texts`` are by source, the texts by currency; ``duties`` has the periods of what charges duty by
    territory and prefix; ``cited`` has the rules of law by territory and reference, of those that an enumeration names.
    """

    measures: dict[str, int]
    texts: dict[str, dict[str, dict[str, None]]]
    duties: dict[tuple[str, str], set[Period]]
    cited: dict[tuple[str, str], list[Measure]]
    misfiled: int = 0


def _survey(moment: datetime, enumerations: Iterable[Enumeration], say: Callable[[str, int, int], None]) -> _Survey:
    """Read every rule once, and recompute its key from its contents."""
    cited: dict[tuple[str, str], list[Measure]] = {(each.territory, each.reference): [] for each in enumerations}
    survey = _Survey(defaultdict(int), defaultdict(lambda: defaultdict(dict)), defaultdict(set), cited)
    ((total,),) = fetch("SELECT count(*) FROM rulebook_measure WHERE known @> %s::timestamptz", [moment])
    for number, (key, measure) in enumerate(_index_measures(moment)):
        source = measure.source.id
        survey.measures[source] += 1
        if measure.expression:
            survey.texts[source][measure.currency][measure.expression] = None
        survey.misfiled += digest(measure.key) != key
        ends = measure.adoption is not None and measure.adoption.abolishes
        if measure.kind is Kind.DUTY and measure.status is not Status.PROPOSED and not ends:
            survey.duties[measure.territory, measure.product.prefix].add(measure.validity)
        if measure.status is Status.LAW and (measure.territory, measure.reference) in cited:
            cited[measure.territory, measure.reference].append(measure)
        if number % 2000 == 0:
            say("reading rules", number, total)
    return survey


def _index_measures(moment: datetime) -> Iterator[tuple[str, Measure]]:
    """Every measure with the key under which it is filed, as hexadecimal digits."""
    sources = sources_at(moment)
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(
            f"SELECT {MEASURE_COLUMNS}, encode(uuid_send(key), 'hex') FROM rulebook_measure"  # noqa: S608 - our own names
            " WHERE known @> %s::timestamptz ORDER BY id",
            [moment],
        )
        while rows := cursor.fetchmany(2_000):
            for row in rows:
                yield row[-1], measure_of(row, sources)


def _products_citing(enumeration: Enumeration, survey: _Survey) -> Iterator[Product]:
    """The products of the rules of law that cite the enumeration's reference and are in force on its day."""
    rules = survey.cited[enumeration.territory, enumeration.reference]
    return (rule.product for rule in rules if enumeration.day in rule.validity)


def _schedules(survey: _Survey, moment: datetime, say: Callable[[str, int, int], None]) -> tuple[ScheduleCheck, ...]:
    """How every distinct expression of each source reads."""
    sources = sources_at(moment)
    made = []
    for place, (name, count) in enumerate(sorted(survey.measures.items())):
        say("reading expressions", place, len(survey.measures))
        reports = [coverage(found, currency or None) for currency, found in survey.texts[name].items()]
        made.append(
            ScheduleCheck(
                name,
                sources[name].title,
                sources[name].published_text,
                count,
                sum(r.distinct for r in reports),
                sum(r.computable for r in reports),
                sum(len(r.references) for r in reports),
                sum(len(r.unread) for r in reports),
                tuple((text, refusal.code) for r in reports for text, refusal in r.unread)[:_EXAMPLES],
            ),
        )
    return tuple(made)


def _faults() -> list[str]:
    """Contradictions that the constraints forbid, looked for without trusting the constraints."""
    faults = []
    present = {name for (name,) in fetch("SELECT conname FROM pg_constraint WHERE contype = 'x' AND convalidated", [])}
    faults += [f"the constraint {name} is missing" for name in _GUARDS if name not in present]
    for table in RECORD_TABLES:
        layer = f", {table.layer}" if table.layer else ""
        validity = "validity" if table.dated else "daterange(NULL, NULL)"
        ((count,),) = fetch(
            f"SELECT count(*) FROM (SELECT {validity} && lead({validity}) OVER ("  # noqa: S608 - our own names
            f"PARTITION BY key{layer} ORDER BY {validity}, id) AS clash FROM {table.db_table} WHERE upper_inf(known)"
            ") AS pairs WHERE clash",
            [],
        )
        if count:
            faults.append(f"{count} {table.name} contradict another of the same key")
    return faults


def _groups_undefined(moment: datetime) -> tuple[tuple[str, int], ...]:
    """Entries of origin scopes that are neither an economy's two-letter code nor a defined group."""
    return tuple(
        fetch(
            "SELECT entry, count(*) FROM rulebook_measure m, unnest(m.origins || m.excluded_origins) AS entry"
            " WHERE m.known @> %s::timestamptz AND entry <> '*' AND entry !~ '^[A-Z]{2}$' AND NOT EXISTS ("
            "SELECT FROM rulebook_group g WHERE g.group_id = entry AND g.known @> %s::timestamptz)"
            " AND NOT EXISTS (SELECT FROM rulebook_adoptedrecord a WHERE a.kind = 'group' AND NOT a.abolishes"
            " AND a.content->>'id' = entry AND a.known @> %s::timestamptz)"
            " GROUP BY entry ORDER BY entry",
            [moment, moment, moment],
        ),
    )


def _lines_without_duty(survey: _Survey, moment: datetime) -> tuple[tuple[str, int, int], ...]:
    """For each territory: its lines that are still valid, and the number of them that no duty covers."""
    lines: dict[str, int] = defaultdict(int)
    without: dict[str, int] = defaultdict(int)
    for territory, code, start in fetch(
        "SELECT territory, code, lower(validity) FROM rulebook_tariffline"
        " WHERE known @> %s::timestamptz AND upper_inf(validity)",
        [moment],
    ):
        duties = (survey.duties.get((territory, code[:length]), ()) for length in range(len(code) + 1))
        # A line that is still valid meets every period that has not ended before it begins.
        covered = any(period.end is None or period.end >= start for periods in duties for period in periods)
        lines[territory] += 1
        without[territory] += not covered
    return tuple((territory, count, without[territory]) for territory, count in sorted(lines.items()))
