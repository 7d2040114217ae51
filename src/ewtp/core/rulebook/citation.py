"""Where a rule was read: the official source, the place in it, and when it was taken down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True)
class Source:
    """An official publication in one edition.

    ``id`` is short and stable (``us-hts-2026-10``); ``title`` names the publication as its publisher
    does; ``published`` is the date of the edition (what staleness is counted from), ``retrieved`` the
    day the figures were taken down; ``carrier`` says who passed the file on where it was not the
    publisher.
    """

    id: str
    title: str
    publisher: str
    published: date
    retrieved: date
    licence: str = ""
    url: str = ""
    carrier: str = ""

    def __post_init__(self) -> None:
        if not self.id or not self.title or not self.publisher:
            msg = "a source has an id, a title and a publisher"
            raise ValueError(msg)
