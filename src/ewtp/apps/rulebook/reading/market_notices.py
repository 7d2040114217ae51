"""What is noticed on pages about a market beside its rules, as pages below the apps that know it ask for it.

Each app registers its reader when Django has loaded it, so that a page reads everything it shows before it is written.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from datetime import date, datetime


class MarketNotice(StrEnum):
    """What a reader knows: rules that proposals change around a day, or what an economy adopted at other hubs."""

    CHANGES = "changes"
    ADOPTIONS_ELSEWHERE = "adoptions_elsewhere"


@immutable
class Market:
    """An economy, the codes of goods (digits) and the day that a page is about, and the moment ``now``."""

    territory: str
    codes: tuple[str, ...]
    day: date
    now: datetime


NoticeReader = Callable[[Market], Sequence[Any]]

_readers: dict[MarketNotice, list[NoticeReader]] = {}


def register_reader(notice: MarketNotice, reader: NoticeReader) -> None:
    """Ask this reader too; a second call with the same one changes nothing."""
    readers = _readers.setdefault(notice, [])
    if reader not in readers:
        readers.append(reader)


def read_notices(notice: MarketNotice, market: Market) -> list[Any]:
    """What every reader of the notice has on the market, in the order of registration; empty where no app reads it."""
    return [each for reader in _readers.get(notice, ()) for each in reader(market)]
