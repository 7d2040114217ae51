"""Sample content for the page of components; none of it is law, an offer or a figure to rely on."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, gettext

from ewtp.apps.http.surface.form import Form
from ewtp.apps.http.surface.sorted_table import Column, list_rows
from ewtp.gateways.reference.locale_formats import economy_name

if TYPE_CHECKING:
    from django.http import QueryDict

_ECONOMIES = (
    "BR",
    "CN",
    "DE",
    "EG",
    "FR",
    "GB",
    "GH",
    "IN",
    "JP",
    "KE",
    "MX",
    "NG",
    "PE",
    "SA",
    "TZ",
    "US",
    "VN",
    "ZA",
)
_ROWS_PER_PAGE = 6
_COST = 1000
_STEP = 37
_CURRENCY = "USD"
_STANDINGS = ("law", "adopted", "proposed")


def sample_context(query: QueryDict) -> dict[str, Any]:
    """The context of the page; the query sorts and pages its table."""
    clean = Form({"sample_text": "cotton t-shirt", "sample_from": "KE", "sample_date": "2026-06-30"})
    refused = Form({"sample_value": "1,250"})
    refused.note(
        "sample_value",
        gettext("Write the number in digits without separators between thousands, such as 1250 or 1250.50."),
    )
    refused.note("sample_to", gettext("Choose where the goods are going."))
    columns: tuple[Column[dict[str, Any]], ...] = (
        Column("economy", gettext("Economy"), order=lambda row: row["name"].casefold()),
        Column("landed_cost", gettext("Landed cost"), _CURRENCY, lambda row: row["cost"]),
        Column("papers", gettext("Papers")),
    )
    return {
        "clean": clean,
        "refused_form": refused,
        "listing": list_rows(_rows(), columns, query, rows_per_page=_ROWS_PER_PAGE),
        "money": {"amount": "1344.00", "currency": "GBP"},
        "standings": _STANDINGS,
        "buyers": [("business", gettext("A business")), ("consumer", gettext("A consumer"))],
        "matrix_codes": _ECONOMIES[:3],
        "rule": _rule(),
        "currency": _CURRENCY,
    }


def sample_csv() -> str:
    """The rows of the sample table as a file."""
    sheet = io.StringIO()
    writer = csv.DictWriter(sheet, ["economy", "landed_cost", "papers"])
    writer.writeheader()
    for row in _rows():
        writer.writerow({"economy": row["code"], "landed_cost": row["cost"] or "", "papers": row["papers"]})
    return sheet.getvalue()


def _rows() -> list[dict[str, Any]]:
    language = get_language() or "en"
    return [
        {
            "code": code,
            "name": economy_name(code, language),
            "cost": None if place % 7 == 3 else _COST + place * _STEP % 101,  # noqa: PLR2004 - some row has to lack a figure
            "papers": place % 4,
        }
        for place, code in enumerate(_ECONOMIES)
    ]


def _rule() -> dict[str, Any]:
    source = {"source": "Sample tariff", "reference": "schedule 1", "valid_from": "2026-01-01", "valid_to": None}
    return {"status": "law", "measure": "", "citation": {**source, "retrieved": "2026-06-30"}}
