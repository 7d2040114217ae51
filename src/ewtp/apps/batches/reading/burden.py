"""What rules take of firms of each size, counted on lines: from their answers, in one currency."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from ewtp.apps.assessment.reading.version_scalar import version_scalar
from ewtp.apps.batches.reading.sentences import FIRM_SIZE_MISSING
from ewtp.apps.rulebook.reading.measure_list import measures_named
from ewtp.apps.rulebook.reading.rulebook_reader import RulebookReader
from ewtp.core.burden.rule_burden import RuleBurden, SizeBurden, rank_burdens, trade_of_sizes
from ewtp.core.burden.tally import BurdenLine, BurdenTally, group_of, rules_reached
from ewtp.core.compiled.machine.arrow_columns import in_one_piece
from ewtp.core.compiled.machine.epoch_days import day_number
from ewtp.core.compiled.table.scalar_fallback import bodies, read_questions
from ewtp.core.rulebook.charge_kinds import CHARGE_KINDS
from ewtp.core.rulebook.measure import Kind
from ewtp.core.synthetic.assumptions import FIRM_SIZES
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentence import literal_sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ewtp.apps.rulebook.reading.versions import VersionRef
    from ewtp.core.assessment.exchange import RateTable
    from ewtp.core.burden.tally import RuleKey
    from ewtp.core.compiled.table.scalar_fallback import Scalar
    from ewtp.core.rulebook.measure import Measure

FIRM_SIZE, FIRM, SYNTHETIC = "firm_size", "firm", "synthetic"
# Cells of a column of texts that deny what its name says.
_NO = frozenset({"", "no", "n", "false", "f", "0"})
_SYNTHETIC_KEY = b"ewtp.synthetic"
_REFUSAL = ("refusal", "refusal_message")
# Sums of any length keep all their digits, and those of a rate.
_DIGITS = 60
_SCALAR_AT_ONCE = 500
# The measures of each ranking in the report that an installation shows; papers and taxes are ranked apart.
MOST_SHOWN = 500
# The papers of two agencies that are asked for on one line, in every report: those that weigh most on small firms.
MOST_PAIRS = 200
_RANKED_APART = frozenset({Kind.REQUIREMENT.value, Kind.TAX.value})
_MOST_FAULTS = 100


@dataclass(frozen=True, slots=True)
class LineFault:
    """A line that was refused: its number from 1, and why."""

    line: int
    refusal: Refusal


@dataclass(slots=True)
class BurdenCount:
    """What became of the lines: those ``read``, the ``lines`` that are looked at, and those that no sum has, with why.

    ``unsized`` state none of the four sizes; ``without_rate`` counts by currency lines that no rate converts.
    """

    read: int = 0
    lines: int = 0
    refused: int = 0
    faults: list[LineFault] = field(default_factory=list)
    unsized: int = 0
    without_rate: Counter[str] = field(default_factory=Counter)
    firms_named: bool = False
    synthetic: bool = False

    def refuse(self, line: int, refusal: Refusal) -> None:
        """Count a refused line; of the first ones it is kept why."""
        self.refused += 1
        if len(self.faults) < _MOST_FAULTS:
            self.faults.append(LineFault(line, refusal))


@dataclass(frozen=True, slots=True)
class BurdenReport:
    """The ranked rules and groups of rules with the measures behind them, and the trade that they are shares of."""

    version: str
    currency: str
    destination: str
    count: BurdenCount
    trade: Mapping[str, SizeBurden]
    incomplete: Mapping[str, int]
    rules: tuple[RuleBurden, ...]
    groups: tuple[RuleBurden, ...]
    pairs: tuple[RuleBurden, ...]
    measures: Mapping[str, Measure]

    def as_json(self) -> dict[str, Any]:
        """The report as `docs/ask/burden.md` describes it."""
        count = self.count
        return {
            "rulebook": self.version,
            "currency": self.currency,
            "to": self.destination or None,
            "synthetic": count.synthetic,
            "lines": count.lines,
            "refused": count.refused,
            "faults": [{"line": each.line, **each.refusal.as_json()} for each in count.faults],
            "without_size": count.unsized,
            "without_rate": [{"currency": name, "lines": lines} for name, lines in sorted(count.without_rate.items())],
            "incomplete": dict(self.incomplete),
            "trade": {name: size.as_json() for name, size in self.trade.items()},
            "rules": [{**rule.as_json(), **_describe_measure(self.measures[rule.key[1]])} for rule in self.rules],
            "rules_in_all": len(self.rules),
            "groups": self._groups_as_json(),
            "paper_pairs": [{**pair.as_json(), **_describe_pair(pair.key)} for pair in self.pairs[:MOST_PAIRS]],
        }

    def as_shown_json(self) -> dict[str, Any]:
        """The report as an installation shows it: with the first rules of each ranking alone, which a page can hold."""
        report = self.as_json()
        first: Counter[str] = Counter()
        kept = []
        for rule in report["rules"]:
            ranking = rule["kind"] if rule["kind"] in _RANKED_APART else ""
            first[ranking] += 1
            if first[ranking] <= MOST_SHOWN:
                kept.append(rule)
        return {**report, "rules": kept}

    def _groups_as_json(self) -> list[dict[str, Any]]:
        """The groups with the measures in them that reach a line: how many, the only one, and their sources."""
        members: dict[RuleKey, list[Measure]] = {}
        for rule in self.rules:
            measure = self.measures[rule.key[1]]
            members.setdefault(group_of(rule.kind, measure), []).append(measure)
        return [{**group.as_json(), **_describe_group(members[group.key])} for group in self.groups]


def _describe_measure(measure: Measure) -> dict[str, Any]:
    return {
        "measure": measure.id,
        "territory": measure.territory,
        "title": measure.title,
        "agency": measure.agency,
        "document": measure.document,
        "expression": measure.rate_text,
        "reference": measure.reference,
        "source": measure.source.title,
        "url": measure.source.url,
    }


def _describe_group(members: Sequence[Measure]) -> dict[str, Any]:
    """What a group's measures have in common; of several, the rate, the reference and the measure are left out."""
    described = _describe_measure(members[0])
    sources = {measure.source.title: measure.source.url for measure in members}
    if len(members) > 1:
        described |= {"measure": "", "expression": "", "reference": ""}
    if len(sources) > 1:
        described |= {"source": "; ".join(sorted(sources)), "url": None}
    return {**described, "measures": len(members)}


