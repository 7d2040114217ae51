"""The shapes of the market finder's answer in the API's description, and the parameters of its question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.http.surface.query import QueryParameter
from ewtp.apps.http.surface.schemas import (
    BOOLEAN,
    CURRENCY,
    DATE,
    DECIMAL,
    ECONOMY,
    INTEGER,
    TEXT,
    array,
    by_name,
    explain,
    nullable,
    one_of,
    record,
    ref,
)
from ewtp.apps.markets.reading.compiled_finder import MarketTableState
from ewtp.apps.markets.reading.finder import ONLY
from ewtp.core.markets.market_row import MarketOutcome
from ewtp.core.markets.rank_basis import SWITCH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ewtp.apps.http.surface.schemas import Schema

PARAMETERS = (
    QueryParameter("from", "Economy the goods are from: every destination is a row.", "KE", schema=ECONOMY),
    QueryParameter("to", "Instead of from, a market: every origin is a row.", schema=ECONOMY),
    QueryParameter("hs", "Tariff code; its first six digits are compared.", "090111"),
    QueryParameter("value", "Price of the goods.", "1000", schema=DECIMAL),
    QueryParameter("currency", "ISO 4217; every amount is given in it.", "USD", schema=CURRENCY),
    QueryParameter("quantity", "UNIT:AMOUNT; repeat for more.", "kg:120", repeated=True),
    QueryParameter("date", "Day of import; today by default.", "2026-06-30", schema=DATE),
    QueryParameter(
        "only", "complete: the whole cost is known; bounded: or lies in a known range.", schema=one_of(*ONLY)
    ),
    QueryParameter("claims", "Compare costs with the best claim, as by default, or without.", schema=one_of(*SWITCH)),
    QueryParameter(
        "tax",
        "Compare costs without the VAT or GST that a business reclaims, as by default, or with it.",
        schema=one_of(*SWITCH),
    ),
    QueryParameter("group", "Only members of this customs union of the rulebook."),
)

_MONEY = ref("Money")
_SETTLED = explain(nullable(_MONEY), "Null where it is not known, or depends on the national line.")
_SPAN = record({"lowest": _MONEY, "highest": _MONEY})
_NAMES = record({"count": INTEGER, "names": array(TEXT)})


def _ranges(*names: str) -> Schema:
    spans = record(dict.fromkeys(names, _SPAN), optional=names)
    return explain(nullable(spans), "Lowest and highest of each amount that depends on the national line.")


_ROW = record(
    {
        "to": explain(ECONOMY, "The destination; where every origin was asked for, `from` stands in its place."),
        "from": explain(ECONOMY, "The origin; where every destination was asked for, `to` stands in its place."),
        "rank": INTEGER,
        "outcome": one_of(*MarketOutcome),
        "complete": BOOLEAN,
        "hs": TEXT,
        "edition": nullable(TEXT),
        "resolved": explain(
            nullable(record({"from": TEXT, "to": TEXT, "edition": TEXT})),
            "The code asked there, where its edition has another.",
        ),
        "national_lines": INTEGER,
        "unions": array(TEXT),
        "duty": _SETTLED,
        "tax": _SETTLED,
        "fees": _SETTLED,
        "landed_cost": _SETTLED,
        "without_tax": explain(nullable(_MONEY), "The landed cost without VAT or GST on imports."),
        "compared_cost": explain(nullable(_MONEY), "The cost that ranks the row: the highest on any national line."),
        "at_least": explain(nullable(_MONEY), "The least that the landed cost can be on any national line."),
        "at_most": explain(nullable(_MONEY), "The most that it can be; null where nothing bounds it."),
        "local_landed_cost": explain(nullable(_MONEY), "The landed cost in the currency of the economy."),
        "range": _ranges("duty", "tax", "fees", "landed_cost", "without_tax"),
        "duty_rates": array(TEXT),
        "tax_rates": array(TEXT),
        "agencies": explain(_NAMES, "Agencies that every national line involves."),
        "documents": explain(_NAMES, "Documents that every national line needs."),
        "perhaps": explain(_NAMES, "Documents and agencies of some national lines."),
        "prohibitions": array(TEXT),
        "best_option": explain(nullable(ref("MarketOption")), "The lower duty that saves most."),
        "options": INTEGER,
        "unknowns": explain(array(TEXT), "Codes of what is not known."),
        "schedule": nullable(ref("AgedSource")),
        "exchange_rate": nullable(ref("ExchangeRate")),
        "refusal": nullable(ref("Error")),
        "demand": explain(
            nullable(ref("Demand")), "What is held of the destination's imports of the product; it ranks nothing."
        ),
    },
    optional=("to", "from", "demand"),
)
_FIGURE_SOURCE = record(
    {
        "id": TEXT,
        "title": TEXT,
        "publisher": TEXT,
        "published": nullable(DATE),
        "retrieved": DATE,
        "url": TEXT,
        "listed_suppliers": explain(
            nullable(INTEGER), "How many economies' goods the figures are of; null where it is all the world."
        ),
    }
)
_DEMAND = record(
    {
        "importers": explain(array(ECONOMY), "The economies that the figures are of, all together."),
        "hs": TEXT,
        "year": INTEGER,
        "value": _MONEY,
        "growth_percent": explain(nullable(DECIMAL), "Since `growth_since`; null where no earlier year is held."),
        "growth_since": nullable(INTEGER),
        "suppliers": explain(
            array(record({"supplier": TEXT, "value": DECIMAL, "percent": DECIMAL})), "The largest, at most three."
        ),
        "source": _FIGURE_SOURCE,
    }
)
_REQUEST = record(
    {
        "from": ECONOMY,
        "to": ECONOMY,
        "hs": explain(TEXT, "The six digits that are compared."),
        "hs_given": TEXT,
        "value": _MONEY,
        "quantities": by_name(DECIMAL),
        "claims": one_of(*SWITCH),
        "tax": one_of(*SWITCH),
    },
    optional=("from", "to"),
)

COMPONENTS: Mapping[str, Schema] = {
    "Markets": record(
        {
            "rulebook_version": TEXT,
            "market_table": explain(
                one_of(*MarketTableState),
                "How far the table is that market questions are answered from; until it is ready they take seconds, "
                "and the rows are the same.",
            ),
            "date": DATE,
            "request": _REQUEST,
            "description": explain(TEXT, "The wording of the subheading."),
            "counts": record({outcome.value: INTEGER for outcome in MarketOutcome}),
            "demand": explain(nullable(ref("Demand")), "The imports of the one market that was asked about."),
            "markets": explain(array(ref("MarketRow")), "Every destination, ranked."),
            "origins": explain(array(ref("MarketRow")), "Every origin, ranked, where one market was asked about."),
        },
        optional=("demand", "markets", "origins"),
    ),
    "Demand": _DEMAND,
    "MarketRow": _ROW,
    "MarketOption": record(
        {
            "claim": TEXT,
            "title": TEXT,
            "saving": _SETTLED,
            "landed_cost": _SETTLED,
            "without_tax": _SETTLED,
            "range": _ranges("saving", "landed_cost", "without_tax"),
            "proof": nullable(TEXT),
            "note": nullable(TEXT),
        }
    ),
}
