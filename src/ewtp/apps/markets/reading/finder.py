"""Read a market finder's question, bring the rulebook to it, and arrange the rows for programs."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ewtp.apps.assessment.reading.queries import hs_texts, today
from ewtp.apps.markets.reading.compiled_finder import market_finder, market_table_state
from ewtp.apps.markets.reading.demand_figures import demand_of
from ewtp.apps.markets.reading.sentences import ECONOMY_MISSING, QUANTITY_PAIRS_UNREADABLE, SWITCH_UNKNOWN
from ewtp.apps.rulebook.reading.book_cache import Law, book_for_question, law_for_question, law_of_editions
from ewtp.apps.rulebook.reading.sentences import RULEBOOK_EMPTY
from ewtp.core.assessment.question import read_question
from ewtp.core.markets.finder import destinations, find_markets, find_origins
from ewtp.core.markets.market_row import MarketOutcome, MarketRow
from ewtp.core.markets.rank_basis import SWITCH, RankBasis, find_rank_cost, rank_rows
from ewtp.core.rulebook.correlation import EDITIONS, in_edition
from ewtp.core.values.codes import SUBHEADING_DIGITS
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.spreadsheet import cell_text
from ewtp.gateways.reference.iso_codes import CUSTOMS_UNION, vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ewtp.apps.markets.reading.compiled_finder import MarketTableState
    from ewtp.core.assessment.question import Question
    from ewtp.core.markets.demand import Demand

CSV_COLUMNS = (
    "rank",
    "economy",
    "outcome",
    "compared_cost",
    "landed_cost",
    "landed_cost_highest",
    "without_tax",
    "without_tax_highest",
    "at_least",
    "at_most",
    "duty",
    "duty_highest",
    "tax",
    "tax_highest",
    "fees",
    "fees_highest",
    "currency",
    "duty_rates",
    "tax_rates",
    "best_claim",
    "saving",
    "landed_cost_with_claim",
    "agencies",
    "documents",
    "hs",
    "edition",
    "national_lines",
    "unknowns",
    "schedule_published",
    "schedule_age_days",
    "refusal",
    "imports",
    "imports_currency",
    "imports_year",
    "imports_growth_percent",
    "imports_from",
    "imports_source",
)
ONLY = ("complete", "bounded")


@dataclass(frozen=True, slots=True)
class Markets:
    """The rows for one question, ranked on a basis; ``side`` is ``"to"`` (destinations) or ``"from"`` (origins).

    ``demand`` has what is held of the imports of the product, by economy; it ranks nothing. ``table`` is how far the
    table is that later questions are answered from: while it is not ready they take seconds, and the rows are the same.
    """

    rulebook_version: str
    table: MarketTableState
    question: Question
    hs_given: str
    side: str
    rows: tuple[MarketRow, ...]
    unions: tuple[str, ...]
    basis: RankBasis
    demand: Mapping[str, Demand]

    @property
    def description(self) -> str:
        """The wording of the subheading."""
        return hs_texts().describe(self.question.lines[0].hs)

    def as_json(self) -> dict[str, Any]:
        """The finder's answer; ``markets`` are the rows, or ``origins`` where one market was asked about."""
        line = self.question.lines[0]
        fixed = ("from", self.question.origin) if self.side == "to" else ("to", self.question.destination)
        return {
            "rulebook_version": self.rulebook_version,
            "market_table": self.table.value,
            "date": self.question.day.isoformat(),
            "request": {
                fixed[0]: fixed[1],
                "hs": line.hs,
                "hs_given": self.hs_given,
                "value": line.value.as_json(),
                "quantities": {unit: format(amount, "f") for unit, amount in line.quantities.items()},
                **self.basis.as_json(),
            },
            "description": self.description,
            "counts": {outcome.value: sum(row.outcome is outcome for row in self.rows) for outcome in MarketOutcome},
            **self._market_demand(),
            "markets" if self.side == "to" else "origins": [
                self._row_json(row, rank) for rank, row in enumerate(self.rows, start=1)
            ],
        }

    def _market_demand(self) -> dict[str, Any]:
        """The demand of the one market that was asked about; rows have that of destinations."""
        if self.side == "to":
            return {}
        demand = self.demand.get(self.question.destination)
        return {"demand": demand.as_json() if demand else None}

    def _row_json(self, row: MarketRow, rank: int) -> dict[str, Any]:
        cost = find_rank_cost(row, self.basis)
        body = {**row.as_json(rank, self.side), "compared_cost": cost.as_json() if cost else None}
        if self.side == "to":
            demand = self.demand.get(row.economy)
            body["demand"] = demand.as_json() if demand else None
        return body

    def narrow_rows(self, *, only: str = "", group: str = "") -> Markets:
        """The rows whose whole cost is known (``complete``; ``bounded`` includes ranges), or the rows of one union."""
        rows = self.rows
        if only:
            kept = {MarketOutcome.COMPLETE} if only == "complete" else {MarketOutcome.COMPLETE, MarketOutcome.RANGE}
            rows = tuple(row for row in rows if row.outcome in kept)
        if group:
            rows = tuple(row for row in rows if group in row.unions)
        return replace(self, rows=rows)


