"""How much of an official file was read, when the rules that ship were written from it.

The rules themselves do not show what was left out of them; these figures do, with the reason for everything unread.
"""

from __future__ import annotations

from typing import Any

from ewtp.core.values.immutable import immutable

_PER_MILLE = 1000


@immutable
class FileReading:
    """A file by its name, and how many of its units were read; ``rest`` has the others by reason.

    ``unit`` is what is counted, such as lines, rules or clauses. ``source`` is the id of the source that
    cites the file; empty for a file that no rule is from.
    """

    source: str
    file: str
    unit: str
    total: int
    rest: tuple[tuple[str, int], ...] = ()

    @property
    def unread(self) -> int:
        """The units that were not read."""
        return sum(count for _, count in self.rest)

    @property
    def read_percent(self) -> str:
        """The share that was read, with one decimal, rounded down."""
        per_mille = (self.total - self.unread) * _PER_MILLE // self.total if self.total else _PER_MILLE
        return f"{per_mille // 10}.{per_mille % 10}"

    def as_json(self) -> dict[str, Any]:
        """The row for ``--json``."""
        return {
            "source": self.source,
            "file": self.file,
            "unit": self.unit,
            "total": self.total,
            "unread": self.unread,
            "read_percent": self.read_percent,
            "rest": [{"reason": reason, "count": count} for reason, count in self.rest],
        }
