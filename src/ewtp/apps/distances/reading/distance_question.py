"""A question about distances: of which economies, on which products; and its answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ewtp.apps.distances.reading.overlaps import find_overlaps
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from ewtp.apps.distances.reading.distance_report import DistanceReport
    from ewtp.apps.distances.reading.overlaps import Overlaps
    from ewtp.core.distances.agency_overlap import AgencyCounts
    from ewtp.core.distances.distance_map import PairDistance, ProductDifference
    from ewtp.core.distances.schedule_products import ScheduleProducts


@dataclass(frozen=True, slots=True)
class DistanceQuestion:
    """The schedules asked about, None for every one, and the beginning of the products' codes, empty for all.

    Where ``other`` is given, ``one`` is too.
    """

    one: ScheduleProducts | None
    other: ScheduleProducts | None
    product: str


@dataclass(frozen=True, slots=True)
class DistanceAnswer:
    """The pairs that were asked about; of a single pair its chapters, or its products below a code.

    ``agencies`` are counted on the tariff lines of every schedule asked about that has requirements, and ``overlaps``
    are the papers that two of them ask for together.
    """

    report: DistanceReport
    question: DistanceQuestion
    pairs: list[PairDistance]
    chapters: list[tuple[str, PairDistance]]
    products: list[ProductDifference]
    agencies: list[AgencyCounts]
    overlaps: Overlaps

    @property
    def schedules(self) -> list[ScheduleProducts]:
        """The schedules asked about."""
        named = {code for pair in self.pairs for code in (pair.one, pair.other)}
        return [each for each in self.report.map.schedules if each.territory in named]

    def as_json(self) -> dict[str, Any]:
        """The answer for the API."""
        return {
            "rulebook_version": self.report.version,
            "date": self.report.day.isoformat(),
            "edition": self.report.map.edition,
            "product": self.question.product,
            "schedules": [self.report.schedule_as_json(each) for each in self.schedules],
            "items": [pair.as_json() for pair in self.pairs],
            "chapters": [{"chapter": chapter, **pair.as_json()} for chapter, pair in self.chapters],
            "products": [each.as_json() for each in self.products],
            "agencies": [each.as_json() for each in self.agencies],
            "overlaps": self.overlaps.as_json(),
            "next": None,
        }


def read_distance_question(
    report: DistanceReport, economy: str, other: str, product: str
) -> DistanceQuestion | Refusal:
    """The question in texts, of which each may be empty; refuses everything that is wrong at once, by field."""
    refusals: list[Refusal] = []

    def take(field: str, text: str) -> ScheduleProducts | None:
        if not text.strip():
            return None
        found = report.find_schedule(text.strip())
        if isinstance(found, Refusal):
            refusals.append(found.under(field))
            return None
        return found

    one, another = take("economy", economy), take("other", other)
    prefix = report.read_product(product) if product.strip() else ""
    if isinstance(prefix, Refusal):
        refusals.append(prefix.under("product"))
    if refusals or isinstance(prefix, Refusal):
        return Refusal.join(refusals)
    return DistanceQuestion(one or another, another if one else None, prefix)


def answer_distance_question(report: DistanceReport, question: DistanceQuestion) -> DistanceAnswer:
    """The distances that are asked about."""
    found, prefix = report.map, question.product
    one, other = question.one, question.other
    chapters: list[tuple[str, PairDistance]] = []
    products: list[ProductDifference] = []
    if one is not None and other is not None:
        pairs = [found.pair(one, other, prefix)]
        if prefix:
            products = found.differences(one, other, prefix)
        else:
            chapters = found.chapters(one, other)
    elif one is not None:
        pairs = [found.pair(one, each, prefix) for each in found.schedules if each.territory != one.territory]
    else:
        pairs = found.every_pair(prefix)
    named = {code for pair in pairs for code in (pair.one, pair.other)}
    return DistanceAnswer(
        report=report,
        question=question,
        pairs=pairs,
        chapters=chapters,
        products=products,
        agencies=[papers.count_agencies(prefix) for code, papers in report.papers.items() if code in named],
        overlaps=find_overlaps(report, sorted(named), prefix),
    )
