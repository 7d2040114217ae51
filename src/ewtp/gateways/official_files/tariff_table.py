"""A customs tariff as a table: one row a tariff line, a column for each partner, read by several importers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.measure import EVERY_ORIGIN, Kind, Measure, Origins, Product
from ewtp.core.rulebook.territory import TariffLine

if TYPE_CHECKING:
    from ewtp.core.rulebook.citation import Source
    from ewtp.core.values.period import Period

# What distinguishes the rules of one line, beside kind, origins and days.
_DISTINGUISHING = ("direction", "programme", "document", "order_number", "additional_code")


@dataclass(frozen=True, slots=True)
class TariffTable:
    """The fields that all rules of a table share.

    ``schedule`` is cited before the code of each line; ``duty_title`` names the duty of every origin.
    """

    source: Source
    validity: Period
    territory: str
    nomenclature: str
    currency: str
    schedule: str
    duty_title: str

    def duty(self, code: str, expression: str) -> Measure:
        """The duty on products of every origin."""
        return self._measure(Kind.DUTY, code, expression, Origins((EVERY_ORIGIN,)), self.duty_title)

    def preference(self, code: str, expression: str, origins: Origins) -> Measure:
        """The duty of some origins."""
        return self._measure(Kind.PREFERENCE, code, expression, origins, "Tariff preference")

    def rule(self, code: str, kind: Kind, expression: str = "", **fields: Any) -> Measure:
        """A rule on a line, for every origin and in force as long as the table, unless ``fields`` say otherwise."""
        place = f"{self.schedule}, {code}"
        given: dict[str, Any] = {"origins": Origins(), "validity": self.validity, "reference": place} | fields
        told = (*given["origins"].include, *(str(fields.get(name, "")) for name in _DISTINGUISHING))
        return Measure(
            id=f"{self.territory}-{kind}-{code}-{'+'.join(told)}-{given['validity'].start}",
            territory=self.territory,
            kind=kind,
            product=Product(self.nomenclature, code),
            source=self.source,
            expression=expression,
            currency=self.currency if kind.charges else "",
            **given,
        )

    def line(self, code: str, units: tuple[str, ...] = (), description: str = "") -> TariffLine:
        """A line of the table."""
        return TariffLine(self.territory, code, self.validity, units, description)

    def _measure(self, kind: Kind, code: str, expression: str, origins: Origins, title: str) -> Measure:
        return Measure(
            id=f"{self.territory}-{kind}-{code}-{'+'.join(origins.include)}-{self.validity.start}",
            territory=self.territory,
            kind=kind,
            product=Product(self.nomenclature, code),
            validity=self.validity,
            source=self.source,
            reference=f"{self.schedule}, {code}",
            title=title,
            origins=origins,
            expression=expression,
            currency=self.currency,
        )
