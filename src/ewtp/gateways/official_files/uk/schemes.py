"""The partners in the United Kingdom's preference workbooks, and the groups by which a duty is claimed.

The table is data: each name as the workbooks write it, its scheme (a code of the rules-of-origin schemes), and the
members of the scheme to whom its rates do not apply.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

import pycountry
import yaml

from ewtp.core.rulebook.measure import Origins
from ewtp.core.rulebook.territory import Group, Membership
from ewtp.core.values.period import Period

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ewtp.core.rulebook.citation import Source

SUSPENSION = "GB-suspension"
AUTHORISED_USE = "GB-authorised-use"
_CLAIMS = {
    SUSPENSION: ("Duty suspension", ""),
    AUTHORISED_USE: ("Duty for an authorised use", "authorisation for end use"),
}


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner as the workbooks name it."""

    name: str
    scheme: str
    without: tuple[str, ...]

    @property
    def origins(self) -> Origins:
        """The group of the scheme, without the members that the partner's rates exclude."""
        return Origins((group_id(self.scheme),), self.without)

    @property
    def slug(self) -> str:
        """The partner as part of an id."""
        return "-".join([group_id(self.scheme), *(["less", *self.without] if self.without else [])])


def group_id(scheme: str) -> str:
    """The group of economies that a scheme gives preference to."""
    return f"GB-{scheme}"


def read_partners() -> dict[str, Partner]:
    """Every partner, by its name in the workbooks."""
    text = files(__package__).joinpath("partners.yaml").read_text(encoding="utf-8")
    return {
        name: Partner(name, entry["scheme"], tuple(sorted(entry.get("without", []))))
        for name, entry in yaml.safe_load(text)["partners"].items()
    }


def make_claim_groups(source: Source, start: date, wanted: tuple[str, ...]) -> Iterator[Group]:
    """Groups of every economy, through which a duty that does not depend on origin is claimed."""
    everyone = sorted({country.alpha_2 for country in pycountry.countries} | {"XK"})
    for name in wanted:
        title, proof = _CLAIMS[name]
        yield Group(
            id=name,
            title=title,
            members=tuple(Membership(economy, Period(start)) for economy in everyone),
            source=source,
            reference="every origin",
            proof=proof,
        )
