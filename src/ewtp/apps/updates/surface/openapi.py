"""The shapes of the sources in the API's description."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.http.surface.query import QueryParameter
from ewtp.apps.http.surface.schemas import BOOLEAN, DATE, INTEGER, MOMENT, TEXT, explain, nullable, one_of, page, record
from ewtp.apps.http.surface.schemas import ref as refer
from ewtp.apps.updates.reading.look_outcome import LookOutcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ewtp.apps.http.surface.schemas import Schema

SOURCE_PARAMETERS = (QueryParameter("id", "Only this source, by its id in the rulebook or of the list.", "us-hts"),)

COMPONENTS: Mapping[str, Schema] = {
    "SourcePage": page(refer("SourceStatus")),
    "SourceStatus": record(
        {
            "id": explain(TEXT, "Its id in the rulebook, or of the list."),
            "name": nullable(explain(TEXT, "What `ewtp rulebook update` calls it; null where it cannot be fetched.")),
            "title": TEXT,
            "publisher": TEXT,
            "url": nullable(TEXT),
            "published": nullable(explain(DATE, "The day of its edition; null where nobody states it.")),
            "retrieved": nullable(explain(DATE, "The day on which it was taken from its publisher.")),
            "age_days": nullable(explain(INTEGER, "The days since it was published.")),
            "held": explain(BOOLEAN, "Whether anybody has brought it."),
            "looked": nullable(
                record(
                    {
                        "at": explain(MOMENT, "When its publisher was last asked."),
                        "outcome": one_of(*(each.value for each in LookOutcome)),
                        "problem": nullable(explain(TEXT, "The code of why it failed.")),
                    }
                )
            ),
        }
    ),
}
