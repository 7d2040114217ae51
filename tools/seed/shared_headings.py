"""Writes once, for a heading or a chapter, what all its lines state: the same law in fewer rows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.measure import Kind, Measure, Origins, Product

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ewtp.core.rulebook.territory import TariffLine

_SHARED_BY = (2, 4, 6, 8)
# What a rule on one line states, apart from the line: the rules of a heading are alike where these are.
_Content = tuple[Any, ...]


def share_headings(measures: Iterable[Measure], lines: Iterable[TariffLine]) -> Iterator[Measure]:
    """The rules of lines, each for the shortest code all of whose lines state the same.

    A heading with a line that states nothing is not shared: its rule would reach that line too. One exception: a
    preference is shared with lines on which everybody pays its rate anyway, because it changes nothing there. Rules of
    several origins are shared origin by origin; the writer of packs joins them again.
    """
    chapters: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        chapters[line.code[:2]].append(line.code)
    families: dict[_Content, dict[str, list[Measure]]] = defaultdict(lambda: defaultdict(list))
    ordinary: dict[str, set[str]] = defaultdict(set)
    for each in measures:
        if each.kind is Kind.DUTY and each.origins == Origins():
            ordinary[each.product.prefix].add(each.expression)
        single = len(each.origins.include) == 1
        for origin in each.origins.include:
            one = each if single else replace(each, origins=Origins((origin,), each.origins.exclude))
            families[_family_of(one)][one.product.prefix].append(one)
    everybody = {code: ("everybody", frozenset(rates)) for code, rates in ordinary.items()}
    for found in families.values():
        # Lines of chapters in which a family has no rule share nothing with it.
        codes = [code for chapter in sorted({code[:2] for code in found}) for code in chapters[chapter]]
        yield from _share(found, codes, everybody)


def _family_of(measure: Measure) -> _Content:
    """The rules among which a line has one, or one for each period."""
    paper = () if measure.kind.charges else (measure.agency, measure.document, measure.conditions)
    return (measure.kind, measure.direction, measure.origins, measure.programme, measure.order_number, *paper)


def _content_of(measure: Measure) -> _Content:
    what = (measure.expression, measure.title, measure.conditions, measure.base, measure.additional_code)
    return (measure.validity, *what, _place_in(measure))


def _place_in(measure: Measure) -> str:
    return measure.reference.replace(measure.product.prefix, "{code}")


_NOBODY = ("everybody", frozenset[str]())


def _share(found: dict[str, list[Measure]], codes: list[str], everybody: dict[str, Any]) -> Iterator[Measure]:
    contents = {code: frozenset(map(_content_of, rules)) for code, rules in found.items()}
    below: dict[str, set[Any]] = defaultdict(set)
    for code in codes:
        stated: Any = contents.get(code)
        if stated is None:
            stated = everybody.get(code, _NOBODY)
        for length in _SHARED_BY:
            below[code[:length]].add(stated)
    written = set()
    for code, rules in found.items():
        free: Any = ()
        if rules[0].kind is Kind.PREFERENCE:
            free = ("everybody", frozenset(rule.expression for rule in rules))
        agreeing = {contents[code], free}
        short = next((code[:n] for n in _SHARED_BY if n < len(code) and below[code[:n]] <= agreeing), code)
        if short not in written:
            written.add(short)
            yield from (_move(rule, short) for rule in rules)


def _move(measure: Measure, code: str) -> Measure:
    product = Product(measure.product.nomenclature, code, measure.product.exclusions)
    return replace(measure, product=product, reference=_place_in(measure).replace("{code}", code))
