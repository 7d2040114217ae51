"""A refusal is the value returned when something cannot be done; an exception means a bug."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_CODE = re.compile(r"[a-z][a-z0-9_]*\Z")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something was not done, and what to do about it.

    ``code`` is stable and machine readable (snake case); ``message`` is one plain sentence that says
    what to do; ``at`` is the offset of the offending character in the text that was read, where there
    is one; ``where`` is the path of the offending field (``lines[0].hs``); ``details`` holds facts a
    program may need, such as the codes that replaced an old one.
    """

    code: str
    message: str
    at: int | None = None
    where: str | None = None
    details: tuple[tuple[str, Any], ...] = ()

    def __post_init__(self) -> None:
        if not _CODE.match(self.code):
            msg = f"a refusal's code is snake case, not {self.code!r}"
            raise ValueError(msg)
        if not self.message:
            msg = "a refusal says why in a sentence"
            raise ValueError(msg)

    def as_json(self) -> dict[str, Any]:
        """The refusal as the ``error`` object of the command line and the API."""
        body: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.at is not None:
            body["at"] = self.at
        if self.where is not None:
            body["where"] = self.where
        body.update(self.details)
        return body

    def under(self, where: str) -> Refusal:
        """The same refusal, placed below the field ``where``."""
        path = where if self.where is None else f"{where}.{self.where}"
        return Refusal(self.code, self.message, self.at, path, self.details)
