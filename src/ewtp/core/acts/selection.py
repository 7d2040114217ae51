"""Which rules a selector reaches, and which part of a rule that is written more widely."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ewtp.core.acts.act import AnswerWithin, JoinGroup, RecognisePaper, SetProcedure
from ewtp.core.rulebook.charge_kinds import LOWER_DUTIES
from ewtp.core.rulebook.measure import Kind, Measure, Product
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ewtp.core.acts.act import Acts, Selector
    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.changeset.law_in_effect import HeldLaw

_WILD = "*"


@immutable
class RuleParts:
    """A rule, divided by its codes into what an act selects and what it leaves as it is.

    Where nothing is left, ``selected`` is the rule itself.
    """

    selected: tuple[Measure, ...]
    left: tuple[Measure, ...] = ()


def selects(selector: Selector, measure: Measure) -> bool:
    """Whether the selector agrees with a rule in everything but its codes."""
    named = {*selector.origins, *selector.groups}
    return (
        measure.territory == selector.territory
        and measure.direction == selector.direction
        and selector.kind in ("", measure.kind)
        and selector.agency in ("", measure.agency)
        and selector.programme in ("", measure.programme)
        and selector.mast_chapter in ("", measure.mast_chapter)
        and _is_named(selector.document, measure.document)
        and (not named or not named.isdisjoint(measure.origins.include))
    )


def _is_named(wanted: str, document: str) -> bool:
    if wanted.endswith(_WILD):
        return document.startswith(wanted[:-1])
    return wanted in ("", document)


def divide(selector: Selector, measure: Measure) -> RuleParts:
    """The part of a rule below the selector's codes, and the rest; both are empty where there is no such part."""
    product = measure.product
    parts = [
        part for code in selector.codes or ("",) if (part := _below(product, code, selector.excluded_codes)) is not None
    ]
    if not parts:
        return RuleParts(())
    if parts == [product]:
        return RuleParts((measure,))
    rest = []
    if all(part.prefix != product.prefix for part in parts):
        out = tuple(sorted({*product.exclusions, *(part.prefix for part in parts)}))
        rest.append(replace(product, exclusions=out))
    for part in parts:
        for code in part.exclusions:
            left = None if code in product.exclusions else _below(product, code, ())
            if left is not None:
                rest.append(left)
    return RuleParts(
        tuple(replace(measure, product=part) for part in parts), tuple(replace(measure, product=left) for left in rest)
    )


def _below(product: Product, code: str, excluded: Iterable[str]) -> Product | None:
    """The part of a scope at or below a code, without what is excluded; None where there is none."""
    if not (product.prefix.startswith(code) or code.startswith(product.prefix)):
        return None
    prefix = max(product.prefix, code, key=len)
    if any(prefix.startswith(out) for out in (*product.exclusions, *excluded)):
        return None
    out = {each for each in (*product.exclusions, *excluded) if each.startswith(prefix)}
    # Of two exclusions, one below the other, the wider one says it all.
    out = {one for one in out if not any(one != other and one.startswith(other) for other in out)}
    return Product(product.nomenclature, prefix, tuple(sorted(out)))


def territories_named(acts: Acts) -> frozenset[str]:
    """The territories whose rules the acts are about."""
    return frozenset(
        act.selector.territory
        for article in acts.articles
        for act in article.acts
        if not isinstance(act, JoinGroup | SetProcedure)
    )


def kinds_needed(acts: Acts, territory: str) -> tuple[str, ...]:
    """The kinds of a territory's rules on which acts are compiled and checked; empty where it is every kind."""
    kinds: set[str] = set()
    for act in (act for article in acts.articles for act in article.acts):
        if isinstance(act, JoinGroup | SetProcedure) or act.selector.territory != territory:
            continue
        kind = Kind.REQUIREMENT.value if isinstance(act, AnswerWithin) else act.selector.kind
        if not kind:
            return ()
        kinds.add(kind)
        if isinstance(act, RecognisePaper):
            kinds |= {Kind.REQUIREMENT.value, Kind.RELIEF.value}
        if kind in LOWER_DUTIES:
            # It must not be above the ordinary duty.
            kinds.add(Kind.DUTY.value)
    return tuple(sorted(kinds))


def papers_selected(selector: Selector, law: HeldLaw) -> list[str]:
    """The papers that a selector is about: its own name of one, or those held that begin as it says."""
    if not selector.document.endswith(_WILD):
        return [selector.document]
    held = (m.document for m in law.requirements_of(selector.territory) if selects(replace(selector, kind=""), m))
    return sorted(set(held))


def rules_of_territory(book: Book, territory: str) -> Iterator[Measure]:
    """Every rule of a territory, in order of place."""
    for place in sorted(place for place in book.rules if place[0] == territory):
        yield from (rule.measure for rule in book.rules[place])


def lines_reached(law: HeldLaw, measures: Iterable[Measure]) -> set[tuple[str, str]]:
    """The lines that measures are about on some day: territory and code, of six digits where there is no schedule."""
    found: set[tuple[str, str]] = set()
    for territory, product, validity in {(m.territory, m.product, m.validity) for m in measures}:
        prefix = product.prefix
        if territory not in law.book.lines:
            found |= {(territory, code) for code in law.subheadings_of(prefix) if product.covers(code)}
            continue
        lines = (*law.lines_leading_to(territory, prefix), *law.lines_of(territory, prefix))
        found |= {
            (territory, line.code)
            for line in lines
            if line.validity.overlaps(validity) and (line.code < prefix or product.covers(line.code))
        }
    return found
