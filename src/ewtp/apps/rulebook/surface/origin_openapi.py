"""The shapes of a decision on origin in the API's description, and the parameters of its question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.http.surface.query import QueryParameter
from ewtp.apps.http.surface.schemas import (
    BOOLEAN,
    DATE,
    DECIMAL,
    ECONOMY,
    TEXT,
    array,
    explain,
    nullable,
    one_of,
    record,
    ref,
)
from ewtp.apps.rulebook.reading.goods_origin import TERRITORIES, YES_OR_NO
from ewtp.core.origin.change import ChangeVerdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ewtp.apps.http.surface.schemas import Schema

_SAID = one_of(*YES_OR_NO)
PARAMETERS = (
    QueryParameter("to", f"Economy the goods are imported into: {', '.join(TERRITORIES)}.", "US", schema=ECONOMY),
    QueryParameter("hs", "Tariff code of the goods, 4 to 10 digits.", "382430"),
    QueryParameter("made_in", "Economy where the goods are made.", "MX", schema=ECONOMY),
    QueryParameter(
        "material",
        "CODE:ECONOMY, or CODE:ECONOMY:SHARE with its share of the value in per cent; repeat for more.",
        "2849:CN:60",
        repeated=True,
    ),
    QueryParameter("whole", "Whether the goods are wholly obtained or produced where they are made.", schema=_SAID),
    QueryParameter("simple_assembly", "Whether the goods result from simple assembly.", schema=_SAID),
    QueryParameter("unassembled", "Whether parts are classified as the complete goods.", schema=_SAID),
)

COMPONENTS: Mapping[str, Schema] = {
    "GoodsOrigin": record(
        {
            "origin": explain(nullable(ECONOMY), "Null where it is not decided."),
            "decided": BOOLEAN,
            "reason": explain(ref("Statement"), "Why the goods have the origin, or why nothing is decided."),
            "scope": explain(array(ref("Statement")), "What the origin is for, and what is not judged."),
            "rules": explain(
                array(
                    record(
                        {
                            "rule": TEXT,
                            "classes": explain(array(TEXT), "The rule as codes."),
                            "source": TEXT,
                            "published": nullable(DATE),
                        }
                    )
                ),
                "The rules of the code; several where they differ by its subdivisions.",
            ),
            "materials": array(
                record(
                    {
                        "hs": TEXT,
                        "origin": ECONOMY,
                        "share": explain(nullable(DECIMAL), "Per cent of the value; null where it is not stated."),
                        "change": explain(
                            one_of(*ChangeVerdict), "Whether it makes the change of classification; open: not known."
                        ),
                    }
                )
            ),
        }
    )
}
