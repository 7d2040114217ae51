"""The national lines below an international subheading, as the rulebook holds them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ewtp.apps.rulebook.reading.place_records import lines_covering
from ewtp.apps.rulebook.reading.version_records import economy_territories
from ewtp.apps.rulebook.reading.versions import latest_version
from ewtp.core.values.codes import SUBHEADING_DIGITS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ewtp.core.classification.search import SearchAnswer

# A subheading seldom has more national lines than this; the rest are found by assessing at six digits.
_MOST_LINES = 50


@dataclass(frozen=True, slots=True)
class NationalLine:
    """A line that a declaration can name: its code, and its text where the operator imported one (else empty)."""

    code: str
    description: str

    def as_json(self) -> dict[str, str]:
        """The line as the command line and the API give it."""
        return {"code": self.code, "description": self.description}


def national_lines(economy: str, subheadings: Sequence[str], day: date) -> dict[str, tuple[NationalLine, ...]]:
    """For each subheading the lines of the economy's tariff below it that are valid on ``day``."""
    found: dict[str, dict[str, NationalLine]] = {code: {} for code in subheadings}
    version = latest_version()
    if version is None or not found:
        return dict.fromkeys(found, ())
    # An economy whose tariff was imported before anything else is known of it is its own territory.
    for territory in economy_territories(economy, version.published_at) or [economy]:
        for line in lines_covering([(territory, code) for code in found], version.published_at):
            lines = found.get(line.code[:SUBHEADING_DIGITS])
            if lines is None or day not in line.validity or len(line.code) == SUBHEADING_DIGITS:
                continue
            if len(lines) < _MOST_LINES:
                lines.setdefault(line.code, NationalLine(line.code, line.description))
    return {code: tuple(lines[key] for key in sorted(lines)) for code, lines in found.items()}


def with_national_lines(answer: SearchAnswer, economy: str, day: date) -> dict[str, Any]:
    """The answer as JSON, each result with the ``lines`` of the economy's tariff below it."""
    lines = national_lines(economy, [match.hs for match in answer.results], day)
    body = answer.as_json()
    for result in body["results"]:
        result["lines"] = [line.as_json() for line in lines[result["hs"]]]
    return {**body, "economy": economy}