def read_basis(given: Mapping[str, Any]) -> RankBasis | Refusal:
    """What costs are compared: ``claims`` and ``tax``, each ``with`` or ``without``; with claims and without tax."""
    chosen = {}
    for name, default in (("claims", "with"), ("tax", "without")):
        chosen[name] = given.get(name) or default
        if chosen[name] not in SWITCH:
            return Refusal(SWITCH_UNKNOWN, {"field": name, "choices": [*SWITCH]}, where=name)
    return RankBasis(claims=chosen["claims"] == "with", tax=chosen["tax"] == "with")


def markets_find(given: Mapping[str, Any], *, once: bool = False) -> Markets | Refusal:
    """Every destination for ``from``, or every origin for ``to``; the other fields are those of a question's line.

    ``given`` holds ``from`` or ``to``, ``hs``, ``value``, ``currency`` and, where given, ``quantities``, ``date`` and
    what costs are compared (``read_basis``). Nothing is stored. A process that asks ``once`` does not begin to load the
    compiled rulebook for later questions.
    """
    side = side_of(given)
    question, basis = read_markets_question(given), read_basis(given)
    if isinstance(question, Refusal) or isinstance(basis, Refusal):
        return Refusal.join([each for each in (question, basis) if isinstance(each, Refusal)])
    hs_given = question.lines[0].hs
    question = replace(
        question,
        lines=(replace(question.lines[0], hs=hs_given[:SUBHEADING_DIGITS]),),
    )
    law = law_of_editions()
    if law.version is None:
        return Refusal(RULEBOOK_EMPTY)
    table = market_table_state(law.version)
    rows = None if once else _read_compiled_rows(question, side, law)
    if rows is None:
        law = _law_of_rows(question, side)
        rows = _scalar_rows(question, side, law)
    if isinstance(rows, Refusal):
        return rows
    territories = law.book.territories
    unions = tuple(sorted(code for code, territory in territories.items() if len(territory.members) > 1))
    demand = demand_of(question.lines[0].hs)
    return Markets(law.book.version, table, question, hs_given, side, rank_rows(rows, basis), unions, basis, demand)


def _origins() -> list[str]:
    return sorted(vocabulary().economies - {CUSTOMS_UNION})


def _read_compiled_rows(question: Question, side: str, law: Law) -> tuple[MarketRow, ...] | Refusal | None:
    """The rows of the compiled rulebook; None where there is none of this version, or it cannot hold the question."""
    finder = market_finder(law.version) if law.version else None
    if finder is None:
        return None
    if side == "to":
        return finder.find_markets(question, law.book, hs_texts(), book_for_question)
    return finder.find_origins(question, _origins(), law.book, hs_texts(), book_for_question)


def _scalar_rows(question: Question, side: str, law: Law) -> tuple[MarketRow, ...] | Refusal:
    if side == "to":
        return find_markets(question, law.book, law.rates, hs_texts())
    return find_origins(question, _origins(), law.book, law.rates, hs_texts())


def side_of(given: Mapping[str, Any]) -> str:
    """The end of the question that the rows fill: ``from`` where only ``to`` is given, else ``to``."""
    return "from" if given.get("to") and not given.get("from") else "to"


