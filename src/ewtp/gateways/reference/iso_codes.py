"""Which economies and currencies exist: ISO 3166-1 and ISO 4217, as packages carry them."""

from __future__ import annotations

from functools import cache

import pycountry
from babel import Locale

from ewtp.core.assessment.question import Vocabulary
from ewtp.core.values.codes import parse_economy
from ewtp.core.values.refusal import Refusal

# The European Union is a customs union that schedules and answers name like an economy.
CUSTOMS_UNION = "EU"
# Not in ISO 3166-1, but the code that tariffs and tax lists use for Kosovo.
USER_ASSIGNED = frozenset({"XK"})
# Reserved in ISO 3166 for the use of customs: Ceuta and Melilla, and the Canary Islands.
RESERVED = frozenset({"EA", "IC"})
# Northern Ireland in trade with the EU; source and reference are those of its territory in the seed.
BETWEEN_TARIFFS = {"XI": ("GB", CUSTOMS_UNION)}
# What tariffs, tax lists and habit write in place of a code of ISO 3166-1.
OTHER_CODES = {"UK": "GB", "EL": "GR", "FX": "FR", "XC": "EA", "XL": "EA"}


@cache
def vocabulary() -> Vocabulary:
    """Every economy (alpha-2, and ``EU``) and every currency (alpha-3)."""
    economies = (
        frozenset(country.alpha_2 for country in pycountry.countries) | {CUSTOMS_UNION} | USER_ASSIGNED | RESERVED
    )
    currencies = frozenset(currency.alpha_3 for currency in pycountry.currencies)
    return Vocabulary(economies, currencies, OTHER_CODES, BETWEEN_TARIFFS)


def check_economy(text: object) -> str | Refusal:
    """An economy that exists, or ``economy_unknown``."""
    code = parse_economy(text)
    if isinstance(code, Refusal) or code in vocabulary().economies:
        return code
    return vocabulary().refuse_economy(code)


@cache
def economy_names(language: str = "en") -> dict[str, str]:
    """Economies by code, named in ``language``; a name the language lacks is given in English."""
    names = Locale.parse(language.replace("-", "_")).territories
    english = Locale.parse("en").territories
    return {code: str(names.get(code) or english.get(code) or code) for code in sorted(vocabulary().economies)}
