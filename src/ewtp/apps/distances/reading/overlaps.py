"""The ten pairs of papers whose joining would help small firms most, by the trade that the installation shows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ewtp.core.acts.act import Selector
from ewtp.core.acts.acts_text import acts_text
from ewtp.core.acts.recognition_draft import draft_recognition
from ewtp.core.burden.rule_burden import SMALLER_NAME
from ewtp.core.distances.overlap_ranks import RankedOverlap, rank_overlaps
from ewtp.core.rulebook.measure import Kind
from ewtp.gateways.installation.burden_file import read_burden
from ewtp.gateways.installation.home import home_path

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ewtp.apps.distances.reading.distance_report import DistanceReport
    from ewtp.core.acts.act import Acts
    from ewtp.core.distances.agency_overlap import PaperPair

MOST_OVERLAPS = 10


@dataclass(frozen=True, slots=True)
class Overlaps:
    """The ranked pairs, each with the text of the act that would join them, and what ranked them.

    ``trade`` is the report on burdens that is shown: how many lines it has, whether they are synthetic, and its pairs.
    It is None where no report ranks, and then tariff lines do. ``alike`` counts all pairs of one MAST chapter, and
    ``unlike`` those of different or unknown ones, which are not ranked.
    """

    ranked: tuple[tuple[RankedOverlap, str], ...]
    trade: dict[str, Any] | None
    alike: int
    unlike: int

    def as_json(self) -> dict[str, Any]:
        """The pairs for the API; ``act`` is a draft in the language of acts."""
        return {
            "ranked_by": "trade" if self.trade else "tariff_lines",
            "lines": self.trade["lines"] if self.trade else None,
            "synthetic": self.trade["synthetic"] if self.trade else None,
            "pairs_of_one_class": self.alike,
            "other_pairs": self.unlike,
            "items": [{**each.as_json(), "act": act} for each, act in self.ranked],
        }


def find_overlaps(report: DistanceReport, territories: Iterable[str], product: str) -> Overlaps:
    """The pairs of these territories below a code, by the report on burdens that the installation shows.

    Below a code tariff lines rank, since the report counts all goods together.
    """
    shown = None if product else read_burden(home_path())
    pairs = [pair for code in territories if code in report.papers for pair in report.papers[code].pair_papers(product)]
    ranked = rank_overlaps(pairs, _burdens(shown), MOST_OVERLAPS)
    drafted = tuple((each, acts_text(draft_act(each.pair, report.day))) for each in ranked)
    alike = sum(bool(pair.shared_classes) for pair in pairs)
    return Overlaps(drafted, shown if shown and shown.get("paper_pairs") else None, alike, len(pairs) - alike)


def draft_act(pair: PaperPair, day: date) -> Acts:
    """The act that accepts the paper which more lines need for the other, on the codes where both are asked for."""
    selector = Selector(
        territory=pair.territory,
        kind=Kind.REQUIREMENT.value,
        agency=pair.lifted.agency,
        document=pair.lifted.document,
        codes=pair.codes,
    )
    return draft_recognition(selector, pair.kept.document, pair.kept.agency, day)


def _burdens(shown: dict[str, Any] | None) -> dict[tuple[str, ...], Decimal]:
    found = {}
    for each in (shown or {}).get("paper_pairs", ()):
        figure = each["sizes"][SMALLER_NAME]["lines_per_million_of_trade"]
        if figure is not None:
            names = (text for paper in each["papers"] for text in (paper["agency"], paper["document"]))
            found[each["territory"], *names] = Decimal(figure)
    return found
