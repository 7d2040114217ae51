"""National lines by their official texts: a tree in which common beginnings stand once and each entry differs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ewtp.core.assessment.line_span import LineTexts, TreeEntry

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Importers join the texts of the headings above a line to its own with this.
_LEVEL = ": "
# A schedule without headings writes all of them out in one sentence.
_CLAUSE = ", "
_DASHES = re.compile(r"\A[-\u2013\s]+")
_JOINED = " \u203a "


@dataclass(slots=True)
class _TextNode:
    below: dict[str, _TextNode] = field(default_factory=dict)
    codes: list[str] = field(default_factory=list)


def levels_of(description: str) -> list[str]:
    """The texts of the headings above a line, then its own."""
    return [_DASHES.sub("", level).strip(" :") for level in description.split(_LEVEL)] if description else []


def arrange_lines(lines: Iterable[tuple[str, str]]) -> LineTexts:
    """The tree of lines, each a code and its official text; empty where the texts do not distinguish the lines."""
    held = list(lines)
    if len({text for _, text in held}) == 1 or not all(text for _, text in held):
        return LineTexts()
    split = [(code, levels_of(text)) for code, text in held]
    if all(len(levels) == 1 for _, levels in split):
        split = [(code, levels[0].split(_CLAUSE)) for code, levels in split]
        joined = _CLAUSE
    else:
        joined = _JOINED
    root = _TextNode()
    for code, levels in split:
        place = root
        for level in levels:
            place = place.below.setdefault(level, _TextNode())
        place.codes.append(code)
    common = []
    while len(root.below) == 1 and not root.codes:
        ((text, root),) = root.below.items()
        common.append(text)
    entries: list[TreeEntry] = [TreeEntry(0, "", code) for code in root.codes]
    _append(entries, root, 0, joined)
    return LineTexts(joined.join(common), tuple(entries))


def _append(entries: list[TreeEntry], branch: _TextNode, depth: int, joined: str) -> None:
    for first, found in branch.below.items():
        texts: Sequence[str] = [first]
        place = found
        while len(place.below) == 1 and not place.codes:
            ((text, place),) = place.below.items()
            texts = [*texts, text]
        words = joined.join(texts)
        if place.below:
            entries.append(TreeEntry(depth, words))
            entries += [TreeEntry(depth + 1, "", code) for code in place.codes]
            _append(entries, place, depth + 1, joined)
        else:
            entries += [TreeEntry(depth, words, code) for code in place.codes]
