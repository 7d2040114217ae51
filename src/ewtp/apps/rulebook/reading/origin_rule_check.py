"""How much of the rules of origin of each source their classes tell."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ewtp.apps.rulebook.reading.record_rows import fetch
from ewtp.core.rulebook.origin_class import OPEN, RuleReading, find_reading, find_untold

if TYPE_CHECKING:
    from datetime import datetime

_EXAMPLES = 3


@dataclass(slots=True)
class OriginRuleCheck:
    """The rules of one source by what their classes tell of them (``RuleReading``).

    ``not_agreed`` of the whole ones state that there is no rule yet. ``rest`` has scheme, reference and classes of the
    others.
    """

    source: str
    counts: dict[RuleReading, int] = field(default_factory=lambda: dict.fromkeys(RuleReading, 0))
    not_agreed: int = 0
    rest: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def rules(self) -> int:
        """The number of rules."""
        return sum(self.counts.values())

    def share(self, *readings: RuleReading) -> str:
        """The share of the rules that are read so, in per cent with one decimal, rounded down."""
        per_mille = sum(self.counts[each] for each in readings) * 1000 // max(self.rules, 1)
        return f"{per_mille // 10}.{per_mille % 10}%"

    @property
    def examples(self) -> list[tuple[str, str, str]]:
        """Some rules of which a part is not told."""
        return [each for each in self.rest if find_reading(each[2].split()) is RuleReading.PART][:_EXAMPLES]

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """Why rules are not told whole, in words, each with a number of rules; the most frequent first."""
        counts = Counter(reason for _, _, classes in self.rest for reason in find_untold(classes.split()))
        return sorted(counts.items(), key=lambda each: (-each[1], each[0]))

    def as_json(self) -> dict[str, Any]:
        """The row for ``--json``, with every rule that is not told whole."""
        return {
            "source": self.source,
            "rules": self.rules,
            **{each.value: self.counts[each] for each in RuleReading},
            "not_agreed": self.not_agreed,
            "reasons": dict(self.reasons),
            "rest": [
                {
                    "scheme": scheme,
                    "reference": reference,
                    "classes": classes,
                    "told": find_reading(classes.split()).value,
                }
                for scheme, reference, classes in self.rest
            ],
        }


def check_origin_rules(moment: datetime) -> tuple[OriginRuleCheck, ...]:
    """The rules known at a moment, by source."""
    found: dict[str, OriginRuleCheck] = {}
    for source, scheme, reference, classes in fetch(
        "SELECT source, scheme, reference, classes FROM rulebook_originrule WHERE known @> %s::timestamptz"
        " ORDER BY source, scheme, first, last",
        [moment],
    ):
        check = found.setdefault(source, OriginRuleCheck(source))
        told = find_reading(classes)
        check.counts[told] += 1
        check.not_agreed += OPEN in classes
        if told is not RuleReading.WHOLE:
            check.rest.append((scheme, reference, " ".join(classes)))
    return tuple(found.values())
