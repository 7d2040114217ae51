"""What an economy adopted at other hubs, as pages below the app that follows those hubs ask for it.

That app gives its reader when Django has loaded it, so that a page reads all it shows before it is written.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

# Of an economy and a day: what it adopted elsewhere and not ended by then, each with hub, origin, title and effective.
AdoptionReader = Callable[[str, date], Sequence[Any]]

_readers: list[AdoptionReader] = []


def register_reader(reader: AdoptionReader) -> None:
    """Ask this reader too; a second call with the same one changes nothing."""
    if reader not in _readers:
        _readers.append(reader)


def adoptions_elsewhere(territory: str, today: date) -> list[Any]:
    """What every reader has of the economy; empty where no app follows other hubs."""
    return [each for reader in _readers for each in reader(territory, today)]
