"""Rewrite the seed of the rulebook from a folder of official files; packs kept by hand are left alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentence import Sentence, literal_sentence
from tools.seed.africa import write_afcfta, write_sacu
from tools.seed.australia import write_australia
from tools.seed.brazil import write_brazil
from tools.seed.canada import write_canada
from tools.seed.chile import write_chile
from tools.seed.china import write_china
from tools.seed.eu_origin import write_eu_origin_rules
from tools.seed.eu_proofs import write_eu_proofs
from tools.seed.eurasian_union import write_eurasian_union
from tools.seed.file_readings import write_readings
from tools.seed.gb_eu import write_gb_eu
from tools.seed.iraq import write_iraq
from tools.seed.us import write_us
from tools.seed.us_origin import write_us_origin_rules
from tools.seed.vat import write_vat
from tools.seed.vietnam import write_vietnam
from tools.seed.world import write_correlations, write_exchange_rates

Writer = Callable[[Path, Path], Refusal | None]

WRITERS: dict[str, Writer] = {
    "us": write_us,
    "us_origin": write_us_origin_rules,
    "gb_eu": write_gb_eu,
    "eu_origin": write_eu_origin_rules,
    "eu_proofs": write_eu_proofs,
    "sacu": write_sacu,
    "afcfta": write_afcfta,
    "au": write_australia,
    "br": write_brazil,
    "ca": write_canada,
    "cl": write_chile,
    "cn": write_china,
    "eaeu": write_eurasian_union,
    "iq": write_iraq,
    "vat": write_vat,
    "vn": write_vietnam,
    "hs": write_correlations,
    "exchange_rates": write_exchange_rates,
    "file_readings": write_readings,
}


REFERENCE_MISSING = Sentence(
    "reference_missing", "There is no folder {path}; give the folder that holds the official files."
)


def write_seed(reference: Path, root: Path) -> Refusal | None:
    """Write every pack below ``root`` from the files in ``reference``; the first Refusal stops it.

    Running it twice gives the same bytes. Territories, groups, levies, checked tax rates, pegs and worked cases are
    kept by hand and are not touched.
    """
    if not reference.is_dir():
        return Refusal(REFERENCE_MISSING, {"path": reference})
    for name, write in WRITERS.items():
        refused = write(reference, root)
        if refused is not None:
            return Refusal(literal_sentence(refused.code, f"{name}: {refused.message}"))
    return None
