"""The shapes of the rulebook's lists in the API's description, and the parameters that filter them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.http.surface.list_page import PAGE_PARAMETERS
from ewtp.apps.http.surface.query import QueryParameter
from ewtp.apps.http.surface.schemas import (
    DATE,
    INTEGER,
    MOMENT,
    TEXT,
    array,
    by_name,
    explain,
    nullable,
    one_of,
    page,
    record,
    ref,
)
from ewtp.core.rulebook.coverage_statement import COVERED_KINDS, Extent
from ewtp.core.rulebook.measure import Direction, Kind, Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ewtp.apps.http.surface.schemas import Schema

MEASURE_PARAMETERS = (
    QueryParameter("economy", "Rules of this economy and of its customs union, or of a union alone: SACU.", "GB"),
    QueryParameter("code", "Rules that cover this tariff code.", "6109100010"),
    QueryParameter("date", "Rules in force on this day.", "2026-06-30", schema=DATE),
    QueryParameter("kind", "Rules of this kind.", "duty", schema=one_of(*Kind)),
    QueryParameter("known_at", "The rulebook as it was known at this moment.", schema=MOMENT),
    *PAGE_PARAMETERS,
)

HOLDING_PARAMETERS = (
    QueryParameter("territory", "Only this territory, by the code of an economy or a customs union.", "GB"),
)

_TEXT_FIELDS = {
    "reference": "The place in the source.",
    "title": "",
    "expression": "The rate as the schedule writes it.",
    "currency": "",
    "programme": "",
    "base": "What a tax is taken on.",
    "minimum": "",
    "maximum": "",
    "agency": "",
    "document": "",
    "stage": "",
    "mast_chapter": "UNCTAD's class of non-tariff measure.",
    "additional_code": "",
    "order_number": "The number of a quota.",
}

COMPONENTS: Mapping[str, Schema] = {
    "MeasurePage": page(ref("Measure")),
    "Measure": record(
        {
            "id": TEXT,
            "territory": TEXT,
            "direction": one_of(*Direction),
            "kind": one_of(*Kind),
            "status": one_of(*Status),
            "nomenclature": explain(TEXT, "The edition that the code belongs to."),
            "code": explain(TEXT, "The prefix of the codes that are covered; empty for all."),
            "excluded_codes": array(TEXT),
            "origins": explain(array(TEXT), "Economies and groups; * is every origin."),
            "excluded_origins": array(TEXT),
            "valid_from": DATE,
            "valid_to": nullable(DATE),
            **{name: explain(TEXT, text) if text else TEXT for name, text in _TEXT_FIELDS.items()},
            "yields_to": array(TEXT),
            "conditions": array(record({"kind": TEXT, "value": TEXT, "text": TEXT})),
            "known_from": nullable(MOMENT),
            "known_to": nullable(MOMENT),
            "source": ref("Source"),
        }
    ),
    "Source": record(
        {
            "id": TEXT,
            "title": TEXT,
            "publisher": TEXT,
            "published": explain(nullable(DATE), "The date of the edition; null where it is not known."),
            "retrieved": DATE,
            "licence": TEXT,
            "url": TEXT,
            "carrier": explain(TEXT, "Who passed the file on, where that was not the publisher."),
        }
    ),
    "VersionPage": page(ref("Version")),
    "Version": record(
        {
            "number": INTEGER,
            "label": TEXT,
            "published_at": MOMENT,
            "origin": TEXT,
            "title": TEXT,
            "digest": explain(TEXT, "Covers this version and all before it."),
            "counts": explain(by_name(by_name(INTEGER)), "By kind of record: how many are new, superseded and so on."),
        }
    ),
    "HoldingPage": page(ref("Holding")),
    "Holding": record(
        {
            "territory": record({"code": TEXT, "name": TEXT}),
            "members": explain(array(TEXT), "The economies of a customs union; empty for an economy."),
            "law_also_of": explain(array(TEXT), "Other territories whose law applies here as well."),
            "tariff": explain(
                nullable(
                    record(
                        {
                            "territory": TEXT,
                            "nomenclature": TEXT,
                            "lines": explain(INTEGER, "Declarable lines in force."),
                            "age_days": explain(nullable(INTEGER), "Days since the edition; null where undated."),
                            "source": nullable(ref("Source")),
                        }
                    )
                ),
                "The schedule that applies; null where none is held.",
            ),
            "rules": explain(by_name(INTEGER), "By kind, the territory's own rules in force."),
            "sources": array(record({"source": ref("Source"), "rules": INTEGER})),
            "coverage": array(
                record(
                    {
                        "kind": one_of(*COVERED_KINDS),
                        "extent": one_of(*Extent, "not_stated"),
                        "valid_from": nullable(DATE),
                        "reference": nullable(TEXT),
                        "source": nullable(ref("Source")),
                    }
                )
            ),
        }
    ),
}
