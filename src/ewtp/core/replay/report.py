"""The report of a replay as a value: who gains and who pays, by economy, product, firm size and agency."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import field
from typing import TYPE_CHECKING, Any

from ewtp.core.replay.aggregates import BOUNDS, COUNTS, MAY_CLAIM, MONTHS, OFFERED, ROW, TOTALS, Sums, add_sums
from ewtp.core.replay.amount_texts import format_amount
from ewtp.core.replay.answer_pairs import AMOUNTS
from ewtp.core.replay.cost_bounds import bounds_json
from ewtp.core.replay.promise_days import add_promised, promise_json
from ewtp.core.rulebook.charge_kinds import REVENUE_COLUMNS
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ewtp.core.replay.aggregates import ReplayTally
    from ewtp.core.replay.change_conversion import ConvertedChanges
    from ewtp.core.replay.cost_bounds import ConvertedBounds
    from ewtp.core.replay.promise_days import PaperFields, PromisedDays
    from ewtp.core.replay.size_shares import SizeShare

_SIDES = ("before", "after")
# Breakdowns by coarser products are derived from subheadings on demand.
CODE_DIGITS = {"chapter": 2, "heading": 4}
BREAKDOWNS = ("destination", "dispatch", "origin", "chapter", "heading", "subheading", "firm_size")
_SUMS_OF_ROWS = ("revenue", "cost")
LONGEST_RANKING = 20


@immutable
class BreakdownRow:
    """A row of a breakdown: one value in one currency, with ``figures`` by name of ROW.

    Amounts are in ten-thousandths and summed over comparable lines; ``lines`` is the number of all lines with the
    value, None where they are not counted.
    """

    value: str
    currency: str
    lines: int | None
    figures: Mapping[str, int]

    def as_json(self) -> dict[str, Any]:
        """The row as JSON: counts are numbers, amounts decimal texts."""
        figures, currency = self.figures, self.currency
        body: dict[str, Any] = {"value": self.value, "currency": currency, "lines": self.lines}
        body |= {name: figures[name] for name in ROW if not _is_amount(name)}
        for name in _SUMS_OF_ROWS:
            before, after = (figures[f"{name}_{side}"] for side in _SIDES)
            body[name] = _change(currency, before, after)
        for name in ("gain", "loss"):
            body[name] = format_amount(figures[name], currency)
        return body


def _is_amount(name: str) -> bool:
    return name in {"gain", "loss"} or name.endswith(_SIDES)


def _change(currency: str, before: int, after: int) -> dict[str, str]:
    return {
        "before": format_amount(before, currency),
        "after": format_amount(after, currency),
        "change": format_amount(after - before, currency),
    }


@immutable
class ReplayReport:
    """The result of a replay.

    ``rulebook`` is the version; ``change`` describes the changeset, and the measures it refers to that the rulebook
    does not hold; ``synthetic`` is None for real lines, else the number of synthetic lines and their stated
    assumptions; ``converted`` is what changes, in one currency, where one was asked for; ``promised`` are the days in
    which agencies promise papers, where any of them does; ``sizes`` its effect on firms of each size; ``bounds``
    what the change costs at least and at most, in the currency of ``converted``.
    """

    tally: ReplayTally
    rulebook: str
    change: Mapping[str, Any]
    synthetic: Mapping[str, Any] | None = None
    converted: ConvertedChanges | None = None
    promised: dict[PaperFields, PromisedDays] | None = None
    sizes: tuple[SizeShare, ...] = ()
    bounds: ConvertedBounds | None = None
    _rows: dict[str, tuple[BreakdownRow, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def counts(self) -> dict[str, int]:
        """The headline: numbers of lines by name of COUNTS."""
        return dict(zip(COUNTS, self.tally.tables["headline"].get((), (0,) * len(COUNTS)), strict=True))

    @property
    def could_file_less(self) -> int:
        """The number of lines that claim nothing and would have fewer papers to show with a claim that is offered."""
        return self.tally.tables.get(OFFERED, {}).get((), (0,))[0]

    @property
    def may_claim(self) -> tuple[dict[str, Any], ...]:
        """By currency, the lines that claim nothing and would save by a preference that is offered, and how much."""
        return tuple(
            {"currency": currency, "lines": lines, "saving": format_amount(saving, currency)}
            for (currency,), (lines, saving) in sorted(self.tally.tables.get(MAY_CLAIM, {}).items())
        )

    @property
    def months(self) -> tuple[dict[str, Any], ...]:
        """By month, the number of lines, and of those that the change affects."""
        rows = sorted(self.tally.tables.get(MONTHS, {}).items())
        return tuple({"month": month, "lines": lines, "affected": affected} for (month,), (lines, affected) in rows)

    def revenue_changes(self) -> tuple[tuple[str, str, int], ...]:
        """By destination and currency, the change of its revenue in ten-thousandths."""
        found = []
        for (destination, currency), values in sorted(self.tally.tables["totals"].items()):
            figures = dict(zip(TOTALS, values, strict=True))
            before, after = (sum(figures[f"{name}_{side}"] for name in REVENUE_COLUMNS) for side in _SIDES)
            found.append((destination, currency, after - before))
        return tuple(found)

    def totals(self) -> tuple[dict[str, Any], ...]:
        """By currency, the sums before and after over all comparable lines: each amount, revenue and cost."""
        sums: Sums = {}
        for (_, currency), values in self.tally.tables["totals"].items():
            add_sums(sums, {(currency,): values})
        found = []
        for (currency,), values in sorted(sums.items()):
            figures = dict(zip(TOTALS, values, strict=True))
            revenue = [sum(figures[f"{name}_{side}"] for name in REVENUE_COLUMNS) for side in _SIDES]
            found.append(
                {
                    "currency": currency,
                    "lines": figures["lines"],
                    "incomplete": figures["incomplete"],
                    "amounts": {
                        name: _change(currency, figures[f"{name}_before"], figures[f"{name}_after"]) for name in AMOUNTS
                    },
                    "revenue": _change(currency, *revenue),
                    "cost": _change(currency, figures["total_before"], figures["total_after"]),
                },
            )
        return tuple(found)

    def rows(self, breakdown: str) -> tuple[BreakdownRow, ...]:
        """The rows of a breakdown by currency, the largest changes first; values without affected lines have no row."""
        found = self._rows.get(breakdown)
        if found is None:
            digits = CODE_DIGITS.get(breakdown)
            source = "subheading" if digits else breakdown
            sums = _shorten_codes(self.tally.tables.get(source, {}), digits)
            lines = self.tally.tables.get(f"lines_{source}", {})
            rows = [
                BreakdownRow(value, currency, lines.get((value,), (None,))[0], dict(zip(ROW, values, strict=True)))
                for (value, currency), values in sums.items()
            ]
            rows.sort(key=lambda row: (row.currency, -_sum_movement(row), row.value))
            found = self._rows[breakdown] = tuple(rows)
        return found

    def has_breakdown(self, breakdown: str) -> bool:
        """Whether the lines have the column of the breakdown."""
        source = "subheading" if breakdown in CODE_DIGITS else breakdown
        return source in self.tally.tables

    def rank_values(self, breakdown: str, currency: str, what: str, length: int) -> tuple[BreakdownRow, ...]:
        """The values with the largest ``gain`` or ``loss`` in a currency, the largest first."""
        rows = [row for row in self.rows(breakdown) if row.currency == currency and row.figures[what]]
        return tuple(sorted(rows, key=lambda row: (-row.figures[what], row.value))[:length])

    def currencies(self) -> tuple[str, ...]:
        """The currencies in which any line gains or loses."""
        return tuple(sorted({row.currency for row in self.rows("destination") if _sum_movement(row)}))

    def agencies(self) -> tuple[dict[str, Any], ...]:
        """By territory and agency, filings, papers and each document before and after; the largest changes first."""
        documents: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        for (territory, agency, document), counts in sorted(self.tally.tables["papers"].items()):
            if any(counts):
                days = promise_json(self.promised, (territory, agency, document))
                documents[(territory, agency)].append({"document": document, **_counts(counts), "promised_days": days})
        found = [
            {
                "territory": key[0],
                "agency": key[1],
                "filings": _counts(self.tally.tables["filings"][key]),
                "papers": _counts(tuple(sum(one[side] for one in papers) for side in _SIDES)),
                "documents": papers,
            }
            for key, papers in documents.items()
        ]
        return tuple(sorted(found, key=lambda one: (-abs(one["papers"]["change"]), one["territory"], one["agency"])))

    def _in_one_currency(self, found: ConvertedChanges) -> dict[str, Any]:
        return {**found.as_json(), "bounds": None if self.bounds is None else self.bounds.as_json()}

    def as_json(self) -> dict[str, Any]:
        """The whole report; amounts are decimal texts, and only amounts of one currency are ever added."""
        return {
            "synthetic": None if self.synthetic is None else dict(self.synthetic),
            "rulebook": self.rulebook,
            "change": dict(self.change),
            "lines": self.counts,
            "months": list(self.months),
            "totals": list(self.totals()),
            "bounds": bounds_json(self.tally.tables.get(BOUNDS, {})),
            "in_one_currency": None if self.converted is None else self._in_one_currency(self.converted),
            "by": {
                name: [row.as_json() for row in self.rows(name)] if self.has_breakdown(name) else None
                for name in BREAKDOWNS
            },
            "rankings": [
                {
                    "by": name,
                    "currency": currency,
                    **{
                        side: [
                            {
                                "value": row.value,
                                "lines": row.figures[lines],
                                what: format_amount(row.figures[what], currency),
                            }
                            for row in self.rank_values(name, currency, what, LONGEST_RANKING)
                        ]
                        for side, what, lines in (("gains", "gain", "gained"), ("losses", "loss", "lost"))
                    },
                }
                for name in ("dispatch", "heading", "firm_size")
                if self.has_breakdown(name)
                for currency in self.currencies()
            ],
            "agencies": list(self.agencies()),
            "promised_days": add_promised(self.promised.values()).as_json() if self.promised else None,
            "could_file_less": self.could_file_less,
            "may_claim": list(self.may_claim),
            "firms": None if self.tally.firms is None else self.tally.firms.counts(),
            "size_shares": [size.as_json() for size in self.sizes],
        }


def _shorten_codes(sums: Sums, digits: int | None) -> Sums:
    """Sums by code, regrouped by the first ``digits`` of the code; None leaves them as they are."""
    if digits is None:
        return sums
    shorter: Sums = {}
    for (code, *rest), values in sums.items():
        add_sums(shorter, {(code[:digits], *rest): values})
    return shorter


def _sum_movement(row: BreakdownRow) -> int:
    return row.figures["gain"] + row.figures["loss"]


def _counts(counts: tuple[int, ...]) -> dict[str, int]:
    before, after = counts
    return {"before": before, "after": after, "change": after - before}
