"""Shortens rules of origin for a pack of the seed: classes alone, one row for neighbours with the same rule."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from ewtp.core.rulebook.origin_class import describe_classes, word_rule
from ewtp.gateways.official_files.origin.rule_classes import join_products

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ewtp.core.rulebook.territory import OriginRule


def summarise(rules: Iterable[OriginRule]) -> Iterator[OriginRule]:
    """One rule for each scheme and range: its heading, and its requirements in our own words with all alternatives.

    Consecutive whole headings with the same requirements become one range.
    """
    ranges: dict[tuple[str, str, str], list[OriginRule]] = defaultdict(list)
    for rule in rules:
        ranges[(rule.scheme, rule.first, rule.last)].append(rule)
    pending: OriginRule | None = None
    for _, found in sorted(ranges.items()):
        classes = join_products(rule.classes for rule in found)
        # Rules that differ in what is not read are one in words.
        rule = replace(found[0], classes=classes, text=describe_classes(classes))
        if pending is not None and _continues(pending, rule):
            first = pending.reference.partition(" to ")[0]
            both = first if first == rule.reference else f"{first} to {rule.reference}"
            pending = replace(pending, last=rule.last, reference=both)
            continue
        if pending is not None:
            yield replace(pending, text=word_rule(pending.reference, pending.classes))
        pending = rule
    if pending is not None:
        yield replace(pending, text=word_rule(pending.reference, pending.classes))


def _continues(before: OriginRule, rule: OriginRule) -> bool:
    return (
        before.scheme == rule.scheme
        and before.text == rule.text
        and int(before.last) + 1 == int(rule.first)
        and before.reference.replace(" to ", "").replace(".", "").isdigit()
        and rule.reference.replace(".", "").isdigit()
    )
