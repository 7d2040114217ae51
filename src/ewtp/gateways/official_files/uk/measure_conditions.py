"""The conditions of a measure of the UK tariff: documents, quotas, and what decides whether a charge is due."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.measure import Condition, Kind
from ewtp.gateways.official_files.uk.api_json import Json, read_day, read_list
from ewtp.gateways.official_files.uk.areas import has_unlisted_members
from ewtp.gateways.official_files.uk.cells import tidy_text
from ewtp.gateways.official_files.uk.measure_types import (
    NON_PREFERENTIAL_QUOTA,
    SAFEGUARD,
    find_kind,
    read_series,
    read_type,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


def name_documents(measure: Json) -> str:
    """The codes of the documents that meet a control, or its type where it names none."""
    codes = dict.fromkeys(tidy_text(c.get("document_code")) for c in read_list(measure.get("measure_conditions")))
    return " or ".join(code for code in codes if code) or f"measure type {read_type(measure)}"


def list_conditions(measure: Json) -> tuple[Condition, ...]:
    """The documents that the measure's conditions name, and the quota with its volume."""
    found = [
        Condition("document", tidy_text(c.get("document_code")), tidy_text(c.get("requirement")))
        for c in read_list(measure.get("measure_conditions"))
        if tidy_text(c.get("document_code"))
    ]
    order = measure.get("order_number") or {}
    if tidy_text(order.get("number")):
        definition = order.get("definition") or {}
        volume = " ".join(
            (
                tidy_text(definition.get("initial_volume")).removesuffix(".0"),
                tidy_text(definition.get("measurement_unit")),
            ),
        )
        first, last = (read_day(definition.get(name)) for name in ("validity_start_date", "validity_end_date"))
        text = f"{volume.strip()}, {first} to {last}" if volume.strip() and first else "volume not in the answer"
        found.append(Condition("quota", tidy_text(order.get("number")), text))
    return tuple(dict.fromkeys(found))


def find_deciding(measure: Json, kind: Kind, additional: str, imports: list[Any]) -> Iterator[Condition]:
    """Conditions that decide whether a charge is due.

    An additional code claims a rate of VAT; for other charges the trader's code is not known. Safeguard duties are due
    unless the quota for the goods is claimed (HMRC, Tariff stop press notice 19:
    https://trade-tariff.service.gov.uk/news/stories/important-information-for-steel-importers-and-their-agents-tariff-stop-press-notice-19).
    """
    area = measure.get("geographical_area") or {}
    if has_unlisted_members(area) and kind not in (Kind.PREFERENCE, Kind.QUOTA):
        yield Condition("area", str(area.get("id")), tidy_text(area.get("description")))
    if read_type(measure) == SAFEGUARD:
        yield from (Condition("unless_claim", f"quota:{order}", "within the quota") for order in _quotas(imports))
    if kind is Kind.TAX:
        others = {
            tidy_text((m.get("additional_code") or {}).get("code"))
            for m in imports
            if find_kind(read_type(m), read_series(m)) is Kind.TAX
        }
        # A single rate needs no claim; a rate with a code beside another rate does.
        if additional and len(others) > 1:
            yield Condition("claim", additional)
        elif not additional:
            yield from (Condition("unless_claim", code) for code in sorted(others - {""}))
    elif additional and kind in (Kind.ADDITIONAL_DUTY, Kind.EXCISE):
        yield Condition(
            "additional_code", additional, tidy_text((measure.get("additional_code") or {}).get("description"))
        )


def _quotas(imports: list[Any]) -> tuple[str, ...]:
    """The order numbers of the quotas that are open to goods without a preference."""
    orders = (
        tidy_text((m.get("order_number") or {}).get("number"))
        for m in imports
        if read_type(m) == NON_PREFERENTIAL_QUOTA
    )
    return tuple(sorted({order for order in orders if order}))