def _describe_pair(key: RuleKey) -> dict[str, Any]:
    _, territory, *names = key
    papers = [{"agency": names[place], "document": names[place + 1]} for place in (0, 2)]
    return {"territory": territory, "papers": papers}


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of a firm: its number from 1, the day, the size and the firm."""

    number: int
    day: date | None
    size: str
    firm: str


@dataclass(frozen=True, slots=True)
class _Counted:
    """An answered line, with its goods and what each rule takes in the currency of its answer."""

    row: _Row
    currency: str
    goods: Decimal
    reached: Mapping[RuleKey, Decimal]
    complete: bool


class BurdenReader:
    """Counts tables of lines under one version of the rulebook, in one currency.

    ``destination`` narrows the lines, where it is not empty: then every share is of the trade with it.
    """

    def __init__(self, version: VersionRef, currency: str, destination: str = "") -> None:
        reader = RulebookReader(version)
        self.version = version
        self.currency = currency
        self.destination = destination
        self.count = BurdenCount()
        self.tally = BurdenTally()
        self._rates: RateTable = reader.rates.latest
        self._found: dict[tuple[str, date], Decimal | None] = {}
        self._scalar: Scalar = version_scalar(reader, self._rates)
        self._measures: dict[str, Measure] = {}

    def add_table(
        self, lines: pa.Table, columns: pa.Table, assess: Callable[[pa.Table], pa.Table | Refusal] | None = None
    ) -> Refusal | None:
        """Count a table; ``lines`` are its columns of lines, ``columns`` all of them.

        ``assess`` answers it from a compiled rulebook; lines of which one amount comes of several rules, and all where
        it is None, are answered one by one. Refuses with ``firm_size_missing``, and as ``assess`` refuses a table.
        """
        if FIRM_SIZE not in columns.column_names:
            return Refusal(FIRM_SIZE_MISSING, {"sizes": FIRM_SIZES})
        self.count.firms_named |= FIRM in columns.column_names
        self.count.synthetic |= _is_synthetic(columns)
        kept, rows = self._keep_lines(lines, columns)
        asked = lines.take(pa.array(kept, pa.int64()))
        with localcontext(prec=_DIGITS):
            if assess is None:
                self._add_one_by_one(asked, rows)
                return None
            answers = assess(asked)
            if isinstance(answers, Refusal):
                return answers
            left = self._add_answers(answers, rows)
            self._add_one_by_one(asked.take(pa.array(left, pa.int64())), [rows[place] for place in left])
        return None

    def report(self) -> BurdenReport:
        """The rules ranked over everything that was counted."""
        named = self.count.firms_named
        return BurdenReport(
            version=self.version.label,
            currency=self.currency,
            destination=self.destination,
            count=self.count,
            trade=trade_of_sizes(self.tally, self.currency, firms_named=named),
            incomplete={size: self.tally.trade[size].incomplete for size in FIRM_SIZES if size in self.tally.trade},
            rules=rank_burdens(self.tally, self.tally.rules, self.currency, firms_named=named),
            groups=rank_burdens(self.tally, self.tally.groups, self.currency, firms_named=named),
            pairs=rank_burdens(self.tally, self.tally.pairs, self.currency, firms_named=named),
            measures=self._measures,
        )

    def _keep_lines(self, lines: pa.Table, columns: pa.Table) -> tuple[list[int], list[_Row]]:
        """The places of the lines that are counted, with what is known of each."""
        first = self.count.read + 1
        self.count.read += lines.num_rows
        kept: list[int] = []
        rows: list[_Row] = []
        told = zip(
            lines["to"].to_pylist(), _days(lines), _texts(columns, FIRM_SIZE), _texts(columns, FIRM), strict=True
        )
        for place, (target, day, size, firm) in enumerate(told):
            if self.destination and target != self.destination:
                continue
            self.count.lines += 1
            if size not in FIRM_SIZES:
                self.count.unsized += 1
                continue
            kept.append(place)
            rows.append(_Row(first + place, day, size, firm))
        return kept, rows

    def _add_answers(self, answers: pa.Table, rows: list[_Row]) -> list[int]:
        """Count the answers of a compiled rulebook; gives the places of lines that have several rules in one amount."""
        told = {
            name: answers[name].to_pylist() for name in ("currency", "goods", "complete", "requirements", *_REFUSAL)
        }
        paid = [
            (row.kind.value, answers[row.column].to_pylist(), answers[row.measures_column].to_pylist())
            for row in CHARGE_KINDS
        ]
        left: list[int] = []
        counted: list[_Counted] = []
        for place, row in enumerate(rows):
            if told["refusal"][place] is not None:
                message = told["refusal_message"][place]
                self.count.refuse(row.number, Refusal(literal_sentence(told["refusal"][place], message)))
                continue
            reached: dict[RuleKey, Decimal] = {
                (kind, measures[place]): amounts[place] for kind, amounts, measures in paid if amounts[place]
            }
            if any(" " in key[1] for key in reached):
                left.append(place)
                continue
            reached |= {(Kind.REQUIREMENT.value, paper): Decimal(0) for paper in told["requirements"][place].split()}
            counted.append(
                _Counted(row, told["currency"][place], told["goods"][place], reached, told["complete"][place])
            )
        self._add(counted)
        return left

    def _add_one_by_one(self, lines: pa.Table, rows: list[_Row]) -> None:
        for start in range(0, lines.num_rows, _SCALAR_AT_ONCE):
            questions = read_questions(bodies(lines.slice(start, _SCALAR_AT_ONCE)), self._scalar.vocabulary)
            found = iter(self._scalar.answers([each for each in questions if not isinstance(each, Refusal)]))
            counted: list[_Counted] = []
            for row, question in zip(rows[start:], questions, strict=False):
                answer = question if isinstance(question, Refusal) else next(found)
                if isinstance(answer, Refusal):
                    self.count.refuse(row.number, answer)
                    continue
                goods, complete = answer.totals.goods, answer.totals.complete
                counted.append(_Counted(row, goods.currency, goods.amount, rules_reached(answer), complete))
            self._add(counted)

    def _add(self, counted: Sequence[_Counted]) -> None:
        """Count answered lines, in the currency of the report; the measures behind them are read in one go."""
        missing = {key[1] for each in counted for key in each.reached} - self._measures.keys()
        if missing:
            self._measures |= measures_named(missing, self.version.published_at)
        for each in counted:
            rate = self._rate(each.currency, each.row.day)
            if rate is None:
                self.count.without_rate[each.currency] += 1
                continue
            rules = {key: amount * rate for key, amount in each.reached.items()}
            groups: dict[RuleKey, Decimal] = {}
            for key, amount in rules.items():
                group = group_of(key[0], self._measures[key[1]])
                groups[group] = groups.get(group, Decimal(0)) + amount
            line = BurdenLine(each.row.size, each.row.firm, each.goods * rate, rules, groups, each.complete)
            self.tally.add(line)

    def _rate(self, currency: str, day: date | None) -> Decimal | None:
        if currency == self.currency:
            return Decimal(1)
        if day is None:
            return None
        if (currency, day) not in self._found:
            used = self._rates.find(currency, self.currency, day)
            self._found[currency, day] = None if used is None else used.rate
        return self._found[currency, day]


def _texts(table: pa.Table, name: str) -> list[str]:
    """A column of texts; empty for nulls, and for a column that is not there or is something else."""
    if name not in table.column_names:
        return [""] * table.num_rows
    return [text if isinstance(text, str) else "" for text in table[name].to_pylist()]


def _days(lines: pa.Table) -> list[date | None]:
    """The days; None for one outside of the calendar, which the answers refuse."""
    numbers = in_one_piece(lines["date"]).view(pa.int32())
    odd = pc.or_(pc.less(numbers, day_number(date.min)), pc.greater(numbers, day_number(date.max)))
    days: list[date | None] = pc.if_else(odd, None, in_one_piece(lines["date"])).to_pylist()
    return days


def _is_synthetic(columns: pa.Table) -> bool:
    """Whether the lines say that they were made up."""
    if _SYNTHETIC_KEY in (columns.schema.metadata or {}):
        return True
    return SYNTHETIC in columns.column_names and any(map(_says_yes, columns[SYNTHETIC].to_pylist()))


def _says_yes(cell: object) -> bool:
    """Whether a cell affirms; a text that is not a plain no counts, so that made-up lines never pass for real ones."""
    return cell.strip().casefold() not in _NO if isinstance(cell, str) else bool(cell)
