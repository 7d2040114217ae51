"""An identifier of an organisation as a value, and what two of the same firm have in common."""

from __future__ import annotations

from enum import StrEnum

from ewtp.core.values.immutable import immutable


class Scheme(StrEnum):
    """Who gives the identifier, and so how it is built."""

    LEI = "lei"
    VAT = "vat"
    EORI = "eori"
    COMPANY_NUMBER = "company_number"


class IdentifierCheck(StrEnum):
    """How far an identifier was checked when it was read; whether it belongs to the organisation is verified."""

    RULE = "rule"  # the rule of its scheme, with check digits where the scheme has them
    FORM = "form"  # length and characters alone


@immutable
class Identifier:
    """An identifier in its compact form; ``check`` is how far it was checked."""

    scheme: Scheme
    value: str
    check: IdentifierCheck

    def key(self, economy: str) -> str:
        """What two identifiers of the same firm have in common, where it is one of an organisation of ``economy``.

        An LEI and an EORI are given once in the world; a VAT number and a company number say something only together
        with the economy, whatever prefix of it or zeros they are written with. Numbers of different schemes are not
        compared: which of them are one firm's is known to whoever verifies them.
        """
        if self.scheme is Scheme.LEI or self.scheme is Scheme.EORI:
            return f"{self.scheme}:{self.value}"
        bare = self.value.removeprefix(economy) or self.value
        return f"{self.scheme}:{economy}:{bare.lstrip('0') or '0'}"
