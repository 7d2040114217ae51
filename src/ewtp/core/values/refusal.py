"""A refusal is the value returned when something cannot be done; an exception means a bug."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ewtp.core.values.immutable import immutable
from ewtp.core.values.sentence import Statement

if TYPE_CHECKING:
    from collections.abc import Sequence


@immutable
class Refusal(Statement):
    """Why something was not done, and what to do about it: a sentence with its parameters.

    ``at`` is the offset of the offending character in the text that was read, where there is one; ``where`` is the
    path of the offending field (``lines[0].hs``); ``details`` holds facts a program may need, such as the codes that
    replaced an old one; ``others`` is what else is wrong with the same request, where a reader gathers everything.
    """

    at: int | None = None
    where: str | None = None
    details: tuple[tuple[str, Any], ...] = ()
    others: tuple[Refusal, ...] = ()

    @classmethod
    def join(cls, refusals: Sequence[Refusal]) -> Refusal:
        """Several refusals of one request (at least one) as its first, with all that follow as its ``others``."""
        first, *rest = (each for refusal in refusals for each in refusal.every)
        return replace(first, others=tuple(rest))

    @property
    def every(self) -> tuple[Refusal, ...]:
        """This refusal and its ``others``, each on its own."""
        return (replace(self, others=()), *self.others) if self.others else (self,)

    def as_json(self) -> dict[str, Any]:
        """The refusal as the ``error`` object of the command line; ``errors`` lists all where there are several."""
        body = Statement.as_json(self)
        if self.at is not None:
            body["at"] = self.at
        if self.where is not None:
            body["where"] = self.where
        body.update(self.details)
        if self.others:
            body["errors"] = [each.as_json() for each in self.every]
        return body

    def under(self, where: str) -> Refusal:
        """The same refusal, and its others, placed below the field ``where``."""
        path = where if self.where is None else f"{where}.{self.where}"
        return replace(self, where=path, others=tuple(each.under(where) for each in self.others))
