"""The fields of a JSON object that a route takes: everything that is wrong with them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.apps.http.surface.problems import read_body
from ewtp.apps.http.surface.sentences import (
    FIELD_MISSING,
    FIELD_NOT_TEXT,
    FIELD_OF_ANOTHER_FORM,
    FIELD_STRAY,
    JSON_NOT_OBJECT,
)
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_SHOWN = 40


class BodyReader:
    """Reads the fields of one body; ``refusal`` is everything that could not be read, None where all could.

    A field that no route reads is refused, because a slip would silently change what is done.
    """

    def __init__(self, content: bytes, fields: Iterable[str]) -> None:
        self._refusals: list[Refusal] = []
        self._given: Mapping[str, Any] = {}
        read = read_body(content)
        known = sorted(fields)
        if isinstance(read, Refusal):
            self._refusals.append(read)
        elif not isinstance(read, dict):
            self._refusals.append(Refusal(JSON_NOT_OBJECT))
        else:
            self._given = read
            self._refusals += [
                Refusal(FIELD_STRAY, {"field": name[:_SHOWN], "known": known}, where=name[:_SHOWN])
                for name in read
                if name not in known
            ]

    def has(self, name: str) -> bool:
        """Whether the field is there, be it null."""
        return name in self._given

    def text(self, name: str, *, required: bool = True) -> str:
        """A field of text; empty, with a refusal recorded where it is required, if there is none."""
        value = self._given.get(name)
        if value is None:
            if required and self._given is not None:
                self._refuse(Refusal(FIELD_MISSING, {"field": name}, where=name))
            return ""
        if not isinstance(value, str) or "\x00" in value:
            self._refuse(Refusal(FIELD_NOT_TEXT, {"field": name}, where=name))
            return ""
        return value

    def texts(self, name: str) -> list[str]:
        """A field that is a list of texts."""
        value = self._given.get(name, [])
        if not isinstance(value, list) or not all(isinstance(each, str) and "\x00" not in each for each in value):
            self.refuse_form(name)
            return []
        return value

    def read_array(self, name: str) -> list[Any]:
        """A field that is a list of anything."""
        value = self._given.get(name, [])
        if not isinstance(value, list):
            self.refuse_form(name)
            return []
        return value

    def read_object(self, name: str) -> Mapping[str, Any]:
        """A field that is an object; empty where it is missing."""
        value = self._given.get(name, {})
        if not isinstance(value, dict):
            self.refuse_form(name)
            return {}
        return value

    def objects(self, name: str) -> list[Mapping[str, Any]]:
        """A field that is a list of objects; empty where it is missing."""
        value = self._given.get(name, [])
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            self.refuse_form(name)
            return []
        return value

    def is_true(self, name: str) -> bool:
        """Whether a field is true; anything but true and false is refused."""
        value = self._given.get(name, False)
        if not isinstance(value, bool):
            self.refuse_form(name)
        return value is True

    def whole(self, name: str, *, most: int) -> int:
        """A field that is a whole number from 0 to ``most``; 0 where it is missing."""
        value = self._given.get(name, 0)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
            self.refuse_form(name)
            return 0
        return value

    def refuse_form(self, name: str) -> None:
        """Record that a field has another form than the route reads."""
        self._refuse(Refusal(FIELD_OF_ANOTHER_FORM, {"field": name}, where=name))

    @property
    def refusal(self) -> Refusal | None:
        """Everything that was refused so far."""
        return Refusal.join(self._refusals) if self._refusals else None

    def _refuse(self, refusal: Refusal) -> None:
        # A body that cannot be read lacks every field, which need not be said.
        if self._given or not self._refusals:
            self._refusals.append(refusal)
