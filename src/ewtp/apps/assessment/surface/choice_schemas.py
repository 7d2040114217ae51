"""The shapes of what an answer asks back in the API's description: which national line, and facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.http.surface.schemas import BOOLEAN, INTEGER, TEXT, array, explain, nullable, one_of, record, ref

if TYPE_CHECKING:
    from ewtp.apps.http.surface.schemas import Schema

_MONEY = ref("Money")
_CODE = explain(TEXT, "Tariff code, six digits or more.")
_RANGE = record(
    {
        "question": explain(TEXT, "What would settle it."),
        "question_sentence": ref("SentenceReference"),
        "duty": record({"lowest": nullable(_MONEY), "highest": nullable(_MONEY)}),
        "duties_differ": explain(
            BOOLEAN, "False where all lines bear the same duties, which are charged; older answers lack it."
        ),
        "lines": array(record({"hs": _CODE, "description": TEXT, "duty": nullable(_MONEY)})),
        "groups": explain(array(ref("LineGroup")), "The lines by what they cost and need; older answers lack it."),
        "common": explain(TEXT, "What the texts of all lines begin with; empty where none are held."),
        "tree": explain(
            array(record({"depth": INTEGER, "text": TEXT, "hs": nullable(_CODE)})),
            "Headings and lines in order, with the words that differ; empty where no texts are held.",
        ),
        "ruled_out": explain(array(_CODE), "Lines for goods of another value for each unit."),
        "asked": explain(array(record({"code": TEXT, "name": TEXT})), "Units whose quantity would rule out more."),
        "schedule": explain(
            nullable(record({"id": TEXT, "source": TEXT, "url": nullable(TEXT)})), "The source of the lines."
        ),
    },
    optional=("duties_differ", "groups", "common", "tree", "ruled_out", "asked", "schedule"),
)
_ASKED_FACT = record(
    {
        "fact": one_of("transport", "buyer", "freight", "date", "part", "unit", "claim"),
        "titles": array(TEXT),
        "name": nullable(TEXT),
        "choices": array(record({"value": TEXT, "text": nullable(TEXT)})),
        "reference": nullable(TEXT),
    }
)
_LINE_GROUP = record(
    {
        "lines": array(_CODE),
        "codes": explain(array(_CODE), "The shortest codes that cover these lines and no other; ask with one."),
        "duty": explain(nullable(_MONEY), "Null where it is not known."),
        "charges": array(record({**dict.fromkeys(("kind", "measure", "title", "expression"), TEXT), "amount": _MONEY})),
        "papers": explain(
            array(record({"measure": TEXT, "agency": TEXT, "document": TEXT, "title": TEXT})),
            "Requirements and prohibitions of these lines that not every line has.",
        ),
        "unknowns": array(ref("Unknown")),
    }
)
CHOICE_SCHEMAS: dict[str, Schema] = {"CodeRange": _RANGE, "LineGroup": _LINE_GROUP, "AskedFact": _ASKED_FACT}
