"""From the tree to its canonical English text; ``parse`` reads the text back into the same tree."""

from __future__ import annotations

from ewtp.core.rulebook.expressions.calendar import spell_range
from ewtp.core.rulebook.expressions.rate_units import spell_denominator
from ewtp.core.rulebook.expressions.tree import (
    AdValorem,
    Alternatives,
    Bounded,
    Difference,
    Expression,
    Inherited,
    Missing,
    Polarised,
    Seasonal,
    Specific,
    Sum,
)
from ewtp.core.values.money import decimal_text

# How tightly each node binds, as in the grammar; a looser one inside a tighter one gets brackets.
_SEASONAL, _CHOICE, _BOUNDED, _SUM, _LESS, _SINGLE = range(6)
_BINDING: dict[type, int] = {
    Seasonal: _SEASONAL,
    Alternatives: _CHOICE,
    Bounded: _BOUNDED,
    Sum: _SUM,
    Difference: _LESS,
    Polarised: _LESS,
}


def render(expression: Expression) -> str:  # noqa: C901 - one case for each kind of node
    """The canonical text, with currency codes for signs and dots for decimals: ``0.051 USD/kg + 8.5%``."""
    match expression:
        case AdValorem():
            return _percentage(expression)
        case Specific(amount, currency, unit, per, basis, times):
            return f"{decimal_text(amount)} {currency}{spell_denominator(unit, per, basis, times)}"
        case Sum(terms):
            return " + ".join(_inside(term, _LESS) for term in terms)
        case Difference(first, second):
            return f"{_inside(first, _SINGLE)} less {_inside(second, _SINGLE)}"
        case Polarised(rate, reduction):
            return f"{render(rate)} less {render(reduction)} for each degree under 100 degrees"
        case Bounded(inner, minimum, maximum):
            text = _inside(inner, _SUM)
            text += "" if minimum is None else f" MIN {_inside(minimum, _SUM)}"
            return text + ("" if maximum is None else f" MAX {_inside(maximum, _SUM)}")
        case Alternatives(terms, rule):
            text = " or ".join(_alternative(term) for term in terms)
            return text if rule is None else f"{text}, whichever is the {rule}"
        case Seasonal(seasons):
            return ", ".join(
                _inside(season.expression, _CHOICE)
                + (f" ({', '.join(spell_range(days) for days in season.ranges)})" if season.ranges else "")
                for season in seasons
            )
        case Inherited():
            return "the duty provided in the applicable subheading"
        case Missing(fact, detail):
            return f"[{fact}]" if detail is None else f"[{fact}: {detail}]"


def rate_text(duty: AdValorem) -> str:
    """The percentage alone, such as ``33 1/3%``."""
    if duty.divisor == 1:
        return f"{decimal_text(duty.percent)}%"
    whole, rest = divmod(int(duty.percent), duty.divisor)
    return f"{whole} {rest}/{duty.divisor}%"


def _percentage(duty: AdValorem) -> str:
    if duty.base is not None:
        return f"{rate_text(duty)} on the {duty.base}"
    return "Free" if duty.percent == 0 else rate_text(duty)


def _inside(expression: Expression, binding: int) -> str:
    text = render(expression)
    return text if _BINDING.get(type(expression), _SINGLE) >= binding else f"({text})"


def _alternative(expression: Expression) -> str:
    # A name or a basis may continue with "or", so a duty that can end in one is put in brackets here.
    text = _inside(expression, _BOUNDED)
    return text if text[-1] in "%)]" or text == "Free" else f"({text})"
