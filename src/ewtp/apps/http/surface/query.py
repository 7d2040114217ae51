"""The parameters of an address: how a route lists them, and how it reads them, everything that is wrong at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from ewtp.apps.http.surface.sentences import FIELD_NOT_TEXT, PARAMETER_TWICE, PARAMETER_UNKNOWN
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from django.http import QueryDict

    from ewtp.apps.http.surface.schemas import Schema

Read = TypeVar("Read")
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class QueryParameter:
    """A parameter of a query; ``example`` is a value that answers, and ``repeated`` allows several."""

    name: str
    description: str
    example: str | int = ""
    repeated: bool = False
    schema: Schema | None = None

    def as_json(self) -> dict[str, Any]:
        """The parameter as the API's description lists it."""
        schema: Mapping[str, Any] = self.schema or {"type": "string"}
        body: dict[str, Any] = {
            "name": self.name,
            "in": "query",
            "description": self.description,
            "schema": {"type": "array", "items": schema} if self.repeated else schema,
        }
        if self.example:
            body["example"] = [self.example] if self.repeated else self.example
        return body


class QueryReader:
    """Reads the parameters of one query; ``refusal`` is everything that could not be read, None where all could.

    An unknown parameter, or one given twice, is refused, because it would silently change the answer.
    """

    def __init__(self, query: QueryDict, parameters: Iterable[QueryParameter]) -> None:
        self._query = query
        self._refusals = list(_stray_parameters(query, {parameter.name: parameter for parameter in parameters}))

    def text(self, name: str) -> str:
        """The parameter as it was given; empty where it was not."""
        return self._query.get(name, "")

    def texts(self, name: str) -> list[str]:
        """Every value of a repeated parameter."""
        return self._query.getlist(name)

    def read(self, name: str, parse: Callable[[str], Read | Refusal]) -> Read | None:
        """The parameter as ``parse`` reads it; None where it is empty, or was refused."""
        text = self.text(name)
        found = parse(text) if text else None
        if isinstance(found, Refusal):
            # What reads the parameter reports more than that it is not a text.
            self._refusals = [each for each in self._refusals if (each.code, each.where) != (FIELD_NOT_TEXT.code, name)]
        return self.take(found)

    def take(self, read: Read | Refusal) -> Read | None:
        """The value that was read; a refusal is recorded, and gives None."""
        if isinstance(read, Refusal):
            self._refusals.append(read)
            return None
        return read

    def refusal_with(self, last: Refusal) -> Refusal:
        """Everything that was refused so far, and one thing more."""
        return Refusal.join([*self._refusals, last])

    @property
    def refusal(self) -> Refusal | None:
        """Everything that was refused so far."""
        return Refusal.join(self._refusals) if self._refusals else None


def _stray_parameters(query: QueryDict, known: Mapping[str, QueryParameter]) -> Iterable[Refusal]:
    for name, values in query.lists():
        if name not in known:
            yield Refusal(PARAMETER_UNKNOWN, {"name": name[:_SHOWN], "known": sorted(known)}, where="query")
        elif len(values) > 1 and not known[name].repeated:
            yield Refusal(PARAMETER_TWICE, {"name": name}, where=name)
        elif any("\x00" in value for value in values):
            # The database holds no text with it.
            yield Refusal(FIELD_NOT_TEXT, {"field": name}, where=name)
