"""Ranges of rules of origin that overlap, cut so that the rule for the narrowest code prevails."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ewtp.core.rulebook.territory import OriginRule

# The codes of a chapter.
_CHAPTER_WIDTH = 10**8


def cut_ranges(rules: Iterable[OriginRule]) -> Iterator[OriginRule]:
    """The rules on ranges that are equal or share no code, in order of scheme and code.

    Of a chapter and a heading of it with a rule of its own the heading prevails. A rule for a part of a heading
    (``ex 8711``) stands beside the rule for its other goods, on the same range.
    """
    by_scheme: dict[str, list[OriginRule]] = defaultdict(list)
    for rule in rules:
        by_scheme[rule.scheme].append(rule)
    for _, found in sorted(by_scheme.items()):
        starts: dict[int, list[OriginRule]] = defaultdict(list)
        ends: dict[int, list[OriginRule]] = defaultdict(list)
        for rule in found:
            starts[int(rule.first)].append(rule)
            ends[int(rule.last) + 1].append(rule)
        places = sorted({*starts, *ends})
        active: list[OriginRule] = []
        for place, after in pairwise(places):
            ended = {id(rule) for rule in ends[place]}
            active = [rule for rule in active if id(rule) not in ended] + starts[place]
            for rule in _pick_narrowest(active):
                yield replace(rule, first=f"{place:010}", last=f"{after - 1:010}")


def _pick_narrowest(active: list[OriginRule]) -> Iterator[OriginRule]:
    """The rules of the narrowest range, with those of the next ones as long as each is for a part of its code alone."""
    by_width: dict[int, list[OriginRule]] = defaultdict(list)
    for rule in active:
        by_width[int(rule.last) - int(rule.first) + 1].append(rule)
    for width, found in sorted(by_width.items()):
        yield from found
        if width >= _CHAPTER_WIDTH or not all(rule.reference.casefold().startswith("ex") for rule in found):
            return
