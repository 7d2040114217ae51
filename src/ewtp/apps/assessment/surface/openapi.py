"""The shapes of a question and its answer in the API's description, and questions to try."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.apps.assessment.surface.choice_schemas import CHOICE_SCHEMAS
from ewtp.apps.http.surface.schemas import (
    BOOLEAN,
    CURRENCY,
    DATE,
    DECIMAL,
    ECONOMY,
    INTEGER,
    MOMENT,
    TEXT,
    array,
    by_name,
    explain,
    nullable,
    one_of,
    record,
    ref,
    statement_record,
)
from ewtp.core.assessment.effects import Effect
from ewtp.core.assessment.question import MOST_PARTS
from ewtp.core.assessment.sum_state import SumState
from ewtp.core.rulebook.charge_kinds import CHARGE_KINDS, KINDS_BY_TOTAL
from ewtp.core.rulebook.measure import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ewtp.apps.http.surface.schemas import Schema

_MONEY = ref("Money")
_STATUS = one_of(*Status)
_CODE = explain(TEXT, "Tariff code, six digits or more; dots and spaces are read over.")
_URL = explain(
    nullable(TEXT), "The address of the publication; null where the rulebook has none. Older answers lack it."
)
_CLAIMS = explain(array(TEXT), "Ids of options that an answer named.")
_QUANTITIES = explain(by_name(DECIMAL), "Amounts by unit: UN/ECE Recommendation 20 codes, or names such as kg.")
_PARTS = explain(
    {**by_name(_MONEY), "maxProperties": MOST_PARTS},
    "Values of named parts of the article, such as the case of a watch.",
)

_SUM_STATES = explain(
    record(dict.fromkeys(KINDS_BY_TOTAL, one_of(*SumState))),
    "Whether each sum is a figure, nothing (not owed, or none by a statement of the rulebook), or not known or held. "
    "Older answers lack it.",
)

_QUESTION_LINE = record(
    {
        "hs": _CODE,
        "value": explain(_MONEY, "The price of the line's goods."),
        "origin": explain(nullable(ECONOMY), "Where the goods were made; the economy of dispatch by default."),
        "quantities": nullable(_QUANTITIES),
        "parts": nullable(_PARTS),
        "claims": nullable(_CLAIMS),
    },
    optional=("origin", "quantities", "parts", "claims"),
)
_QUESTION = record(
    {
        "from": explain(ECONOMY, "Economy of dispatch."),
        "to": explain(ECONOMY, "Destination."),
        "lines": {**array(ref("QuestionLine")), "minItems": 1, "maxItems": 1000},
        "date": explain(nullable(DATE), "Day of import; today by default."),
        "known_at": explain(nullable(MOMENT), "Answer as the rulebook stood at this moment."),
        "buyer": nullable(one_of("consumer", "business")),
        "transport": nullable(one_of("sea", "air", "road", "rail", "post")),
        "freight": explain(nullable(_MONEY), "Freight of the whole consignment to the border."),
        "insurance": explain(nullable(_MONEY), "Insurance of the whole consignment."),
        "keep": explain(nullable(BOOLEAN), "Whether the answer must be kept for ever."),
    },
    optional=("date", "known_at", "buyer", "transport", "freight", "insurance", "keep"),
)
_REQUEST = record(
    {
        "from": ECONOMY,
        "to": ECONOMY,
        "date": DATE,
        "known_at": nullable(MOMENT),
        "buyer": nullable(TEXT),
        "transport": nullable(TEXT),
        "lines": array(
            record(
                {
                    "hs": _CODE,
                    "origin": ECONOMY,
                    "value": _MONEY,
                    "quantities": _QUANTITIES,
                    "parts": _PARTS,
                    "claims": _CLAIMS,
                }
            )
        ),
        "freight": nullable(_MONEY),
        "insurance": nullable(_MONEY),
    }
)
_CHARGE = record(
    {
        "kind": one_of(*(row.kind.value for row in CHARGE_KINDS)),
        "measure": TEXT,
        "title": TEXT,
        "expression": explain(TEXT, "The rate as the schedule writes it."),
        "base": _MONEY,
        "amount": _MONEY,
        "status": _STATUS,
        "trace": explain(array(TEXT), "The arithmetic, step by step."),
        "steps": explain(array(ref("SentenceReference")), "The steps of `trace` as data, in the same order."),
        "citation": ref("Citation"),
    }
)
_PAPER = record({"measure": TEXT, "agency": TEXT, "document": TEXT, "title": TEXT})
_LIFTED = record(
    {
        "claim": explain(nullable(TEXT), "The claim that the line makes; null where none was needed."),
        "title": TEXT,
        "measure": explain(TEXT, "The relief, the recognition, or the rule itself that the claim switches off."),
        "document": explain(nullable(TEXT), "The paper of another authority that is accepted instead."),
        "authority": explain(nullable(TEXT), "Who issues it."),
        "lifts": explain(array(ref("Paper")), "What the line need not meet."),
        "status": _STATUS,
        "citation": ref("Citation"),
    }
)
_EXPORT_CHARGE = record(
    {
        "territory": explain(TEXT, "The customs territory that the goods leave."),
        "codes": explain(
            array(TEXT), "What the charge is on, in that territory's schedule; may be a part of the subheading."
        ),
        "measure": TEXT,
        "title": TEXT,
        "expression": explain(TEXT, "The rate as the schedule writes it."),
        "note": TEXT,
        "note_sentence": ref("SentenceReference"),
        "status": _STATUS,
        "citation": ref("Citation"),
    }
)
_OPTION = record(
    {
        "claim": explain(TEXT, "Send it among a line's claims."),
        "title": TEXT,
        "measure": TEXT,
        "expression": TEXT,
        "saving": explain(nullable(_MONEY), "The duties saved; null where that cannot be computed, or no duty falls."),
        "condition": explain(nullable(TEXT), "For which goods the claim is, in the law's words."),
        "origin_rule": explain(nullable(TEXT), "The rule that the goods must meet."),
        "proof": explain(nullable(TEXT), "The proof to show: of origin, or the paper that is accepted."),
        "note": nullable(TEXT),
        "note_sentence": nullable(ref("SentenceReference")),
        "condition_sentence": nullable(ref("SentenceReference")),
        "lifts": explain(array(ref("Paper")), "The requirements and prohibitions that the claim lifts."),
        "status": _STATUS,
        "citation": ref("Citation"),
    }
)
_LINE = record(
    {
        "hs": _CODE,
        "description": TEXT,
        "origin": ECONOMY,
        "customs_value": record({"amount": DECIMAL, "currency": CURRENCY, "basis": one_of("CIF", "FOB")}),
        "charges": array(ref("Charge")),
        "options": explain(array(ref("Option")), "What the line could claim and does not."),
        "claimed": explain(array(ref("Option")), "What the line claims."),
        "requirements": array(ref("Requirement")),
        "prohibitions": array(ref("Prohibition")),
        "lifted": explain(array(ref("Lifted")), "Requirements and prohibitions that need not be met, and why."),
        "export_charges": explain(
            array(ref("ExportCharge")), "What the economy of dispatch charges; in no sum. Older answers lack it."
        ),
        "unknowns": explain(array(ref("Unknown")), "What the rulebook or the question leaves open."),
        "asks": explain(array(ref("AskedFact")), "Facts that would settle what is open; older answers lack it."),
        "owed": explain(ref("Bounds"), "The charges of the line together; older answers lack it."),
        "sums": _SUM_STATES,
        "range": explain(
            nullable(ref("CodeRange")), "For a code above national lines that differ in charges, papers or claims."
        ),
    },
    optional=("asks", "export_charges", "owed", "sums"),
)
_TOTALS = record(
    {
        **dict.fromkeys(
            ("customs_value", "goods", "duty", "tax", "fees", "freight", "insurance", "landed_cost"),
            _MONEY,
        ),
        "at_least": explain(_MONEY, "The least that the landed cost can be; older answers lack it."),
        "at_most": explain(
            nullable(_MONEY), "The most that it can be; null where nothing bounds it. Older answers lack it."
        ),
        "complete": explain(BOOLEAN, "Whether the two bounds are the same."),
        "sums": _SUM_STATES,
    },
    optional=("at_least", "at_most", "sums"),
)
_BOUNDS = record(
    {
        "known": explain(_MONEY, "What is known to be owed."),
        "at_least": _MONEY,
        "at_most": explain(nullable(_MONEY), "Null where nothing bounds it."),
    }
)
_UNKNOWN = statement_record(
    {
        "effect": explain(one_of(*Effect), "What it may do to what is owed; older answers lack it."),
        "amount": explain(
            nullable(_MONEY),
            "The most by which it raises or lowers what is owed, where that is known; older answers lack it.",
        ),
    },
    optional=("effect", "amount"),
)
_ANSWER = record(
    {
        "id": explain(TEXT, "The end of the answer's address; where the answer is not kept it carries the question."),
        "kept": explain(BOOLEAN, "Whether the answer stays under its address for ever; older answers lack it."),
        "expires": explain(
            nullable(MOMENT), "When an answer that is not kept loses its address; null where no moment is set."
        ),
        "rulebook_version": TEXT,
        "date": DATE,
        "known_at": nullable(MOMENT),
        "request": explain(ref("NormalisedQuestion"), "The question with every default filled in."),
        "lines": array(ref("AnswerLine")),
        "totals": ref("Totals"),
        "exchange_rates": array(ref("ExchangeRate")),
        "practices": array(ref("Practice")),
        "procedures": explain(
            array(ref("Procedure")),
            "By what figures authorities of the destination decide; older answers lack it.",
        ),
        "stale": explain(
            array(ref("AgedSource")),
            "Sources more than 90 days older than the date asked about, and exchange rates in place of those of law.",
        ),
    },
    optional=("kept", "expires", "procedures"),
)

COMPONENTS: Mapping[str, Schema] = {
    "Question": _QUESTION,
    "QuestionLine": _QUESTION_LINE,
    "NormalisedQuestion": _REQUEST,
    "Answer": _ANSWER,
    "AnswerLine": _LINE,
    "Bounds": _BOUNDS,
    "Unknown": _UNKNOWN,
    "Charge": _CHARGE,
    "Option": _OPTION,
    "Paper": _PAPER,
    "ExportCharge": _EXPORT_CHARGE,
    "Lifted": _LIFTED,
    "Requirement": record(
        {
            "agency": TEXT,
            "document": TEXT,
            "stage": TEXT,
            "title": TEXT,
            "measure": TEXT,
            "mast_chapter": explain(nullable(TEXT), "UNCTAD's class of non-tariff measure."),
            "promise": explain(
                nullable(ref("Promise")), "Null where the agency promises no time; older answers lack it."
            ),
            "electronic": explain(
                nullable(ref("ElectronicForm")),
                "Null where nothing states that the paper may be shown in electronic form; older answers lack it.",
            ),
            "status": _STATUS,
            "citation": ref("Citation"),
        },
        optional=("promise", "electronic"),
    ),
    "ElectronicForm": record({"standard": explain(nullable(TEXT), "In which form; null where any will do.")}),
    "Procedure": record(
        {
            "territory": TEXT,
            "name": explain(TEXT, "What the figure settles, such as clock.vote."),
            "value": TEXT,
            "citation": ref("Citation"),
        }
    ),
    "Promise": record(
        {
            "days": explain(INTEGER, "Calendar days in which the agency promises to answer."),
            "citation": ref("Citation"),
        }
    ),
    "Prohibition": record({"measure": TEXT, "title": TEXT, "status": _STATUS, "citation": ref("Citation")}),
    **CHOICE_SCHEMAS,
    "Totals": _TOTALS,
    "Citation": record(
        {
            "source": TEXT,
            "url": _URL,
            "reference": explain(TEXT, "The place in the source."),
            "valid_from": DATE,
            "valid_to": nullable(DATE),
            "retrieved": explain(DATE, "The day on which the figures were taken from the source."),
            "adopted_from": explain(nullable(TEXT), "The text that the economy gave effect to; adopted rules only."),
            "amends": explain(array(ref("AmendedLaw")), "The law that the rule replaces; of adopted rules only."),
        },
        optional=("url", "adopted_from", "amends"),
    ),
    "AmendedLaw": record(
        {
            "measure": TEXT,
            "source": TEXT,
            "url": _URL,
            "reference": TEXT,
            "valid_from": DATE,
            "valid_to": nullable(DATE),
            "retrieved": DATE,
        },
        optional=("url",),
    ),
    "ExchangeRate": record(
        {
            "from": CURRENCY,
            "to": CURRENCY,
            "rate": DECIMAL,
            "source": TEXT,
            "valid_from": DATE,
            "valid_to": DATE,
            "age_days": INTEGER,
            "asked": explain(TEXT, "The source that the law asks for; only where this rate takes its place."),
        },
        optional=("asked",),
    ),
    "Practice": explain(
        record(
            {
                "name": TEXT,
                "value": TEXT,
                "territory": TEXT,
                "source": nullable(TEXT),
                "url": _URL,
                "reference": nullable(TEXT),
            },
            optional=("url",),
        ),
        "How the law has the answer computed; a null source marks a default of this program.",
    ),
    "AgedSource": record(
        {
            "source": TEXT,
            "published": explain(nullable(DATE), "The date of the edition; null where it is not known."),
            "age_days": nullable(INTEGER),
            "source_sentence": explain(ref("SentenceReference"), "Where the name of the source is ours."),
        },
        optional=("source_sentence",),
    ),
}

# Bodies that are answered unchanged from the rulebook shipped with the program.
EXAMPLES: Mapping[str, Any] = {
    "Cotton T-shirts from South Africa to Great Britain": {
        "from": "ZA",
        "to": "GB",
        "date": "2026-06-30",
        "lines": [{"hs": "6109100010", "value": {"amount": "1000.00", "currency": "GBP"}}],
    },
    "Two lines with freight and a claim": {
        "from": "ZA",
        "to": "GB",
        "date": "2026-06-30",
        "transport": "sea",
        "lines": [
            {
                "hs": "6109.10.00.10",
                "value": {"amount": "1000.00", "currency": "GBP"},
                "quantities": {"kg": "120"},
                "claims": ["GB-sacum"],
            },
            {"hs": "090111", "origin": "KE", "value": {"amount": "500.00", "currency": "GBP"}},
        ],
        "freight": {"amount": "80.00", "currency": "GBP"},
    },
    "A code above the national lines": {
        "from": "KE",
        "to": "US",
        "date": "2026-06-30",
        "lines": [
            {
                "hs": "610910",
                "value": {"amount": "2500.00", "currency": "USD"},
                "quantities": {"kg": "200", "number": "1000"},
            }
        ],
    },
}
