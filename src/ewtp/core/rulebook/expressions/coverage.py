"""How much of a schedule's rate column is read: the figure that ``rulebook check`` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.rulebook.expressions.duty_needs import is_computable
from ewtp.core.rulebook.expressions.parser import parse
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable


@immutable
class CoverageReport:
    """Counts of distinct texts; ``unread`` and ``references`` hold the texts themselves.

    A ``computable`` text needs facts about the goods alone; one of ``references`` points to another provision (a note,
    another heading, a component table) and is answered as unknown, never as a number.
    """

    computable: int
    references: tuple[str, ...]
    unread: tuple[tuple[str, Refusal], ...]

    @property
    def distinct(self) -> int:
        """The number of distinct texts; blank ones are not counted."""
        return self.computable + len(self.references) + len(self.unread)

    @property
    def read_per_mille(self) -> int:
        """Parsed texts per thousand distinct texts, rounded down; a schedule without texts is read."""
        return 1000 if not self.distinct else (self.distinct - len(self.unread)) * 1000 // self.distinct

    def summary(self) -> str:
        """One line for people."""
        share = f"{self.read_per_mille // 10}.{self.read_per_mille % 10}%"
        return (
            f"{self.distinct} distinct rates: {self.computable} computable, {len(self.references)} references, "
            f"{len(self.unread)} unread ({share} read)"
        )


def coverage(texts: Iterable[str], currency: str | None, *, bare_number_is_percent: bool = False) -> CoverageReport:
    """The distinct non-blank ``texts`` sorted into computable, references and unread, each in its first order."""
    computable = 0
    references = []
    unread = []
    for text in dict.fromkeys(text for text in texts if text.strip()):
        expression = parse(text, currency=currency, bare_number_is_percent=bare_number_is_percent)
        if isinstance(expression, Refusal):
            unread.append((text, expression))
        elif is_computable(expression):
            computable += 1
        else:
            references.append(text)
    return CoverageReport(computable, tuple(references), tuple(unread))
