"""What is stored is not what was logged."""

from __future__ import annotations


class LogDamagedError(RuntimeError):
    """A row of the log was changed or removed: what is left must be neither signed nor passed on as the log."""
