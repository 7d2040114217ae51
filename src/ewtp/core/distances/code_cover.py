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
    """For each line the rows that cover the whole of it, longest prefix first."""
    placed: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        placed[row.prefix].append(row)
    lengths = sorted({len(prefix) for prefix in placed}, reverse=True)
    for code in lines:
        yield [
            row
            for length in lengths
            if length <= len(code)
            for row in placed.get(code[:length], ())
            if not any(code.startswith(out) for out in row.exclusions)
        ]