def read_markets_question(given: Mapping[str, Any]) -> Question | Refusal:
    """The question with any other economy at its open end, which each row's economy will replace."""
    side = side_of(given)
    fixed = "from" if side == "to" else "to"
    refusals = []
    here = given.get(fixed)
    if not here:
        refusals.append(Refusal(ECONOMY_MISSING, where="from"))
        # Any economy will do to read the rest, so that everything that is wrong is refused at once.
        here = max(vocabulary().economies)
    elsewhere = min(vocabulary().economies - {str(here).strip().upper(), CUSTOMS_UNION})
    body = {
        fixed: here,
        side: elsewhere,
        "date": given.get("date") or None,
        "lines": [
            {
                "hs": given.get("hs"),
                "value": {"amount": given.get("value"), "currency": given.get("currency")},
                "quantities": given.get("quantities") or {},
            },
        ],
    }
    question = read_question(body, today=today(), vocabulary=vocabulary())
    if isinstance(question, Refusal):
        # The finder's question has one line, whose fields are its own.
        refusals += [
            replace(each, where=(each.where or "").removeprefix("lines[0].") or None) for each in question.every
        ]
    return Refusal.join(refusals) if refusals else question


def _law_of_rows(question: Question, side: str) -> Law:
    """The law of every economy that a row may have, for the code and for its codes in other editions."""
    code = question.lines[0].hs
    first = book_for_question([(question.origin if side == "to" else question.destination, code)])
    codes = {code, *(name for edition in EDITIONS if (name := in_edition(first, code, edition)))}
    economies = {*destinations(first), question.origin} if side == "to" else {question.destination}
    return law_for_question([(economy, name) for economy in economies for name in codes])


def read_quantity_pairs(texts: Sequence[str]) -> dict[str, str] | Refusal:
    """``kg:120`` as an address has it, as quantities by unit."""
    pairs: dict[str, str] = {}
    for text in texts:
        unit, found, amount = text.rpartition(":")
        if not found or not unit.strip() or unit.strip() in pairs:
            return Refusal(
                QUANTITY_PAIRS_UNREADABLE,
                where="quantity",
            )
        pairs[unit.strip()] = amount.strip()
    return pairs


def markets_csv(markets: Markets) -> str:
    """One row an economy, ranked; amounts are plain decimals in the currency of the question."""
    sheet = io.StringIO()
    writer = csv.DictWriter(sheet, CSV_COLUMNS)
    writer.writeheader()
    for rank, row in enumerate(markets.rows, start=1):
        cost = find_rank_cost(row, markets.basis)
        compared = {"compared_cost": cost.amount if cost else ""}
        cells = {
            name: cell_text(value)
            for name, value in {**_csv_row(row, rank), **compared, **_demand_cells(markets, row)}.items()
        }
        writer.writerow(cells)
    return sheet.getvalue()


def _demand_cells(markets: Markets, row: MarketRow) -> dict[str, Any]:
    demand = markets.demand.get(row.economy) if markets.side == "to" else None
    if demand is None:
        return {}
    return {
        "imports": demand.value,
        "imports_currency": demand.currency,
        "imports_year": demand.year,
        "imports_growth_percent": "" if demand.growth is None else demand.growth,
        "imports_from": "; ".join(f"{each.supplier} {each.percent}%" for each in demand.suppliers),
        "imports_source": demand.source.title,
    }


def _csv_row(row: MarketRow, rank: int) -> dict[str, Any]:
    cells: dict[str, Any] = {
        "rank": rank,
        "economy": row.economy,
        "outcome": row.outcome.value,
        "duty_rates": "; ".join(row.duty_rates),
        "tax_rates": "; ".join(row.tax_rates),
        "agencies": "; ".join(row.agencies),
        "documents": "; ".join(row.documents),
        "hs": row.code,
        "edition": row.edition,
        "national_lines": row.lines,
        "unknowns": "; ".join(unknown.code for unknown in row.unknowns),
        "schedule_published": (row.schedule.published_text or "") if row.schedule else "",
        "schedule_age_days": "" if row.schedule_age_days is None else row.schedule_age_days,
        "refusal": row.refusal.message if row.refusal else "",
    }
    spans = {"landed_cost": row.landed_cost, "without_tax": row.without_tax}
    for name, span in (*spans.items(), ("duty", row.duty), ("tax", row.tax), ("fees", row.fees)):
        if span is not None:
            cells["currency"] = span.lowest.currency
            cells[name], cells[f"{name}_highest"] = span.lowest.amount, span.highest.amount
    for name, bound in (("at_least", row.at_least), ("at_most", row.at_most)):
        if bound is not None:
            cells[name] = bound.amount
    if row.best is not None:
        cells["best_claim"], cells["saving"] = row.best.claim, row.best.saving.highest.amount
        if row.best.landed_cost is not None:
            cells["landed_cost_with_claim"] = row.best.landed_cost.highest.amount
    return cells
