"""The facets of an answer: which part of it a list of rules decides."""

from __future__ import annotations

from enum import IntEnum


class Facet(IntEnum):
    """Which part of an answer a list of rules decides."""

    DUTY = 0
    ADDITIONAL = 1
    # Additional duties that distinguish many origins, and so are kept from those that belong to few codes.
    BY_ORIGIN = 2
    LEVIES = 3
    PAPERS = 4
    # Preferences and quotas, which only a claim brings in: a directory of lists, one for each claim.
    LOWER = 5


FACETS = len(Facet)
