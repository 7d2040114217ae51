"""The records that a pack of the seed may hold, by type."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ewtp.core.rulebook.measure import Measure
    from ewtp.core.rulebook.records import CodeReplaced, ExchangeRate
    from ewtp.core.rulebook.territory import Group, OriginRule, TariffLine


@dataclass(slots=True, kw_only=True)
class PackRecords:
    """Records in the order in which they were read, each kind by itself."""

    groups: list[Group] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)
    lines: list[TariffLine] = field(default_factory=list)
    origin_rules: list[OriginRule] = field(default_factory=list)
    replaced: list[CodeReplaced] = field(default_factory=list)
    rates: list[ExchangeRate] = field(default_factory=list)
