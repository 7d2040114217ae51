"""Write the pack of the Canadian tariff from its official file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.canada import tariff as canada_tariff
from ewtp.gateways.seed.writer import write_pack
from tools.seed.gathered import RETRIEVED, gather

if TYPE_CHECKING:
    from pathlib import Path


def write_canada(reference: Path, root: Path) -> Refusal | None:
    """``rulebook/ca/tariff``."""
    file = reference / "ca" / "ca2020.csv.gz"
    gathered = gather(canada_tariff.read(file, retrieved=RETRIEVED, published=canada_tariff.EDITION))
    if isinstance(gathered, Refusal):
        return gathered
    write_pack(
        root / "ca" / "tariff",
        source=gathered.source,
        defaults={
            "territory": canada_tariff.TERRITORY,
            "nomenclature": canada_tariff.NOMENCLATURE,
            "currency": "CAD",
            "valid_from": canada_tariff.EDITION.isoformat(),
            "reference": "Customs Tariff, {code}",
        },
        measures=gathered.measures,
        lines=gathered.lines,
        notes=(
            "The edition is of 2020: changes since then, and the treatments that came later, are not held.",
            "The beneficiaries of the treatments GPT, LDCT and CCCT are not held, so these are not offered.",
            "The General Tariff, for economies without most-favoured-nation treatment, is not held.",
        ),
    )
    return None
