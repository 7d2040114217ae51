"""The United Kingdom's rules of origin: the schemes (members, proofs, dates) and their product-specific rules.

Two files of the online tariff: ``roo_schemes_uk.json`` becomes groups of economies, and the archive of rule
sets (or one rule set alone) becomes origin rules, one for each set, with the official sentences as text. Neither
states when it was published.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.measure import Kind, Measure, Origins, Product
from ewtp.core.rulebook.records import Importing, Record, RowRefused
from ewtp.core.rulebook.territory import Group, Membership
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.file_readers import BROKEN, open_text, read_json_document, refuse_at_break
from ewtp.gateways.official_files.origin.rule_sets import is_archive, read_rule_archive, read_sets
from ewtp.gateways.official_files.sentences import NOT_ORIGIN_RULES, SCHEME_UNDATED
from ewtp.gateways.official_files.uk.areas import ISO_NAMES
from ewtp.gateways.official_files.uk.cells import CURRENCY, TERRITORY, quote_cells, tidy_text
from ewtp.gateways.official_files.uk.global_tariff import NOMENCLATURE
from ewtp.gateways.official_files.uk.schemes import group_id, read_partners

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

RATES_NOT_HELD = "preferential rate, not in this rulebook"
_ECONOMY = re.compile(r"[A-Z]{2}\Z")
_CODE = re.compile(r"[0-9]{10}\Z")


def _source(source_id: str, title: str, published: date | None, retrieved: date) -> Source:
    return Source(
        id=source_id,
        title=title,
        publisher="HM Revenue & Customs",
        published=published,
        retrieved=retrieved,
        licence="MIT",
        url="https://www.trade-tariff.service.gov.uk/rules_of_origin",
        carrier="trade-tariff-backend",
    )


def read(
    path: Path, *, retrieved: date, published: date | None = None, effective: date | None = None
) -> Importing | Refusal:
    """The groups of the schemes file, or the origin rules of an archive of rule sets or of one rule set.

    A scheme whose rates no workbook of ours holds also gives a preference without a rate, so that an answer
    names the scheme. ``effective`` does not move a scheme: each carries its own dates. Rows refused:
    ``scheme_undated``, ``rule_range_unreadable``, ``rule_empty``. Refusal: ``file_not_uk_origin_rules``.
    """
    del effective
    refused = Refusal(NOT_ORIGIN_RULES, {"file": path.name})
    rules = _source("uk-origin-rules", "UK rules of origin: product-specific rules", published, retrieved)
    if path.name.endswith((".tar.gz", ".tgz", ".tar")):
        if not is_archive(path):
            return refused
        return Importing(rules, refuse_at_break(read_rule_archive(path, group_id, rules)))
    try:
        with open_text(path) as stream:
            document = read_json_document(stream)
    except BROKEN:
        return refused
    if not isinstance(document, dict):
        return refused
    schemes = document.get("schemes")
    if isinstance(schemes, list) and all(isinstance(scheme, dict) for scheme in schemes):
        source = _source("uk-origin-schemes", "UK rules of origin: schemes", published, retrieved)
        return Importing(source, refuse_at_break(_schemes(schemes, source)))
    if isinstance(document.get("rule_sets"), list):
        scheme = group_id(path.name.split(".")[0])
        return Importing(rules, refuse_at_break(read_sets(scheme, document["rule_sets"], 0, rules)))
    return refused


def _schemes(schemes: Iterable[Mapping[str, Any]], source: Source) -> Iterator[Record | RowRefused]:
    held = {partner.scheme for partner in read_partners().values()}
    for number, scheme in enumerate(schemes, start=1):
        code = tidy_text(scheme.get("scheme_code"))
        start, end = _day(scheme.get("validity_start_date")), _day(scheme.get("validity_end_date"))
        if not code or start is None:
            yield RowRefused(SCHEME_UNDATED, row=number, text=quote_cells(code, scheme.get("title")))
            continue
        validity = Period(start, end)
        members = dict.fromkeys(
            ISO_NAMES.get(economy, economy)
            for economy in map(tidy_text, scheme.get("countries", []))
            if _ECONOMY.match(economy)
        )
        # A summary's reference to an article follows a dash and is left to the scheme's own pages.
        proofs = dict.fromkeys(
            tidy_text(proof.get("summary")).partition(" - ")[0] for proof in scheme.get("proofs", [])
        )
        yield Group(
            id=group_id(code),
            title=f"UK preference: {_title(code)}",
            members=tuple(Membership(economy, validity) for economy in members),
            source=source,
            reference=f"scheme {code}",
            proof=" or ".join(proof for proof in proofs if proof),
            origin_scheme=group_id(code),
        )
        if code not in held:
            yield Measure(
                id=f"{TERRITORY}-preference-all-{group_id(code)}-{start}",
                territory=TERRITORY,
                kind=Kind.PREFERENCE,
                product=Product(NOMENCLATURE, ""),
                validity=validity,
                source=source,
                reference=f"scheme {code}",
                title="Tariff preference",
                origins=Origins((group_id(code),)),
                expression=RATES_NOT_HELD,
                currency=CURRENCY,
            )


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(tidy_text(text))
    except ValueError:
        return None


_TITLES = {
    "andean": "Andean countries",
    "cariforum": "CARIFORUM",
    "central-america": "Central America",
    "cotedivoire": "Côte d'Ivoire",
    "cptpp": "Trans-Pacific Partnership (CPTPP)",
    "dcts-general-enhanced": "Developing Countries Trading Scheme, standard and enhanced",
    "dcts-ldcs": "Developing Countries Trading Scheme, least developed countries",
    "esa": "Eastern and Southern Africa",
    "eu": "European Union",
    "gsp": "Generalised Scheme of Preferences",
    "iceland-norway": "Iceland and Norway",
    "oct": "British Overseas Territories",
    "pacific": "Pacific states",
    "palestinian-authority": "Palestinian Authority",
    "sacum": "Southern African Customs Union and Mozambique",
    "switzerland-liechtenstein": "Switzerland and Liechtenstein",
    "vietnam": "Viet Nam",
}


def _title(code: str) -> str:
    return _TITLES.get(code) or code.replace("-", " ").title()
