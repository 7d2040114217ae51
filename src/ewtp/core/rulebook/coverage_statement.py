"""What the rulebook holds of a kind of charge in a territory: a statement with its days and its source.

The statement is a practice of the territory, named ``coverage_`` and the kind. Where it says ``part``, rules whose
amount cannot be computed name the goods whose charge exists and is not held; all other goods are held whole.
"""

from __future__ import annotations

from enum import StrEnum

from ewtp.core.rulebook.charge_kinds import CHARGE_KINDS
from ewtp.core.rulebook.measure import Kind

_PREFIX = "coverage_"
# The kinds of charge that a statement is about; what is held of the ordinary duty, the schedule itself says.
COVERED_KINDS = tuple(row.kind for row in CHARGE_KINDS if row.kind is not Kind.DUTY)


class Extent(StrEnum):
    """How much of a kind of charge the rulebook holds."""

    WHOLE = "whole"
    PART = "part"
    NOT_HELD = "not_held"
    NONE = "none"


def coverage_name(kind: Kind) -> str:
    """The name of the practice that states what is held of a kind of charge."""
    return _PREFIX + kind.value


COVERAGE_NAMES = {coverage_name(kind): kind for kind in COVERED_KINDS}


def is_extent(text: str) -> bool:
    """Whether the value of such a practice can be read."""
    return text in set(Extent)
