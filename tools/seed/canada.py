"""Write the pack of the Canadian tariff from its official file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.gateways.official_files.canada import tariff
from tools.seed.gathered_records import RETRIEVED, write_tariff

if TYPE_CHECKING:
    from pathlib import Path

    from ewtp.core.values.refusal import Refusal


def write_canada(reference: Path, root: Path) -> Refusal | None:
    """``rulebook/ca/tariff``."""
    return write_tariff(
        tariff.read(reference / "ca" / "ca2020.csv.gz", retrieved=RETRIEVED, published=tariff.EDITION),
        root / "ca" / "tariff",
        defaults={
            "territory": tariff.TERRITORY,
            "nomenclature": tariff.NOMENCLATURE,
            "currency": tariff.CURRENCY,
            "valid_from": tariff.EDITION.isoformat(),
            "reference": "Customs Tariff, {code}",
        },
        notes=(
            "The edition is of 2020: changes since then, and the treatments that came later, are not held.",
            "The beneficiaries of the treatments GPT, LDCT and CCCT are not held, so these are not offered.",
            "The General Tariff, for economies without most-favoured-nation treatment, is not held.",
        ),
    )
