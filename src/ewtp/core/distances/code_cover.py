"""The rows of a schedule that cover its lines, found by the beginnings of the codes."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class CodedRow(Protocol):
    """A row that covers the codes below a prefix, less exclusions."""

    @property
    def prefix(self) -> str:
        """The beginning of the codes; empty for all."""

    @property
    def exclusions(self) -> tuple[str, ...]:
        """Longer beginnings of codes that are not covered."""


_Row = TypeVar("_Row", bound=CodedRow)


def rows_covering(lines: Iterable[str], rows: Iterable[_Row]) -> Iterator[list[_Row]]:
    """For each line the rows that cover the whole of it, longest prefix first.

    Lines that the same rows cover are given one list, which is not to be changed.
    """
    placed: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        placed[row.prefix].append(row)
    lengths = sorted({len(prefix) for prefix in placed}, reverse=True)
    # By the longest prefix of a line that has rows, which decides all of them but for their exclusions.
    joined: dict[str, tuple[list[_Row], bool]] = {}
    for code in lines:
        for length in lengths:
            prefix = code[:length]
            if prefix in joined:
                found, excluding = joined[prefix]
                break
            if prefix in placed:
                found, excluding = joined[prefix] = _join_rows(prefix, placed, lengths)
                break
        else:
            found, excluding = [], False
        yield [row for row in found if not code.startswith(row.exclusions)] if excluding else found


def _join_rows(prefix: str, placed: dict[str, list[_Row]], lengths: list[int]) -> tuple[list[_Row], bool]:
    """The rows at a prefix and at every shorter one, longest first, and whether any of them excludes codes."""
    found = [row for length in lengths if length <= len(prefix) for row in placed.get(prefix[:length], ())]
    return found, any(row.exclusions for row in found)
