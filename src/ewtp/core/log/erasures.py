"""Erasures: an entry without content counts as erased only where a later entry of the log notes that it was.

The line of an erased entry is signed by nobody: whoever hands on a bundle could write one in the place of any entry,
and the hashes would still agree. What makes an erasure is its event, which is in the tree like every other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterator

# The kind of the event that notes an erasure.
ERASED = "log:entry:erased"


@immutable
class Erasure:
    """The entry ``noted`` says that the content of the entry ``index`` was erased: when and why.

    ``kind`` is what the erased entry was; empty where the event does not say, as those of earlier versions do not.
    """

    index: int
    noted: int
    kind: str
    at: str
    reason: str

    def as_json(self) -> dict[str, Any]:
        """The erasure as JSON."""
        return {
            "index": self.index,
            "noted": self.noted,
            "kind": self.kind or None,
            "at": self.at,
            "reason": self.reason,
        }


@dataclass(slots=True)
class ErasuresSoFar:
    """The entries that a bundle shows as erased, each with the reason shown, and the erasures that its events note."""

    shown: dict[int, object] = field(default_factory=dict)
    noted: dict[int, Erasure] = field(default_factory=dict)

    def take_event(self, index: int, event: dict[str, Any]) -> None:
        """Take in the event of an erasure, which is the one that was logged; one of a later entry notes nothing."""
        match event:
            case {
                "at": str(at),
                "subject": str(subject),
                "payload": {"index": int(erased), "reason": str(reason), **facts},
            } if subject == str(erased) and erased < index:
                kind = facts.get("erased_kind")
                self.noted[erased] = Erasure(erased, index, kind if isinstance(kind, str) else "", at, reason)

    @property
    def found(self) -> tuple[Erasure, ...]:
        """The erasures of the entries that are shown as erased, in order."""
        return tuple(self.noted[index] for index in sorted(self.shown) if self._is_noted(index))

    def find_unnoted(self) -> Iterator[int]:
        """The entries that are shown as erased though nothing notes that, or notes another reason, in order."""
        return (index for index in sorted(self.shown) if not self._is_noted(index))

    def _is_noted(self, index: int) -> bool:
        noted = self.noted.get(index)
        return noted is not None and noted.reason == self.shown[index]
