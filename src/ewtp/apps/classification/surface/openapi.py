"""The shapes of the product search in the API's description, and the parameters of its questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.http.surface.query import QueryParameter
from ewtp.apps.http.surface.schemas import DECIMAL, ECONOMY, TEXT, array, explain, nullable, record, ref
from ewtp.core.classification.search import MOST_RESULTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ewtp.apps.http.surface.schemas import Schema

_LIMIT = {"type": "integer", "minimum": 1, "maximum": MOST_RESULTS, "default": 10}
_WORDS = QueryParameter("q", "The product in words, or the first digits of a code.", "cotton t-shirts")
SUGGESTION_PARAMETERS = (_WORDS, QueryParameter("limit", "How many results at most.", 3, schema=_LIMIT))
SEARCH_PARAMETERS = (
    *SUGGESTION_PARAMETERS,
    QueryParameter("economy", "Also the national lines of this economy below each code.", "GB", schema=ECONOMY),
)

COMPONENTS: Mapping[str, Schema] = {
    "HsSearch": record(
        {
            "query": TEXT,
            "results": explain(array(ref("HsMatch")), "The likeliest first."),
            "message": explain(nullable(TEXT), "A sentence where no code, or several, are likely."),
            "message_sentence": nullable(ref("SentenceReference")),
            "edition": explain(TEXT, "The edition of the Harmonized System."),
            "economy": explain(ECONOMY, "The economy whose national lines were asked for."),
        },
        optional=("economy",),
    ),
    "HsSuggestions": record({"results": array(ref("HsMatch"))}),
    "HsMatch": record(
        {
            "hs": TEXT,
            "description": TEXT,
            "heading": TEXT,
            "confidence": explain(DECIMAL, "Probability from 0 to 1 that the code is right."),
            "matched": explain(array(TEXT), "The words of the query that the code was found by."),
            "lines": explain(array(ref("HsNationalLine")), "National lines, where an economy was given."),
        },
        optional=("lines",),
    ),
    "HsNationalLine": record({"code": TEXT, "description": explain(TEXT, "Empty where no wording is held.")}),
}
