"""A measure as JSON and back: the same form in the API, in changesets and in exports."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.citation import Adoption, Source
from ewtp.core.rulebook.measure import Condition, Direction, Kind, Measure, Origins, Product, Status
from ewtp.core.rulebook.sentences import MEASURE_FIELD_MISSING, MEASURE_UNANSWERABLE, MEASURE_UNREADABLE
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

_TEXTS = (
    "reference",
    "title",
    "expression",
    "currency",
    "programme",
    "base",
    "minimum",
    "maximum",
    "agency",
    "document",
    "stage",
    "mast_chapter",
    "additional_code",
    "order_number",
)

_SOURCE_TEXTS = ("id", "title", "publisher", "licence", "url", "carrier")


def source_as_json(source: Source) -> dict[str, str | None]:
    """The source as an object; dates are ISO 8601, ``published`` null where it is not stated."""
    return {
        "id": source.id,
        "title": source.title,
        "publisher": source.publisher,
        "published": source.published_text,
        "retrieved": source.retrieved.isoformat(),
        "licence": source.licence,
        "url": source.url,
        "carrier": source.carrier,
    }


def period_as_json(period: Period) -> dict[str, str | None]:
    """``valid_from`` and ``valid_to``, the latter null where the end is open."""
    return {
        "valid_from": period.start.isoformat(),
        "valid_to": period.end.isoformat() if period.end else None,
    }


def measure_as_json(measure: Measure) -> dict[str, Any]:
    """Every field of the measure; empty texts and lists are given too, so that readers need no defaults.

    Only an adopted measure has ``adopted_from`` and ``abolishes``.
    """
    adoption = measure.adoption
    return {
        "id": measure.id,
        "territory": measure.territory,
        "direction": measure.direction.value,
        "kind": measure.kind.value,
        "status": measure.status.value,
        "nomenclature": measure.product.nomenclature,
        "code": measure.product.prefix,
        "excluded_codes": list(measure.product.exclusions),
        "origins": list(measure.origins.include),
        "excluded_origins": list(measure.origins.exclude),
        **period_as_json(measure.validity),
        **{name: getattr(measure, name) for name in _TEXTS},
        "yields_to": list(measure.yields_to),
        "conditions": [{"kind": c.kind, "value": c.value, "text": c.text} for c in measure.conditions],
        "known_from": measure.known_from.isoformat() if measure.known_from else None,
        "known_to": measure.known_to.isoformat() if measure.known_to else None,
        "source": source_as_json(measure.source),
        **({"adopted_from": adoption.adopted_from, "abolishes": adoption.abolishes} if adoption else {}),
    }


def measure_from_json(body: Mapping[str, Any]) -> Measure | Refusal:
    """The measure that an object describes; ``measure_unreadable`` where a field is missing or of the wrong kind."""
    try:
        measure = Measure(
            id=text_of(body["id"]),
            territory=text_of(body["territory"]),
            kind=Kind(body["kind"]),
            product=Product(
                text_of(body["nomenclature"]),
                text_of(body["code"]),
                texts_of(body.get("excluded_codes", ())),
            ),
            validity=period_from_json(body),
            source=source_from_json(body["source"]),
            origins=Origins(texts_of(body.get("origins", ("*",))), texts_of(body.get("excluded_origins", ()))),
            direction=Direction(body.get("direction", "import")),
            status=Status(body.get("status", "law")),
            yields_to=texts_of(body.get("yields_to", ())),
            conditions=tuple(
                Condition(text_of(c["kind"]), text_of(c["value"]), text_of(c.get("text", "")))
                for c in body.get("conditions", ())
            ),
            known_from=_moment(body.get("known_from")),
            known_to=_moment(body.get("known_to")),
            adoption=_adoption(body),
            **{name: text_of(body[name]) for name in _TEXTS if name in body or name == "reference"},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, KeyError):
            return Refusal(MEASURE_FIELD_MISSING, {"field": str(error.args[0])[:40]})
        return Refusal(MEASURE_UNREADABLE, {"reason": str(error)[:120]})
    if measure.unreadable:
        return Refusal(MEASURE_UNANSWERABLE, {"reason": measure.unreadable.replace("_", " ")})
    return measure


def text_of(value: object) -> str:
    """The value if it is a text; TypeError otherwise."""
    if not isinstance(value, str):
        msg = f"{str(value)[:40]!r} is not a text"
        raise TypeError(msg)
    return value


def texts_of(values: object) -> tuple[str, ...]:
    """The values if they are a list of texts; TypeError otherwise."""
    if not isinstance(values, list | tuple):
        msg = f"{str(values)[:40]!r} is not a list of texts"
        raise TypeError(msg)
    return tuple(text_of(value) for value in values)


def period_from_json(body: Mapping[str, Any]) -> Period:
    """The period of ``valid_from`` and ``valid_to``; ValueError where they are not dates, or are reversed."""
    end = body.get("valid_to")
    return Period(date.fromisoformat(body["valid_from"]), date.fromisoformat(end) if end else None)


def _adoption(body: Mapping[str, Any]) -> Adoption | None:
    if "adopted_from" not in body and "abolishes" not in body:
        return None
    return Adoption(text_of(body.get("adopted_from", "")), abolishes=body.get("abolishes", False) is True)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def source_from_json(body: Mapping[str, Any]) -> Source:
    """The source that an object describes; KeyError, TypeError or ValueError where it does not."""
    published = body["published"]
    rest = {name: text_of(body[name]) for name in _SOURCE_TEXTS if name in body}
    return Source(
        rest.pop("id"),
        rest.pop("title"),
        rest.pop("publisher"),
        None if published is None else date.fromisoformat(published),
        date.fromisoformat(body["retrieved"]),
        **rest,
    )
