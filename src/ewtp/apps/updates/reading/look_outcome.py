"""What comes of a look for a source."""

from __future__ import annotations

from enum import StrEnum


class LookOutcome(StrEnum):
    """What came of a look."""

    LANDED = "landed"  # something new was taken in
    UNCHANGED = "unchanged"  # the publisher has nothing new
    WOULD_CHANGE = "would_change"  # somebody asked what would be taken in, and nothing was
    FAILED = "failed"  # the publisher could not be asked, or what it gave was refused
