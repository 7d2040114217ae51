"""Identifiers of organisations, each checked as far as its scheme allows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from stdnum import get_cc_module, lei
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_97_10

from ewtp.core.organisations.identifier import Identifier, IdentifierCheck, Scheme
from ewtp.core.organisations.sentences import IDENTIFIER_INVALID, IDENTIFIER_SCHEME_UNKNOWN
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

_LONGEST = 40
_SHOWN = 40
_SEPARATORS = re.compile(r"[\s.\-/]+")
# A country and up to 15 characters (Commission Delegated Regulation (EU) 2015/2446, annex A, data element 3/1 ff.).
_EORI = re.compile(r"[A-Z]{2}[A-Z0-9]{1,15}\Z")
# The United Kingdom: nine digits as in a VAT number, and three more (HMRC, "Get an EORI number").
_EORI_UK = re.compile(r"(GB|XI)[0-9]{12}\Z")
_COMPANY = re.compile(r"[A-Z0-9]{1,20}\Z")
# Companies House: eight digits, or two letters and six digits.
_COMPANY_GB = re.compile(r"([0-9]{8}|[A-Z]{2}[0-9]{6})\Z")


def read_identifier(scheme: object, value: object, economy: str) -> Identifier | Refusal:
    """The identifier of an organisation of ``economy``.

    An LEI has check digits (ISO 17442-1, ISO 7064 MOD 97-10), and so have most VAT numbers; an EORI and a company
    number have a form alone. Refuses with ``identifier_scheme_unknown`` or ``identifier_invalid``.
    """
    if not isinstance(scheme, str) or scheme not in set(Scheme):
        return Refusal(IDENTIFIER_SCHEME_UNKNOWN, {"schemes": [*Scheme]}, where="scheme")
    known = Scheme(scheme)
    text = value if isinstance(value, str) else ""
    read = _READERS[known](_SEPARATORS.sub("", text).upper(), economy) if 0 < len(text) <= _LONGEST else None
    if read is None:
        return Refusal(IDENTIFIER_INVALID, {"value": text[:_SHOWN], "scheme": known}, where="value")
    return Identifier(known, *read)


def complete_lei(start: str) -> str:
    """An LEI of which the first 18 characters are given, with its check digits (ISO 7064 MOD 97-10)."""
    return f"{start}{mod_97_10.calc_check_digits(start)}"


_Found = tuple[str, IdentifierCheck] | None


def _lei(text: str, _economy: str) -> _Found:
    return (text, IdentifierCheck.RULE) if text.isascii() and lei.is_valid(text) else None


def _vat(text: str, economy: str) -> _Found:
    """A VAT number with the economy's prefix, or without it."""
    module = get_cc_module(economy.lower(), "vat") if economy.isascii() and economy.isalpha() else None
    if module is None:
        return (text, IdentifierCheck.FORM) if _COMPANY.match(text) else None
    try:
        compact = str(module.validate(text))
    except ValidationError:
        return None
    return compact.removeprefix(economy), IdentifierCheck.RULE


def _eori(text: str, _economy: str) -> _Found:
    form = _EORI_UK if text.startswith(("GB", "XI")) else _EORI
    return (text, IdentifierCheck.FORM) if form.match(text) else None


def _company_number(text: str, economy: str) -> _Found:
    form = _COMPANY_GB if economy == "GB" else _COMPANY
    return (text, IdentifierCheck.FORM) if form.match(text) else None


_READERS: dict[Scheme, Callable[[str, str], _Found]] = {
    Scheme.LEI: _lei,
    Scheme.VAT: _vat,
    Scheme.EORI: _eori,
    Scheme.COMPANY_NUMBER: _company_number,
}
