"""Holdings: who has a quarter or more of a firm without controlling it, and how such a declaration is read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ewtp.core.organisations.sentences import HOLDER_CONTROLS, HOLDERS_UNREADABLE
from ewtp.core.values.ids import is_id
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# In hundredths of a percent of the capital or of the votes.
LEAST_SHARE, MOST_SHARE, WHOLE = 2_500, 5_000, 10_000
_PERCENT = re.compile(r"([0-9]{1,3})(?:[.]([0-9]{1,2}))?\Z")


@immutable
class Shareholder:
    """``owner`` (an organisation) has ``share`` of a firm, in hundredths of a percent."""

    owner: str
    share: int

    @property
    def percent(self) -> str:
        """The share in percent, such as 26 or 33.34."""
        whole, rest = divmod(self.share, 100)
        return f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)


def read_shareholders(given: Iterable[Mapping[str, Any]], organisation: str) -> tuple[Shareholder, ...] | Refusal:
    """The holdings that an organisation declares, ordered by owner; each has an ``owner`` and a ``share`` in percent.

    Refuses with ``holders_unreadable``: an owner that is none, named twice or the firm itself, a share below a quarter
    or shares above the whole; and with ``holder_controls`` where one has more than half.
    """
    read: dict[str, int] = {}
    for each in given:
        owner, share = each.get("owner"), _read_share(each.get("share"))
        if not isinstance(owner, str) or not is_id(owner, "org") or owner in {organisation, *read} or share is None:
            return Refusal(HOLDERS_UNREADABLE, where="holders")
        if share > MOST_SHARE:
            return Refusal(HOLDER_CONTROLS, {"owner": owner}, where="holders")
        read[owner] = share
    if sum(read.values()) > WHOLE or any(share < LEAST_SHARE for share in read.values()):
        return Refusal(HOLDERS_UNREADABLE, where="holders")
    return tuple(Shareholder(owner, share) for owner, share in sorted(read.items()))


def _read_share(text: object) -> int | None:
    found = _PERCENT.match(text) if isinstance(text, str) else None
    return None if found is None else int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
