"""The US HTS column "special": several rates, each with the programmes it is for.

``Free (A+,AU,BH) 3.2% (JP)See 9822.04.25 (P+)`` holds three rates. Programme symbols are one or two
capitals, some with ``+`` or ``*`` (General Note 3(c) of the HTS). The SACU column for MERCOSUR names member
states in words instead: ``free to Argentina, Brazil``.
"""

from __future__ import annotations

import re

from ewtp.core.rulebook.expressions.sentences import (
    SPECIAL_EMPTY,
    SPECIAL_TOO_LONG,
    SPECIAL_WITHOUT_PROGRAMME,
    SPECIAL_WITHOUT_RATE,
)
from ewtp.core.values.refusal import Refusal

LONGEST_TEXT = 4000
_SYMBOL = r"[A-Z]{1,2}[+*]?"
# One text carries a doubled symbol, "(PA (PA)"; it is the symbol once.
_PROGRAMMES = re.compile(rf"\(\s*({_SYMBOL}(?:\s*,\s*{_SYMBOL})*)\s*(?:\({_SYMBOL}\s*)?\)")
_SYMBOLS = re.compile(_SYMBOL)
_PARTNERS = re.compile(r"\s+to\s?((?:[A-Z][a-z]+)(?:\s*,\s*[A-Z][a-z]+)*)\s*\Z")


def split_special(text: str) -> list[tuple[str, tuple[str, ...]]] | Refusal:
    """Each rate of ``text`` with its programme symbols, in the order written; none means every programme.

    The symbols keep the order of the text, each once. Refusals: ``special_unreadable`` with ``at``.
    """
    if len(text) > LONGEST_TEXT:
        return Refusal(SPECIAL_TOO_LONG, {"most": LONGEST_TEXT}, at=LONGEST_TEXT)
    rates: list[tuple[str, tuple[str, ...]]] = []
    end = 0
    for match in _PROGRAMMES.finditer(text):
        rate = " ".join(text[end : match.start()].split())
        if not rate:
            return Refusal(SPECIAL_WITHOUT_RATE, at=match.start())
        rates.append((rate, tuple(dict.fromkeys(_SYMBOLS.findall(match[1])))))
        end = match.end()
    rest = " ".join(text[end:].split())
    if rest and rates:
        return Refusal(SPECIAL_WITHOUT_PROGRAMME, at=end)
    if rest:
        rates.append((rest, ()))
    if not rates:
        return Refusal(SPECIAL_EMPTY, at=0)
    return rates


def split_partners(text: str) -> tuple[str, tuple[str, ...]]:
    """The rate and the economies it is for, by name: ``36% toParaguay,Uruguay``; none means every partner."""
    match = _PARTNERS.search(text)
    if match is None:
        return text, ()
    return text[: match.start()], tuple(name.strip() for name in match[1].split(","))
