"""The preferences of Great Britain are in the seed as their official file gives them, in fewer rows."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

from ewtp.core.rulebook.measure import EVERY_ORIGIN, Measure
from ewtp.gateways.official_files.uk import preferences
from tests.reference_data import RETRIEVED, reference
from tools.seed.gathered_records import Gathered, gather

if TYPE_CHECKING:
    from datetime import date

    from ewtp.gateways.seed.reader import SeedBook

pytestmark = pytest.mark.seed


def test_the_seed_gives_every_preference_as_the_official_file_does(book: SeedBook) -> None:
    official = gather(preferences.read(reference("gb_eu/pref_data3.xlsx"), retrieved=RETRIEVED))
    assert isinstance(official, Gathered)
    seed = [m for m in book.measures if m.source.id == "uk-preferences"]
    members = {g.id: [m.economy for m in g.members] for g in book.groups}
    assert _told(official.measures, members) == _told(seed, members)


def _told(
    measures: list[Measure],
    members: dict[str, list[str]],
) -> dict[tuple[str, str, str], set[tuple[str, date | None]]]:
    """By claim, economy and code: each rate with its last day, and the day it starts in the key of the answer."""
    told: dict[tuple[str, str, str], set[tuple[str, date | None]]] = defaultdict(set)
    for measure in measures:
        for group in measure.origins.include:
            assert group != EVERY_ORIGIN
            for economy in members[group]:
                if economy not in measure.origins.exclude:
                    key = (group, economy, f"{measure.product.prefix} {measure.validity.start}")
                    told[key].add((measure.expression, measure.validity.end))
    return told
