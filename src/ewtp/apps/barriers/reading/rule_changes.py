"""How the rulebook has changed the rules behind barriers, kept in the process for one version and day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.rulebook.reading.measure_list import measures_reaching
from ewtp.apps.rulebook.reading.versions import latest_version
from ewtp.core.barriers.rule_change import find_rule_change

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ewtp.core.barriers.barrier import BarrierMatter, RuleReported
    from ewtp.core.barriers.stage import RuleChange

_found: dict[tuple[str, str], dict[str, RuleChange | None]] = {}


def rule_changes(wanted: Iterable[tuple[BarrierMatter, RuleReported]], day: date) -> dict[str, RuleChange]:
    """The last change up to a day of each rule that has one, by the barrier's id."""
    asked = {matter.id: (matter, rule) for matter, rule in wanted if rule.measure}
    version = latest_version() if asked else None
    if version is None:
        return {}
    held = _changes_of(version.digest, day)
    missing = {identity: pair for identity, pair in asked.items() if identity not in held}
    places = {(rule.territory, rule.kind, matter.product) for matter, rule in missing.values()}
    measures = measures_reaching(places, version.published_at) if places else {}
    for identity, (matter, rule) in missing.items():
        reaching = measures[rule.territory, rule.kind, matter.product]
        held[identity] = find_rule_change(matter, rule, reaching, day)
    return {identity: change for identity in asked if (change := held[identity]) is not None}


def _changes_of(digest: str, day: date) -> dict[str, RuleChange | None]:
    key = (digest, day.isoformat())
    if key not in _found:
        # Another version or another day: nothing of before is asked for again.
        _found.clear()
        _found[key] = {}
    return _found[key]
