"""Materials and processes as rules of origin write them, by the key of the term that they are."""

from __future__ import annotations

import re

_NOT_PREPARED = r"(?:,? not carded or combed or otherwise (?:prepared|processed) for spinning)?"
_MATERIALS = tuple(
    (term, re.compile(pattern, re.IGNORECASE))
    for term, pattern in (
        ("coir", r"coir yarn"),
        ("clad", r"metals clad with (?:gold|silver|precious metals),? unwrought"),
        ("fibre", rf"(?:other )?natural fib(?:re|er)s{_NOT_PREPARED}"),
        ("filament", r"synthetic or artificial filament yarn"),
        ("lead", r"unwrought lead, not alloyed"),
        ("mica", r"worked mica \(including agglomerated or reconstituted mica\)"),
        ("paper", r"paper(?:-making materials)?"),
        ("pulp", r"chemical materials (?:or|of) textile pulp"),
        ("silk", rf"raw silk or silk waste(?:,? carded or combed or otherwise prepared for spinning)?{_NOT_PREPARED}"),
        ("staple", rf"man-made staple fib(?:re|er)s{_NOT_PREPARED}"),
        ("stone", r"unworked,? precious,? or semi-precious stones"),
        ("tin", r"unwrought tin, not alloyed"),
        ("tinbar", r"bars, rods and profiles of tin"),
        ("yarn", r"yarn"),
    )
)
_MADE_FROM = re.compile(r"(?:manufacture|production) from ?:? ?", re.IGNORECASE)
# Between the materials of a list.
_BETWEEN = re.compile(r"[\s,;:-]*(?:\bor\b)?[\s,;:-]*")


def name_materials(rule: str) -> str:
    """``MAT:fibre+pulp`` for a rule that asks for any of some named materials and nothing else; else empty."""
    made = _MADE_FROM.match(rule)
    if made is None:
        return ""
    place, end = made.end(), len(rule.rstrip(" ."))
    found: list[str] = []
    while place < end:
        place = match.end() if (match := _BETWEEN.match(rule, place)) else place
        longest = max(
            ((each.end(), term) for term, pattern in _MATERIALS if (each := pattern.match(rule, place))), default=None
        )
        if longest is None:
            return "" if place < end else _join(found)
        place, term = longest
        found.append(term)
    return _join(found)


def _join(terms: list[str]) -> str:
    return f"MAT:{'+'.join(dict.fromkeys(terms))}" if terms and terms != ["yarn"] else ""
