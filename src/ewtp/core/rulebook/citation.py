"""Where a rule was read, and how one that amends the law got its force: its source, and its adoption."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ewtp.core.values.period import Period


@immutable
class Source:
    """An official publication in one edition.

    ``id`` is short and stable (``us-hts-2026-10``); ``title`` names the publication as its publisher
    does; ``published`` is the date of the edition (staleness is counted from it), None where nobody
    states it; ``retrieved`` is the day the figures were taken down; ``carrier`` names who passed the
    file on where that was not the publisher.
    """

    id: str
    title: str
    publisher: str
    published: date | None
    retrieved: date
    licence: str = ""
    url: str = ""
    carrier: str = ""

    def __post_init__(self) -> None:
        if not self.id or not self.title or not self.publisher:
            msg = "a source has an id, a title and a publisher"
            raise ValueError(msg)

    @property
    def published_text(self) -> str | None:
        """The date of the edition in ISO 8601; None where it is not stated."""
        return self.published.isoformat() if self.published else None

    @property
    def link(self) -> str | None:
        """The address of the publication, for a reader to open; None where it has none, or none of the web."""
        return self.url if self.url.lower().startswith(("https://", "http://")) else None


@immutable
class AmendedLaw:
    """A measure of the law whose days an adopted rule took: its id, its days, and where the law states it."""

    measure: str
    validity: Period
    source: Source
    reference: str


@immutable
class Adoption:
    """How an adopted measure got its force.

    ``adopted_from`` names the text that the economy gave effect to, such as a proposal with its version and article;
    empty where there is none. A measure that ``abolishes`` states that nothing holds under its key on its days.
    ``amends`` is the law of the same key that it replaces, in order of days.
    """

    adopted_from: str = ""
    abolishes: bool = False
    amends: tuple[AmendedLaw, ...] = ()


def oldest_source(sources: Iterable[Source]) -> Source | None:
    """The source published first; one without a date may be of any age, so it counts as the oldest."""
    return min(sources, key=lambda source: source.published or date.min, default=None)
