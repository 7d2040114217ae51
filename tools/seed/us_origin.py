"""Write the pack of the United States' rules of origin by tariff classification, 19 CFR 102.20 and 102.21."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.us import part_102
from ewtp.gateways.seed.writer import write_pack
from tools.seed.gathered_records import gather

if TYPE_CHECKING:
    from pathlib import Path

_RETRIEVED = date(2026, 11, 29)
# The issue of the eCFR that the archive was made from.
_PUBLISHED = date(2026, 8, 26)


def write_us_origin_rules(reference: Path, root: Path) -> Refusal | None:
    """``rulebook/us/origin_rules``; the Refusal of the importer where the archive is missing or broken."""
    archive = reference / "origin_rules_us" / "originshift_0.3.0_19cfr102_2026-08-26.tar.gz"
    rules = gather(part_102.read(archive, retrieved=_RETRIEVED, published=_PUBLISHED))
    if isinstance(rules, Refusal):
        return rules
    write_pack(
        root / "us" / "origin_rules",
        source=rules.source,
        defaults={"territory": "US"},
        origin_rules=rules.origin_rules,
        notes=(
            "Rules are given as classes with figures and said in words of our own.",
            "102.20 is for the marking of goods of Canada and Mexico, 102.21 for textile products but those of Israel.",
            "19 CFR 102.17 (operations that confer no origin), 102.21(c)(3) to (e)(2) and 102.22 are not held.",
            "Headings 6201 to 6208 and two rules of 102.20 are those of 87 FR 68340, which the eCFR does not have.",
        ),
    )
    return None
