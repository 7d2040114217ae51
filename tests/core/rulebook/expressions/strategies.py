"""Generated duty expressions: every node, in every place where the tree allows it."""

from decimal import Decimal
from math import gcd

from hypothesis import strategies as st

from ewtp.core.rulebook.expressions.rate_units import COUNTED
from ewtp.core.rulebook.expressions.tree import (
    AdValorem,
    Alternatives,
    Bounded,
    DayRange,
    Difference,
    Inherited,
    Missing,
    Polarised,
    Season,
    Seasonal,
    Specific,
    Sum,
)

CURRENCIES = ("USD", "GBP", "EUR", "ZAR", "CAD", "CHF", "XOF")
PARTS = (
    "case",
    "battery",
    "strap, band or bracelet",
    "movement and case",
    "retail value",
    "lead content",
    "cost of such goods or repairs",
    "non-u.s. content",
    "full value of the imported article",
)
BASES = (
    "drained",
    "gross",
    "dry",
    "clean",
    "net",
    "lactic_matter",
    "total_sugars",
    "lead_content",
    "standard_quality",
    "contents_and_container",
    "including_weight_of_container",
    "over_7",
    "other_pieces_or_parts",
)

amounts = st.decimals(min_value=0, max_value=10**6, places=6, allow_nan=False, allow_infinity=False)
percentages = st.decimals(min_value=0, max_value=1000, places=4, allow_nan=False, allow_infinity=False)


@st.composite
def fractions_of_a_percent(draw):
    divisor = draw(st.integers(2, 99))
    whole = draw(st.sampled_from([number for number in range(1, 500) if gcd(number, divisor) == 1]))
    return AdValorem(Decimal(whole), draw(st.sampled_from((None, *PARTS))), divisor)


ad_valorem = st.builds(AdValorem, percentages, st.sampled_from((None, *PARTS))) | fractions_of_a_percent()


def _specific(*times):
    return st.builds(
        Specific,
        amounts,
        st.sampled_from(CURRENCIES),
        st.sampled_from(sorted(COUNTED)),
        st.sampled_from((Decimal(1), Decimal(10), Decimal(100), Decimal(1000))),
        st.sampled_from((None, *BASES)),
        st.sampled_from(times),
    )


specific = _specific(None, "ASV", "sucrose")


@st.composite
def polarised(draw):
    rate = draw(_specific(None))
    return Polarised(rate, Specific(draw(amounts), rate.currency, rate.unit, rate.per, rate.basis))


@st.composite
def day_ranges(draw):
    days = st.tuples(st.integers(1, 12), st.integers(1, 28))
    return DayRange(*draw(days), *draw(days))


missing = st.builds(
    Missing,
    st.sampled_from(("reference", "agricultural component", "entry price", "additional duty on sugar")),
    st.sampled_from((None, "See additional U.S. note 1", "The rate applicable to each article (see note 3)")),
)
leaves = ad_valorem | specific | polarised() | st.just(Inherited()) | missing


def _grown(inner):
    seasons = st.builds(Season, inner, st.lists(day_ranges(), min_size=1, max_size=3).map(tuple))
    rest = st.builds(Season, inner, st.just(()))
    several = st.lists(inner, min_size=2, max_size=4).map(tuple)
    bounds = st.tuples(inner, st.none()) | st.tuples(st.none(), inner) | st.tuples(inner, inner)
    return (
        st.builds(Sum, several)
        | st.builds(Difference, inner, inner)
        | st.builds(lambda duty, pair: Bounded(duty, *pair), inner, bounds)
        | st.builds(Alternatives, several, st.sampled_from((None, "higher", "lower")))
        | st.builds(
            lambda some, last: Seasonal((*some, *last)),
            st.lists(seasons, min_size=1, max_size=3),
            st.lists(rest, max_size=1),
        )
    )


expressions = st.recursive(leaves, _grown, max_leaves=8)
