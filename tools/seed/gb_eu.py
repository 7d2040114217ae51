"""Write the packs of Great Britain and the European Union from their official files."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.measure import Condition, Kind, Measure, Origins, Product
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.uk import global_tariff, origin_rules, preferences, quotas, workbooks
from ewtp.gateways.seed.writer import write_pack
from tools.seed.gathered_records import RETRIEVED, Gathered, gather
from tools.seed.origin_summary import summarise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from ewtp.core.rulebook.territory import Group, TariffLine

# The newest scheme of the rules of origin began on this day.
_SCHEMES_PUBLISHED = date(2026, 7, 15)
# Equal rates below a heading are written once, for the shortest code that they share.
_COLLAPSED_TO = (4, 6, 8)
# Goods that the low-value reliefs leave out: alcoholic beverages and alcohol, tobacco, perfumes and toilet waters.
_NOT_RELIEVED = ("2203", "2204", "2205", "2206", "2207", "2208", "24", "3303")


def write_gb_eu(reference: Path, root: Path) -> Refusal | None:
    """``rulebook/gb/*`` and ``rulebook/eu/*``; the Refusal of an importer whose file is missing or broken."""
    folder = reference / "gb_eu"
    origin = reference / "origin_rules"
    gathered: list[Gathered] = []
    table = folder / "global-uk-tariff_ukgt-and-eu-cet.csv.gz"
    edition = global_tariff.EDITION
    for importing in (
        global_tariff.read(table, retrieved=RETRIEVED, published=edition, territory="GB"),
        global_tariff.read(table, retrieved=RETRIEVED, published=edition, territory="EU"),
        preferences.read(folder / "pref_data3.xlsx", retrieved=RETRIEVED, staging=folder / "staging_data4.xlsx"),
        quotas.read(folder / "trq_data4.xlsx", retrieved=RETRIEVED),
        origin_rules.read(origin / "roo_schemes_uk.json", retrieved=RETRIEVED, published=_SCHEMES_PUBLISHED),
        origin_rules.read(origin / "rule_sets.tar.gz", retrieved=RETRIEVED, published=_SCHEMES_PUBLISHED),
    ):
        found = gather(importing)
        if isinstance(found, Refusal):
            return found
        gathered.append(found)
    british, european, preferential, within_quota, schemes, rules = gathered
    _write_tariff(root / "gb" / "global_tariff", british, "GB")
    _write_tariff(root / "eu" / "common_external_tariff", european, "EU")
    _write_preferences(root / "gb" / "preferences", preferential)
    _write_quotas(root / "gb" / "quotas", within_quota)
    _write_origin_rules(root / "gb" / "origin_rules", schemes, rules)
    _write_reliefs(root)
    return None


def _write_tariff(folder: Path, gathered: Gathered, territory: str) -> None:
    column = global_tariff.COLUMNS[territory]
    duties = [m for m in gathered.measures if m.kind is Kind.DUTY]
    others = [m for m in gathered.measures if m.kind is not Kind.DUTY]
    notes = ["The schedule is of 1 January 2021, on the nomenclature of 2020; later changes are not held."]
    if territory == "GB":
        notes += [
            (
                "Where a trade remedy, a suspension or an autonomous quota exists the schedule only says so: "
                "its rate is answered as unknown."
            ),
            (
                "Lines where the former external tariff stood until a trade remedy review ended have a duty "
                "that is answered as unknown."
            ),
        ]
    else:
        notes += [
            "Preferences, quotas, suspensions, anti-dumping duties and controls of the European Union are not held.",
        ]
    write_pack(
        folder,
        source=gathered.source,
        defaults={
            "territory": territory,
            "nomenclature": global_tariff.NOMENCLATURE,
            "currency": column.currency,
            "kind": "duty",
            "title": "Third country duty",
            "valid_from": global_tariff.EDITION.isoformat(),
            "reference": f"{column.abbreviation} {{code}}",
        },
        measures=[*collapse_duties(duties, gathered.lines), *others],
        lines=gathered.lines,
        groups=gathered.groups,
        notes=notes,
    )


def collapse_duties(duties: Iterable[Measure], lines: Iterable[TariffLine]) -> Iterator[Measure]:
    """The fewest duties that give every line the rate it had: one for a heading where all its lines agree.

    ``duties`` are one a line; a line may be a subdivision of another.
    """
    rates = {m.product.prefix: m for m in duties}
    below: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        for length in _COLLAPSED_TO:
            below[line.code[:length]].add(rates[line.code].expression)
    written: dict[str, str] = {}
    for code, duty in sorted(rates.items(), key=lambda item: (len(item[0]), item[0])):
        covering = next((written[code[:n]] for n in range(len(code) - 1, 1, -1) if code[:n] in written), None)
        if covering == duty.expression:
            continue
        short = next((code[:n] for n in _COLLAPSED_TO if n < len(code) and len(below[code[:n]]) == 1), code)
        written[short] = duty.expression
        abbreviation = duty.reference.partition(" ")[0]
        yield (
            duty
            if short == code
            else replace(duty, product=Product(duty.product.nomenclature, short), reference=f"{abbreviation} {short}")
        )


def _write_preferences(folder: Path, gathered: Gathered) -> None:
    write_pack(
        folder,
        source=gathered.source,
        defaults={
            "territory": "GB",
            "nomenclature": workbooks.NOMENCLATURE,
            "currency": "GBP",
            "kind": "preference",
            "title": "Tariff preference",
            "valid_from": workbooks.EFFECTIVE.isoformat(),
            "reference": "UK preferences, {code}",
        },
        measures=unite_members(gathered.measures),
        notes=(
            (
                "Rates are those notified for 2022; where a rate falls year by year, "
                "each year's column is taken to start on 1 January."
            ),
            (
                "A staged rate whose years are not in the notification, and a rate about which its workbooks disagree, "
                "is answered as unknown."
            ),
            (
                "Schemes that came later (Australia, New Zealand, the Developing Countries Trading Scheme, CPTPP, "
                "India) have no rates here."
            ),
        ),
    )


def _write_quotas(folder: Path, gathered: Gathered) -> None:
    write_pack(
        folder,
        source=gathered.source,
        defaults={
            "territory": "GB",
            "nomenclature": workbooks.NOMENCLATURE,
            "currency": "GBP",
            "kind": "quota",
            "title": "Tariff quota",
            "valid_from": workbooks.EFFECTIVE.isoformat(),
            "reference": "UK quotas, {code}",
        },
        measures=unite_members(gathered.measures),
        notes=("Volumes are those of 2022; yearly increases and the balance that is left are not held.",),
    )


def unite_members(measures: Iterable[Measure]) -> Iterator[Measure]:
    """Measures that differ only in the members of a group that they exclude, as one that excludes the common ones.

    A measure for Botswana alone and one for Lesotho alone, each for the whole union without the others, become one that
    excludes neither.
    """
    alike: dict[tuple[object, ...], list[Measure]] = defaultdict(list)
    for measure in measures:
        key = (
            measure.kind,
            measure.product,
            measure.validity,
            measure.expression,
            measure.origins.include,
            measure.order_number,
            measure.conditions,
        )
        alike[key].append(measure)
    for found in alike.values():
        left_out = frozenset.intersection(*(frozenset(m.origins.exclude) for m in found))
        yield replace(found[0], origins=Origins(found[0].origins.include, tuple(sorted(left_out))))


def _write_origin_rules(folder: Path, schemes: Gathered, rules: Gathered) -> None:
    write_pack(
        folder,
        source=rules.source,
        sources=(schemes.source,),
        defaults={"territory": "GB", "nomenclature": global_tariff.NOMENCLATURE, "currency": "GBP"},
        measures=schemes.measures,
        groups=_without_summaries(schemes.groups),
        origin_rules=summarise(rules.origin_rules),
        notes=(
            (
                "Rules are given as classes with figures and said in words of our own; "
                "the official text comes with the official file."
            ),
            "The nomenclature of a rule is that of its agreement.",
            "Cumulation, tolerances and sufficient processing are not held.",
        ),
    )


def _without_summaries(groups: Iterable[Group]) -> list[Group]:
    """Leaves out proofs with a long summary, which the scheme's own pages give."""
    return [replace(group, proof=" or ".join(p for p in group.proof.split(" or ") if len(p) <= 60)) for group in groups]  # noqa: PLR2004 - the length of a name


_HOWEVER_TAXED = (
    "The flat duty is owed however VAT is declared, as Baker McKenzie report of Delegated Regulation (EU) 2026/1022 "
    "(2026-07-02, globalimportblog.bakermckenzie.com); only a preference claimed in a full declaration, with VAT "
    "outside the one-stop shop, takes its place."
)


def _write_reliefs(root: Path) -> None:
    british = Source(
        id="gb-low-value-relief",
        title="Reforming the customs treatment of low value imports (consultation)",
        publisher="HM Revenue & Customs and HM Treasury",
        published=date(2026, 1, 9),
        retrieved=RETRIEVED,
        licence="OGL-3.0",
        url="https://www.gov.uk/government/consultations/reforming-the-customs-treatment-of-low-value-imports",
    )
    european = Source(
        id="eu-low-value-relief",
        title="Council Regulation (EU) 2026/382 ending the relief of Regulation (EC) No 1186/2009",
        publisher="Council of the European Union",
        published=date(2026, 2, 18),
        retrieved=RETRIEVED,
        url="https://eur-lex.europa.eu/eli/reg/2026/382/oj/eng",
    )
    start = global_tariff.EDITION
    write_pack(
        root / "gb" / "relief",
        source=british,
        defaults={"territory": "GB", "nomenclature": global_tariff.NOMENCLATURE},
        measures=[_relief("GB", british, Period(start), "135.00 GBP", "relief up to 135 GBP; HMRC manual INCHP02080")],
        notes=(
            "The limit is of the intrinsic value: the price of the whole consignment, without carriage given apart.",
            "The day from which the relief has stood was not read: it is held from the start of the UK's own tariff.",
            "Which goods are excise goods is taken from their headings.",
        ),
    )
    flat = Measure(
        id="EU-relief-distance-sales-2026-07-01",
        territory="EU",
        kind=Kind.RELIEF,
        product=Product(global_tariff.NOMENCLATURE, ""),
        validity=Period(date(2026, 7, 1), date(2028, 7, 1)),
        source=european,
        reference="Regulation (EU) 2026/382; Delegated Regulation (EU) 2026/1022",
        title="Flat duty on distance sales of low value",
        programme="relief:duty",
        minimum="3.00 EUR",
        maximum="3.00 EUR",
        conditions=(Condition("maximum_value", "150.00 EUR"), Condition("buyer", "consumer")),
    )
    write_pack(
        root / "eu" / "relief",
        source=european,
        defaults={"territory": "EU", "nomenclature": global_tariff.NOMENCLATURE},
        measures=[
            _relief(
                "EU",
                european,
                Period(start, date(2026, 6, 30)),
                "150.00 EUR",
                "Regulation (EC) No 1186/2009, arts 23 and 24",
            ),
            flat,
        ],
        notes=(
            "The limit is of the intrinsic value: the price of the whole consignment, without carriage given apart.",
            "The day from which the relief stood was not read: it is held from the day of the tariff schedule.",
            _HOWEVER_TAXED,
            "An item is the goods of one subheading; each line of a question counts as one.",
        ),
    )


def _relief(territory: str, source: Source, validity: Period, limit: str, reference: str) -> Measure:
    return Measure(
        id=f"{territory}-relief-all-{validity.start}",
        territory=territory,
        kind=Kind.RELIEF,
        product=Product(global_tariff.NOMENCLATURE, "", _NOT_RELIEVED),
        validity=validity,
        source=source,
        reference=reference,
        title="Relief for consignments of low value",
        programme="relief:duty",
        conditions=(Condition("maximum_value", limit),),
    )
