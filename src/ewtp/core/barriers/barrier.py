"""A barrier: something that stands in the way of a product in an economy, and who reported it."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ewtp.core.values.canonical_json import canonical_digest
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

_ID_DIGITS = 32
# The owner where an economy has no focal point: the people who operate the installation.
SECRETARIAT = "secretariat"


class Means(StrEnum):
    """How a report came in."""

    PAGE = "page"
    API = "api"
    COMMAND = "command"
    SMS = "sms"
    USSD = "ussd"


class AnswerKind(StrEnum):
    """What an authority may say to a barrier."""

    WILL_CHANGE = "will_change"
    DISAGREE = "disagree"
    NOT_OURS = "not_ours"


@immutable
class BarrierMatter:
    """What a barrier is about: a rule by its ``measure_key``, a ``product`` by six digits, and an ``economy``.

    Reports on the same matter are reports of one barrier. The key is that of the measure, ``"unknown:CODE"`` where the
    rulebook does not know the rule, or empty for all that the product meets there. A matter in words alone has the key
    ``"words:DIGEST"``; its product and economy are empty where nobody has said them.
    """

    measure_key: str
    product: str
    economy: str

    @property
    def id(self) -> str:
        """The identifier of the barrier, a function of the matter: two hubs give the same barrier the same one."""
        return f"bar_{canonical_digest([self.measure_key, self.product, self.economy])[:_ID_DIGITS]}"


@immutable
class RuleReported:
    """The rule that is reported, as it was on the day; all empty where there is none.

    ``content`` is the digest of what the rule asks for, by which an amendment is found.
    """

    measure: str = ""
    kind: str = ""
    territory: str = ""
    title: str = ""
    agency: str = ""
    document: str = ""
    mast_chapter: str = ""
    content: str = ""


@immutable
class Report:
    """One report: ``text`` in its own ``language`` (BCP 47, empty where unknown), with its ``evidence`` as JSON.

    ``group`` is the owner group of the ``organisation`` that reports, both empty for a visitor, who is not counted.
    ``verified`` is whether its identity and an identifier of it were verified then. A text that is ``withheld`` (the
    reason) is not shown.
    """

    id: str
    at: datetime
    text: str
    language: str
    means: Means
    evidence: Mapping[str, Any] = field(hash=False)
    group: str = ""
    organisation: str = ""
    verified: bool = False
    withheld: str = ""


@immutable
class AuthorityAnswer:
    """What an authority said: ``reason`` in its words; ``promised`` is the day by which it will change, if named."""

    kind: AnswerKind
    reason: str
    organisation: str
    at: datetime
    promised: date | None = None


@immutable
class ClaimTally:
    """A claim that the barrier is resolved, made at ``at``: reporters ``asked``, and how many said yes and no."""

    at: datetime
    asked: int
    yes: int = 0
    no: int = 0


@immutable
class Progress:
    """How far a barrier has come; its stage follows from this and the moment.

    ``reported`` is the first report, ``opened`` that or the last reopening. ``unowned`` is when the search for an
    owner last began. ``owner`` is an organisation, or the secretariat. ``answer`` is the last one that settles whose
    turn it is; "not ours" leaves none.
    """

    reported: datetime
    opened: datetime
    unowned: datetime
    owner: str = ""
    answer: AuthorityAnswer | None = None
    claim: ClaimTally | None = None
    escalated: datetime | None = None


@immutable
class Barrier:
    """The state of a barrier; ``asked`` are the groups whose ``replies`` to the last claim count."""

    id: str
    matter: BarrierMatter
    rule: RuleReported
    progress: Progress
    reports: tuple[Report, ...] = ()
    asked: frozenset[str] = frozenset()
    replies: Mapping[str, bool] = field(default_factory=dict, hash=False)

    @property
    def groups(self) -> frozenset[str]:
        """The owner groups that reported it, each counted once."""
        return frozenset(each.group for each in self.reports if each.group)

    @property
    def verified_groups(self) -> frozenset[str]:
        """Those of which an organisation was verified when it reported."""
        return frozenset(each.group for each in self.reports if each.group and each.verified)

    @property
    def visitors(self) -> int:
        """Reports by visitors, which are not counted."""
        return sum(1 for each in self.reports if not each.group)
