"""Write the pack of standard VAT and GST rates from the three lists."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ewtp.core.rulebook.citation import Source
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.world import vat_rates
from ewtp.gateways.seed.reader import read_yaml
from ewtp.gateways.seed.writer import write_pack
from tools.seed.gathered_records import RETRIEVED, gather

if TYPE_CHECKING:
    from pathlib import Path

# The youngest change that the first list records, and so the first day for which it is known to hold.
_EDITION = date(2025, 8, 1)
_COMMISSION_PUBLISHED = date(2026, 9, 29)
# The history has no date of its own; its newest rate holds from 2025-08-01.
_HISTORY = Source(
    "vat-rates-history",
    "VAT rates history of the European Union and others (undated; its newest rate is of August 2025)",
    "vat-rates data set",
    None,
    RETRIEVED,
    licence="BSD-2-Clause",
    url="https://github.com/kdeldycke/vat-rates",
)


def write_vat(reference: Path, root: Path) -> Refusal | None:
    """``rulebook/vat/rates``; economies that ``rulebook/vat/checked`` replaces are left to that pack."""
    file = reference / "vat" / "sales_tax_rates.json"
    gathered = gather(vat_rates.read(file, retrieved=RETRIEVED, published=_EDITION, effective=_EDITION))
    if isinstance(gathered, Refusal):
        return gathered
    checked = read_yaml(root / "vat" / "checked" / "source.yaml") if (root / "vat" / "checked").exists() else {}
    if isinstance(checked, Refusal):
        return checked
    replaced = set(str(checked.get("replaces", "")).split())
    write_pack(
        root / "vat" / "rates",
        source=gathered.source,
        defaults={
            "nomenclature": vat_rates.NOMENCLATURE,
            "kind": "tax",
            "base": "duty_paid",
            "programme": "vat",
            "valid_from": _EDITION.isoformat(),
            "title": "VAT",
        },
        measures=[m for m in gathered.measures if m.territory not in replaced],
        sources=(vat_rates.commission_source(_COMMISSION_PUBLISHED, RETRIEVED), _HISTORY),
        notes=(
            "Standard rates only: which goods bear a zero or reduced rate is not held.",
            "A rate without a dated history counts from the day of its list; before that day nothing is held.",
        ),
    )
    return None
