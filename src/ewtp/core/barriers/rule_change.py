"""Whether the rule behind a barrier ended or was amended, by the rulebook as it is known now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.barriers.barrier import RuleReported
from ewtp.core.barriers.stage import ChangeKind, RuleChange
from ewtp.core.rulebook.changeset.record_content import describe_content
from ewtp.core.rulebook.precedence import measures_in_effect
from ewtp.core.values.canonical_json import canonical_digest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ewtp.core.barriers.barrier import BarrierMatter
    from ewtp.core.rulebook.measure import Measure

# Where a rule is written and what it is called may change while it stays the same rule.
_NOT_SUBSTANCE = ("valid_from", "valid_to", "source", "reference", "title", "status")


def rule_reported(measure: Measure) -> RuleReported:
    """The rule as a report keeps it."""
    return RuleReported(
        measure=measure.id,
        kind=measure.kind.value,
        territory=measure.territory,
        title=measure.title,
        agency=measure.agency,
        document=measure.document,
        mast_chapter=measure.mast_chapter,
        content=substance_digest(measure),
    )


def substance_digest(measure: Measure) -> str:
    """SHA-256 of what a rule asks for, in hexadecimal digits, without its days, its title and its source."""
    # Reports keep the digest, so what it is taken of must stay what it was.
    content = describe_content(measure)
    for name in _NOT_SUBSTANCE:
        content.pop(name, None)
    return canonical_digest(content)


def find_rule_change(
    matter: BarrierMatter, rule: RuleReported, held: Iterable[Measure], day: date
) -> RuleChange | None:
    """The last change of a reported rule up to a day; None where there was none, or where the rulebook does not say.

    ``held`` are all measures of the rule's territory and kind that may reach the product. A rule ended if its last day
    is stated and past, and no other rule of the same programme, agency and document reaches the product: a rule that is
    merely filed under another key has not ended. A rule that the rulebook no longer knows, without a last day, is not
    taken to have ended either.
    """
    stated = list(held)
    own = [each for each in measures_in_effect(stated) if each.key == matter.measure_key]
    current = [each for each in own if each.in_force(day)]
    if current:
        amended = [each for each in current if substance_digest(each) != rule.content]
        latest = max(amended, key=lambda each: each.validity.start, default=None)
        return None if latest is None else RuleChange(ChangeKind.AMENDED, latest.validity.start, latest.id)
    ended = [each for each in own if each.validity.end is not None and each.validity.end < day]
    last = max(ended, key=lambda each: each.validity.end or day, default=None)
    if last is None or last.validity.end is None or _is_replaced(last, stated, matter.product, day):
        return None
    return RuleChange(ChangeKind.ENDED, _day_after(last.validity.end), last.id)


def _is_replaced(ended: Measure, held: Iterable[Measure], product: str, day: date) -> bool:
    """Whether another rule in force asks the same of the product."""
    return any(
        each.in_force(day)
        and not each.abolishes
        and _asks(each) == _asks(ended)
        and (product.startswith(each.product.prefix) or each.product.prefix.startswith(product))
        for each in measures_in_effect(held)
    )


def _asks(measure: Measure) -> tuple[str, ...]:
    return (
        measure.territory,
        measure.direction.value,
        measure.kind.value,
        measure.programme,
        measure.agency,
        measure.document,
    )


def _day_after(day: date) -> date:
    return type(day).fromordinal(day.toordinal() + 1)
