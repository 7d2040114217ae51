"""Write the pack of the European Union's rules of origin."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.measure import Measure
from ewtp.core.rulebook.territory import Group
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.eu import agreement_rules
from ewtp.gateways.official_files.uk import global_tariff
from ewtp.gateways.seed.writer import write_pack
from tools.seed.gathered_records import gather
from tools.seed.origin_summary import summarise

if TYPE_CHECKING:
    from pathlib import Path

_RETRIEVED = date(2026, 11, 29)
# The documents of the archive have the date 2023-08-05, and state none.
_PUBLISHED = date(2023, 8, 1)
# As the partners of China's agreements cite it.
_PARTIES = Source(
    id="desta-2021",
    title="Design of Trade Agreements (DESTA) database: treaties and their parties",
    publisher="DESTA project, University of Salzburg",
    published=date(2021, 1, 1),
    retrieved=_RETRIEVED,
    url="https://www.designoftradeagreements.org/",
)
_KENYA = Source(
    id="eu-kenya-epa",
    title="Kenya-EU Economic Partnership Agreement enters into force on 1 July 2024",
    publisher="European Commission",
    published=date(2024, 7, 1),
    retrieved=date(2026, 12, 2),
    url="https://regfollower.com/kenya-eu-epa-enters-into-force",
    carrier="Regfollower",
)


def write_eu_origin_rules(reference: Path, root: Path) -> Refusal | None:
    """``rulebook/eu/origin_rules``; the Refusal of the importer where the archive is missing or broken."""
    archive = reference / "origin_rules_eu" / "eu_psr_42_agreements_2023-08.tar.gz"
    rules = gather(agreement_rules.read(archive, retrieved=_RETRIEVED, published=_PUBLISHED))
    if isinstance(rules, Refusal):
        return rules
    made = list(agreement_rules.make_groups(_PARTIES, _KENYA, global_tariff.NOMENCLATURE))
    write_pack(
        root / "eu" / "origin_rules",
        source=rules.source,
        sources=(_PARTIES, _KENYA),
        defaults={
            "territory": "EU",
            "nomenclature": global_tariff.NOMENCLATURE,
            "currency": "EUR",
            "kind": "preference",
            "title": "Tariff preference",
            "valid_from": "2021-01-01",
            "expression": agreement_rules.RATES_NOT_HELD,
        },
        measures=[each for each in made if isinstance(each, Measure)],
        groups=[each for each in made if isinstance(each, Group)],
        origin_rules=summarise(rules.origin_rules),
        notes=(
            "Rules are given as classes with figures and said in words of our own.",
            "The revised rules of the Pan-Euro-Mediterranean convention, which began later, are not held.",
            "Left out, because no source here lists who benefits: GSP, overseas territories, CM, GH, PS.",
            "Rates, proofs, cumulation and tolerances of the agreements are not held.",
        ),
    )
    return None
