"""Six-digit codes of several editions of the Harmonized System, brought into the oldest of them."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from ewtp.core.rulebook.correlation import EDITIONS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ewtp.core.rulebook.records import CodeReplaced


def find_common_edition(editions: Iterable[str]) -> str:
    """The oldest of the editions; the newest that there is where none is given."""
    return max(editions, key=EDITIONS.index, default=EDITIONS[0])


def convert_codes(
    codes: Iterable[str], edition: str, common: str, replaced: Iterable[CodeReplaced]
) -> tuple[dict[str, str | None], frozenset[str]]:
    """The code of ``common``, an older edition, that holds all goods of each code of ``edition``.

    None where they came from several. Second, the codes of ``common`` of which some goods are in such a code of
    ``edition``: a schedule in ``edition`` has the others under codes of their own. A code that no correlation names is
    the same in both.
    """
    found: dict[str, str | None] = {code: code for code in codes}
    steps = list(pairwise(EDITIONS[EDITIONS.index(edition) : EDITIONS.index(common) + 1]))
    sources: dict[tuple[str, str], dict[str, set[str]]] = {step: defaultdict(set) for step in steps}
    for row in replaced if steps else ():
        if (step := (row.new_edition, row.old_edition)) in sources:
            sources[step][row.new_code].add(row.old_code)
    parted: set[str] = set()
    for step in steps:
        olds = sources[step]
        parted = {old for new in parted for old in olds.get(new, {new})}
        parted |= {old for those in olds.values() if len(those) > 1 for old in those}
        found = {code: _only(olds.get(then, {then})) if then else None for code, then in found.items()}
    return found, frozenset(parted)


def _only(codes: set[str]) -> str | None:
    return next(iter(codes)) if len(codes) == 1 else None
