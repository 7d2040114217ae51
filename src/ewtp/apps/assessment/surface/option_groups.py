"""The claims that lines of a consignment could make, and those that they make, each once with the lines it is for."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ewtp.core.values.sentence import Statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# What an option asks for; where its lines differ in it, each text is shown with its lines.
_FACTS = ("condition", "origin_rule", "proof", "note")


def gather_options(options: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Options that bring the same claim under the same title, as one group with its ``lines``.

    ``saving`` is the sum over the lines, None unless each is known. ``facts`` are texts with the ``numbers`` of their
    lines, which are empty where all lines share the text.
    """
    groups: dict[tuple[str, str, bool], list[Mapping[str, Any]]] = {}
    for option in options:
        groups.setdefault((option["claim"], option["title"], option["papers_only"]), []).append(option)
    return [_group(members) for members in groups.values()]


def _group(members: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    savings = [option["saving"] for option in members]
    known = [saving for saving in savings if saving]
    total = str(sum((Decimal(saving["amount"]) for saving in known), Decimal(0)))
    numbers = [number for option in members for number in option["numbers"]]
    return {
        "claim": members[0]["claim"],
        "title": members[0]["title"],
        "papers_only": members[0]["papers_only"],
        "numbers": numbers,
        "places": ",".join(str(option["line"]) for option in members),
        "saving": {**known[0], "amount": total} if known and len(known) == len(savings) else None,
        "lines": members,
        "facts": {name: _texts(members, name, len(numbers)) for name in _FACTS},
        "lifts": [lift for option in members for lift in option["lifts"]],
    }


def _texts(members: Iterable[Mapping[str, Any]], name: str, count: int) -> list[dict[str, Any]]:
    found: dict[str, tuple[Any, list[int]]] = {}
    for option in members:
        text = option[name]
        if text:
            key = text.message if isinstance(text, Statement) else text
            found.setdefault(key, (text, []))[1].extend(option["numbers"])
    return [{"text": text, "numbers": [] if len(numbers) == count else numbers} for text, numbers in found.values()]


def gather_claims(claimed: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Claims of the question with what they need, each once with the ``numbers`` and ``places`` of its lines."""
    groups: dict[str, dict[str, Any]] = {}
    for item in claimed:
        key = str([item.get(name) for name in ("title", "claim", "proof", "origin_rule")])
        groups.setdefault(key, {**item, "numbers": [], "places": []})
        groups[key]["numbers"] += item["numbers"]
        groups[key]["places"].append(str(item["line"]))
    return [{**group, "places": ",".join(group["places"])} for group in groups.values()]
