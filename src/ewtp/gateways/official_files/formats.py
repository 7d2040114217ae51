"""The official formats by name: what ``ewtp rulebook import FORMAT FILE`` can read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from ewtp.gateways.official_files import exported

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from ewtp.core.rulebook.records import Importing
    from ewtp.core.values.refusals import Refusal


class Read(Protocol):
    """An importer's one public function: open the file, check that it is that format, stream its records."""

    def __call__(self, path: Path, *, effective: date | None = None) -> Importing | Refusal:
        """Refuses with ``file_not_...`` when the file is of another format."""
        ...


@dataclass(frozen=True, slots=True)
class Format:
    """A format by name; ``title`` says to people what file it is."""

    name: str
    title: str
    read: Read


FORMATS: Mapping[str, Format] = {
    one.name: one
    for one in (Format("ewtp-jsonl", "what `ewtp rulebook export` writes: one JSON object a line", exported.read),)
}
