"""A refusal as the exception that users of a library expect."""

from __future__ import annotations

from typing import Any, TypeVar

from ewtp.core.values.refusal import Refusal

Value = TypeVar("Value")


class RefusedError(ValueError):
    """What was asked cannot be done; the message is one sentence that says what to do.

    ``code`` is stable, ``where`` the path of the offending field or None, and ``refusal`` the value behind both;
    ``as_json()`` is the error object of the command line and the API, with everything that was wrong.
    """

    def __init__(self, refusal: Refusal) -> None:
        place = f" (at {refusal.where})" if refusal.where else ""
        super().__init__(f"{refusal.message}{place} [{refusal.code}]")
        self.refusal = refusal

    @property
    def code(self) -> str:
        """The refusal's stable code."""
        return self.refusal.code

    @property
    def where(self) -> str | None:
        """The path of the offending field, such as ``lines[0].hs``."""
        return self.refusal.where

    def as_json(self) -> dict[str, Any]:
        """The error object."""
        return self.refusal.as_json()


def unless_refused(value: Value | Refusal) -> Value:
    """The value, or ``RefusedError``."""
    if isinstance(value, Refusal):
        raise RefusedError(value)
    return value
