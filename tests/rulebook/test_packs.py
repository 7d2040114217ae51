"""The packs of the seed fit together: territories, groups, schemes and nomenclatures that rules name exist."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from django.utils import translation

from ewtp.gateways.reference.sentence_texts import economy_or_union_name

if TYPE_CHECKING:
    from ewtp.core.rulebook.measure import Measure
    from ewtp.gateways.seed.reader import SeedBook

pytestmark = pytest.mark.seed


def test_every_rule_belongs_to_a_territory_and_names_groups_that_exist(book: SeedBook) -> None:
    territories = {t.code for t in book.territories}
    groups = {g.id for g in book.groups}
    assert {m.territory for m in book.measures} <= territories
    ours = {"SACU", "ECOWAS", "CEMAC", "CA", "ZA", "CN", "BR", "EAEU"}
    named = {
        o for m in book.measures if m.territory in ours for o in (*m.origins.include, *m.origins.exclude) if len(o) > 2
    }
    assert named <= groups, sorted(named - groups)
    schemes = {r.scheme for r in book.origin_rules}
    assert {g.origin_scheme for g in book.groups if g.id.endswith("-AFCFTA") and g.origin_scheme} <= schemes


def test_lines_and_rules_use_the_nomenclature_of_their_territory(book: SeedBook) -> None:
    schedules = {t.code: t for t in book.territories if t.schedule}
    assert {"SACU", "ECOWAS", "CEMAC", "CA", "CN", "BR", "EAEU"} <= set(schedules)
    # The preferences and quotas of Great Britain were notified on a later edition than its schedule is in.
    later = {"uk-preferences", "uk-tariff-quotas"}
    for measure in book.measures:
        if measure.territory in schedules and len(measure.product.prefix) > 6 and measure.source.id not in later:
            assert measure.product.nomenclature == schedules[measure.territory].nomenclature, measure.id


def test_every_practice_has_a_source_and_a_place_in_it(book: SeedBook) -> None:
    practices = [(t.code, p) for t in book.territories for p in t.practices]
    assert len(practices) >= 12
    for code, practice in practices:
        assert practice.reference, f"{code} {practice.name}"
    assert {"EU": 27, "SACU": 5, "ECOWAS": 15, "CEMAC": 6, "EAEU": 5}.items() <= {
        t.code: len(t.members) for t in book.territories
    }.items()


def test_every_union_has_a_name_in_the_readers_language(book: SeedBook) -> None:
    with translation.override("fr"):
        names = {t.code: economy_or_union_name(t.code, "fr") for t in book.territories if len(t.members) > 1}
    assert names["SACU"] == "Union douanière d'Afrique australe"
    assert [code for code, name in names.items() if name == code] == []


def test_no_rule_is_refused_because_another_says_something_else_under_its_key(book: SeedBook) -> None:
    # An installation refuses both of them, so a question asked there would bear neither.
    by_key: dict[str, list[Measure]] = defaultdict(list)
    for measure in book.measures:
        by_key[measure.key].append(measure)
    contradicting = [
        (one.id, other.id)
        for sharing in by_key.values()
        for one, other in combinations(sharing, 2)
        if one.validity.overlaps(other.validity)
    ]
    assert contradicting == []
