"""What a proposal would change for somebody's own lines, one by one; nothing of them is kept anywhere."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from ewtp.apps.batches.actions.replay_job import change_ready
from ewtp.apps.rulebook.reading.changeset_file import ChangesetFile
from ewtp.apps.rulebook.reading.sentences import RULEBOOK_EMPTY
from ewtp.apps.rulebook.reading.versions import latest_version
from ewtp.core.compiled.format import amount_kind, rule_set
from ewtp.core.compiled.format.kernel_arrays import DECIMALS, NO_BOUND
from ewtp.core.compiled.table.scalar_fallback import bodies, rows_of
from ewtp.core.replay.amount_texts import format_amount
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

    from ewtp.apps.proposals.reading.proposal_text import ProposalText
    from ewtp.core.compiled.table.scalar_fallback import AnswerRow
    from ewtp.core.replay.paper_index import PaperIndex, RequiredPaper

# Lines that a reader waits for, and those that whoever runs a command does.
MOST_LINES, MOST_LINES_OF_COMMAND = 200, 20_000
_TOTAL, _LEAST = amount_kind.NAMES.index("total"), amount_kind.NAMES.index("total_at_least")


@immutable
class ShipmentEffect:
    """A change's result for one line, counted from 1; amounts of its costs are in ten-thousandths of ``currency``.

    ``before`` and ``after`` are what the line costs in all, or why it is refused. ``fewer`` and ``more`` are the papers
    that fall away and are added, ``prohibited`` whether the goods are so on either side. ``open`` says that something
    is not known, and so whether the costs can be compared. ``at_least`` and ``at_most`` bound the change of the costs;
    None where nothing does, or where the sides cannot be subtracted.
    """

    line: int
    origin: str
    destination: str
    hs: str
    currency: str
    before: int | Refusal
    after: int | Refusal
    fewer: tuple[RequiredPaper, ...] = ()
    more: tuple[RequiredPaper, ...] = ()
    prohibited: tuple[bool, bool] = (False, False)
    open: bool = False
    comparable: bool = False
    at_least: int | None = None
    at_most: int | None = None

    @property
    def change(self) -> int | None:
        """The change of the costs in ten-thousandths; None where they cannot be compared."""
        if not self.comparable or isinstance(self.before, Refusal) or isinstance(self.after, Refusal):
            return None
        return self.after - self.before

    @property
    def is_affected(self) -> bool:
        """Whether the line pays, files or may sell otherwise, or what is not known of it is another."""
        sides = [each.code if isinstance(each, Refusal) else "" for each in (self.before, self.after)]
        return bool(
            self.change
            or self.fewer
            or self.more
            or sides[0] != sides[1]
            or self.prohibited[0] != self.prohibited[1]
            or not (self.comparable or any(sides))
        )

    def amount(self, side: int | Refusal | None) -> str | None:
        """An amount of the line as a decimal text; None for a refusal and for what cannot be compared."""
        return format_amount(side, self.currency) if isinstance(side, int) else None


def shipments_compared(text: ProposalText, lines: pa.Table) -> tuple[ShipmentEffect, ...] | Refusal:
    """What a text changes for each line, answered under the law in force without it and with it.

    Refuses with ``rulebook_empty`` and as ``change_ready`` does.
    """
    latest = latest_version()
    if latest is None:
        return Refusal(RULEBOOK_EMPTY)
    digest = text.content.changeset
    change = change_ready(latest.ref, ChangesetFile(text.changeset, digest, digest), scalar=True)
    if isinstance(change, Refusal):
        return change
    asked = bodies(lines)
    sides = [rows_of(asked, scalar) for scalar in change.scalars]
    named = zip(*(lines[name].to_pylist() for name in ("from", "to", "hs")), strict=True)
    return tuple(
        _effect(number, names, before, after, change.papers)
        for number, (names, before, after) in enumerate(zip(named, *sides, strict=True), 1)
    )


def _effect(
    line: int,
    named: tuple[str | None, str | None, str | None],
    before: AnswerRow | Refusal,
    after: AnswerRow | Refusal,
    papers: PaperIndex,
) -> ShipmentEffect:
    origin, destination, code = (name or "" for name in named)
    one, two = (side if isinstance(side, Refusal) else side.amounts[_TOTAL] for side in (before, after))
    found = ShipmentEffect(line, origin, destination, code, "", one, two)
    if isinstance(before, Refusal):
        return found if isinstance(after, Refusal) else replace(found, currency=after.currency)
    if isinstance(after, Refusal):
        return replace(found, currency=before.currency)
    shown = [frozenset(papers.find(side.sets[rule_set.REQUIREMENT])[0]) for side in (before, after)]
    fewer, more = (
        tuple(papers.papers[number] for number in sorted(numbers))
        for numbers in (shown[0] - shown[1], shown[1] - shown[0])
    )
    least, most = bound_change(before, after)
    return replace(
        found,
        currency=before.currency,
        at_least=least,
        at_most=most,
        fewer=fewer,
        more=more,
        prohibited=(bool(before.sets[rule_set.PROHIBITION]), bool(after.sets[rule_set.PROHIBITION])),
        open=not (before.complete and after.complete),
        comparable=before.currency == after.currency
        and (before.complete, before.unknowns) == (after.complete, after.unknowns),
    )


def bound_change(before: AnswerRow, after: AnswerRow) -> tuple[int | None, int | None]:
    """What the change of the costs is at least and at most, as the bounds of a replay.

    The two sides may be open in different ways, so of answers that differ nothing is certain but the distance between
    the most of one and the least of the other.
    """
    if before.currency != after.currency:
        return None, None
    if before == after or (before.complete and after.complete):
        exact = after.amounts[_TOTAL] - before.amounts[_TOTAL]
        return exact, exact
    least = None if before.at_most == NO_BOUND else after.amounts[_LEAST] - before.at_most
    most = None if after.at_most == NO_BOUND else after.at_most - before.amounts[_LEAST]
    return least, most


def bounds_by_currency(effects: tuple[ShipmentEffect, ...]) -> dict[str, tuple[Decimal | None, Decimal | None]]:
    """What all lines that both sides answer pay more at least and at most, by currency; None where one has no bound."""
    found: dict[str, list[ShipmentEffect]] = {}
    for each in effects:
        if not (isinstance(each.before, Refusal) or isinstance(each.after, Refusal)):
            found.setdefault(each.currency, []).append(each)
    return {
        currency: (_add_up(each.at_least for each in lines), _add_up(each.at_most for each in lines))
        for currency, lines in sorted(found.items())
    }


def _add_up(bounds: Iterable[int | None]) -> Decimal | None:
    known = [*bounds]
    held = [bound for bound in known if bound is not None]
    return Decimal(sum(held)).scaleb(-DECIMALS) if len(held) == len(known) else None


def changes_by_currency(effects: tuple[ShipmentEffect, ...]) -> dict[str, Decimal]:
    """What all lines that can be compared pay more, or less where it is negative, by currency."""
    sums: dict[str, int] = {}
    for each in effects:
        if each.change is not None:
            sums[each.currency] = sums.get(each.currency, 0) + each.change
    return {currency: Decimal(change).scaleb(-DECIMALS) for currency, change in sorted(sums.items())}
