"""A measure: one rule of trade law as data (who, what product, which origin, when, how much)."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from ewtp.core.rulebook.expressions.calendar import UnreadSeason, read_ranges
from ewtp.core.values.immutable import immutable
from ewtp.core.values.money import Money, parse_money

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from ewtp.core.rulebook.citation import Adoption, Source
    from ewtp.core.rulebook.expressions.tree import DayRange
    from ewtp.core.values.period import Period


class Keyword(StrEnum):
    """A word of the rulebook's own; equal to its text, and hashed as it.

    Every step of an answer looks rules up by such words. An enumeration's own hash is a call of Python for each.
    """

    __hash__ = str.__hash__


class Kind(Keyword):
    """The kinds of measure. The names follow WTO and UNCTAD usage."""

    DUTY = "duty"  # the rate for everybody (MFN, "general"), or column 2 for the origins named
    PREFERENCE = "preference"  # a lower duty that has to be claimed
    ADDITIONAL_DUTY = "additional_duty"  # on top: safeguard, anti-dumping, section 301
    QUOTA = "quota"  # a lower duty within a volume
    TAX = "tax"  # VAT, GST
    EXCISE = "excise"
    FEE = "fee"
    REQUIREMENT = "requirement"  # a document or control
    PROHIBITION = "prohibition"
    RELIEF = "relief"  # de minimis, recognition of another authority's paper

    @property
    def charges(self) -> bool:
        """Whether measures of this kind charge, and so have an expression."""
        return self not in {Kind.REQUIREMENT, Kind.PROHIBITION, Kind.RELIEF}


class Status(Keyword):
    """The authority of a measure."""

    LAW = "law"
    ADOPTED = "adopted"  # a platform rule to which the economy gave effect
    PROPOSED = "proposed"


class Direction(Keyword):
    """Which side of the border the measure works on."""

    IMPORT = "import"
    EXPORT = "export"


class ConditionKind(Keyword):
    """What a condition asks for; a condition may have another kind, which answers leave open."""

    CLAIM = "claim"
    UNLESS_CLAIM = "unless_claim"
    END_USE = "end_use"
    MINIMUM_VALUE = "minimum_value"
    MAXIMUM_VALUE = "maximum_value"
    BELOW_VALUE = "below_value"
    ABOVE_VALUE = "above_value"
    TRANSPORT = "transport"
    BUYER = "buyer"
    DOCUMENT = "document"
    AUTHORITY = "authority"
    NOTE = "note"
    REMARK = "remark"
    QUOTA = "quota"
    VOLUME = "volume"
    SEASON = "season"
    TEXT = "text"
    REDUCED = "reduced"
    DISPUTED = "disputed"
    UNCONFIRMED = "unconfirmed"
    ASSUMES = "assumes"
    ELECTRONIC = "electronic"
    PROOF = "proof"


# Limits of the consignment's value.
VALUE_LIMITS = frozenset(
    {
        ConditionKind.MINIMUM_VALUE,
        ConditionKind.MAXIMUM_VALUE,
        ConditionKind.BELOW_VALUE,
        ConditionKind.ABOVE_VALUE,
    }
)
BUYERS = ("consumer", "business")
TRANSPORTS = ("sea", "air", "road", "rail", "post")
# The facts that a condition of each of these kinds may ask for, one or more.
FACTS_ASKED = {ConditionKind.BUYER: BUYERS, ConditionKind.TRANSPORT: TRANSPORTS}
# Notes that inform and documents to be shown: they do not decide whether a measure applies.
INFORMATIVE = frozenset(
    {
        ConditionKind.DOCUMENT,
        ConditionKind.AUTHORITY,
        ConditionKind.NOTE,
        ConditionKind.REMARK,
        ConditionKind.QUOTA,
        ConditionKind.VOLUME,
        ConditionKind.TEXT,
        ConditionKind.REDUCED,
        ConditionKind.DISPUTED,
        ConditionKind.UNCONFIRMED,
        ConditionKind.ASSUMES,
        ConditionKind.ELECTRONIC,
        ConditionKind.PROOF,
    }
)


class Base(Keyword):
    """The base of an ad valorem charge."""

    CUSTOMS_VALUE = "customs_value"
    DUTY_PAID = "duty_paid"


BASES = frozenset(base.value for base in Base)
# The programme of a relief that accepts another authority's paper for a requirement.
RECOGNITION = "recognition"
# What the programme of a relief names: charges (a relief of duty is one of additional duties too) or requirements.
_RELIEVED = {
    f"relief:{kind}": kind
    for kind in Kind
    if kind is Kind.REQUIREMENT or (kind.charges and kind not in {Kind.PREFERENCE, Kind.QUOTA, Kind.ADDITIONAL_DUTY})
} | {RECOGNITION: Kind.REQUIREMENT}
EVERY_ORIGIN = "*"
# When a paper is asked for: at the entry of the goods.
STAGES = ("entry",)
# A question takes a claim of at most this many characters.
LONGEST_CLAIM = 60


@immutable
class Product:
    """A code prefix in a named nomenclature edition; the empty prefix is every product.

    ``nomenclature`` is the HS edition or the national one built on it (``"HS2022"``, ``"CN2020"``,
    ``"HTS2026"``); ``exclusions`` are longer prefixes to which the measure does not apply.
    """

    nomenclature: str
    prefix: str
    exclusions: tuple[str, ...] = ()

    def covers(self, code: str) -> bool:
        """Whether the measure applies to this whole national code."""
        return code.startswith(self.prefix) and not any(code.startswith(out) for out in self.exclusions)


@immutable
class Origins:
    """Economies (alpha-2), named groups (``US-AU``, ``GB-1034``) or ``*`` for every origin, less exclusions."""

    include: tuple[str, ...] = (EVERY_ORIGIN,)
    exclude: tuple[str, ...] = ()


_KINDS_OF_CONDITIONS: dict[str, ConditionKind] = {kind.value: kind for kind in ConditionKind}
_CLAIMED = frozenset({ConditionKind.CLAIM, ConditionKind.UNLESS_CLAIM})


@immutable
class Condition:
    """A condition that the facts or the trader must meet for a measure to apply, or a note that informs.

    ``value`` depends on ``kind``; ``text`` is the condition in words. Any other kind is one that answers cannot judge.

    - ``"claim"``, ``"unless_claim"``: the claim that the trader makes, or does not
    - ``"end_use"``: a declared use, claimed as ``"end_use:VALUE"``
    - ``"minimum_value"``, ``"maximum_value"``, ``"below_value"``, ``"above_value"``: a limit such as ``"150.00 EUR"``,
      of the price of the consignment without freight and insurance
    - ``"transport"``, ``"buyer"``: means of transport, or kinds of buyer, separated by spaces
    - ``"season"``: the days of each year in which the measure is in force at all, such as ``"01 OCT - 31 DEC"``
    - ``"document"``, ``"authority"``: the document to be shown, and who issues it
    - ``"note"``, ``"quota"``, ``"volume"``, ``"text"``, ``"reduced"``, ``"disputed"``,
      ``"unconfirmed"`` (the rate that one source alone has and does not date), ``"assumes"``: nothing to be met, but
      told to the trader
    - ``"electronic"``: nothing to be met; the paper may be shown in electronic form, ``value`` names the standard or is
      empty
    - ``"proof"``: nothing to be met; a paper that a preference asks for beside that of its agreement
    - ``"remark"``: nothing to be met; its text stands beside the charge
    """

    kind: ConditionKind | str
    value: str
    text: str = ""
    # The claim that the condition asks about; empty where it asks about none.
    claim: str = field(init=False, repr=False, compare=False)
    # The limit of value that the condition sets; None where it sets none, or one that cannot be read.
    limit: Money | None = field(init=False, repr=False, compare=False)
    # The means of transport, or the kinds of buyer, of which it takes any; none where it asks for neither.
    taken: tuple[str, ...] = field(init=False, repr=False, compare=False)
    # The parts of the year that a season names; none where the condition is of another kind, or cannot be read.
    days: tuple[DayRange, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        kind = _KINDS_OF_CONDITIONS.get(self.kind, self.kind)
        claim = self.value if kind in _CLAIMED else f"end_use:{self.value}" if kind is ConditionKind.END_USE else ""
        object.__setattr__(self, "kind", kind)
        object.__setattr__(self, "claim", claim)
        object.__setattr__(self, "taken", tuple(self.value.split()) if kind in FACTS_ASKED else ())
        object.__setattr__(self, "limit", parse_money(self.value) if kind in VALUE_LIMITS else None)
        object.__setattr__(self, "days", _read_days(self.value) if kind is ConditionKind.SEASON else ())


def _read_days(text: str) -> tuple[DayRange, ...]:
    read = read_ranges(text)
    return () if isinstance(read, UnreadSeason) else read


# Conditions that a claim meets, and those that ask for nothing but what a claim decides.
_MADE = frozenset({ConditionKind.CLAIM, ConditionKind.END_USE})
_NOT_JUDGED = INFORMATIVE | _MADE | {ConditionKind.UNLESS_CLAIM}


class SortedConditions(NamedTuple):
    """Claims that have to be made and must not be, conditions that facts or nothing decides, and what is only told.

    ``seasons`` has the days of each season, all of which a measure has to be in; one that cannot be read stays open.
    """

    needed: frozenset[str]
    barred: frozenset[str]
    judged: tuple[Condition, ...]
    told: tuple[Condition, ...]
    seasons: tuple[tuple[DayRange, ...], ...]


_NO_CONDITIONS = SortedConditions(frozenset(), frozenset(), (), (), ())


def sort_conditions(conditions: Sequence[Condition]) -> SortedConditions:
    """The conditions of a measure by what decides them."""
    if not conditions:
        return _NO_CONDITIONS
    return SortedConditions(
        needed=frozenset(each.claim for each in conditions if each.kind in _MADE),
        barred=frozenset(each.claim for each in conditions if each.kind is ConditionKind.UNLESS_CLAIM),
        judged=tuple(each for each in conditions if each.kind not in _NOT_JUDGED and not each.days),
        told=tuple(each for each in conditions if each.kind in INFORMATIVE),
        seasons=tuple(each.days for each in conditions if each.days),
    )


@immutable
class Measure:
    """One rule, in force for a period and known to this rulebook since a moment.

    ``expression`` is the duty expression as the schedule writes it (empty for requirements and prohibitions; text
    that could not be read stays here and is answered as unknown), with ``currency`` for amounts that name none.
    ``programme`` names the scheme that a charge belongs to; ``yields_to`` names the programmes which, when one of them
    charges the same line, switch this measure off. ``base`` names what an ad valorem charge is taken on:
    ``"customs_value"``, or ``"duty_paid"`` (for VAT, the territory's tax base; for excise, customs value and duties).
    ``minimum`` and ``maximum`` bound a fee's amount (``"33.58 USD"``); where they are the same, it is flat. A relief of
    duty with both puts that amount for each line in the place of the duty.
    ``agency``, ``document`` and ``stage`` say who asks for which paper, and when; of a relief, which requirements it
    lifts. ``additional_code`` chooses among duties for one code; ``order_number`` is that of a quota. ``adoption`` is
    set where the status is adopted.
    """

    id: str
    territory: str
    kind: Kind
    product: Product
    validity: Period
    source: Source
    reference: str
    title: str = ""
    origins: Origins = field(default_factory=Origins)
    direction: Direction = Direction.IMPORT
    status: Status = Status.LAW
    expression: str = ""
    currency: str = ""
    programme: str = ""
    yields_to: tuple[str, ...] = ()
    base: str = Base.CUSTOMS_VALUE
    minimum: str = ""
    maximum: str = ""
    agency: str = ""
    document: str = ""
    stage: str = ""
    mast_chapter: str = ""
    conditions: tuple[Condition, ...] = ()
    additional_code: str = ""
    order_number: str = ""
    known_from: datetime | None = None
    known_to: datetime | None = None
    adoption: Adoption | None = None

    def __post_init__(self) -> None:
        if not self.id or not self.territory:
            msg = "a measure has an id and a territory"
            raise ValueError(msg)
        if self.kind.charges and not self.expression:
            msg = f"measure {self.id} charges, and needs an expression"
            raise ValueError(msg)
        if self.kind is Kind.REQUIREMENT and not (self.agency or self.document):
            msg = f"requirement {self.id} names an agency or a document"
            raise ValueError(msg)

    @property
    def key(self) -> str:
        """The identity that measures on the same matter share.

        Of one status they contradict each other where their validity overlaps; of two, the one of higher precedence
        holds (``measures_in_effect``).
        """
        product = f"{self.product.nomenclature}:{self.product.prefix}-{','.join(sorted(self.product.exclusions))}"
        origins = f"{','.join(sorted(self.origins.include))}-{','.join(sorted(self.origins.exclude))}"
        parts = (
            self.territory,
            self.direction,
            self.kind,
            product,
            origins,
            self.programme,
            self.agency,
            self.document,
            self.additional_code,
            self.order_number,
        )
        return "|".join(parts)

    @property
    def abolishes(self) -> bool:
        """Whether an economy adopted that nothing holds under the measure's key on its days."""
        return self.adoption is not None and self.adoption.abolishes

    @property
    def is_flat(self) -> bool:
        """Whether a fee is of one amount for a consignment, or a relief of duty puts one for each line in its place."""
        return bool(self.minimum) and self.minimum == self.maximum

    @property
    def rate_text(self) -> str:
        """What readers are shown as the rate: the amount where it is flat, since its expression charges nothing."""
        return self.minimum if self.is_flat else self.expression

    @property
    def relieves(self) -> Kind | None:
        """The kind of measure that a relief takes away, as its programme names it: ``"relief:tax"``.

        None for other measures, and for a programme that names no such kind.
        """
        return _RELIEVED.get(self.programme) if self.kind is Kind.RELIEF else None

    @property
    def relieves_papers(self) -> bool:
        """Whether the measure is a relief of requirements."""
        return self.kind is Kind.RELIEF and self.relieves is Kind.REQUIREMENT

    @property
    def unreadable(self) -> str:
        """The code of what is written in no form that answers can read; empty where all is well.

        ``"limit_unreadable"`` and ``"season_unreadable"`` of a condition, ``"bound_unreadable"`` of a fee,
        ``"base_unknown"``, and ``"relief_unreadable"`` of a relief that names nothing to take away, or recognises a
        paper without a claim. The expression is another matter: where it cannot be read, the answer says so.
        """
        if self.kind is Kind.RELIEF and not self._is_readable_relief:
            return "relief_unreadable"
        if any(c.kind in VALUE_LIMITS and c.limit is None for c in self.conditions):
            return "limit_unreadable"
        if any(c.kind is ConditionKind.SEASON and not c.days for c in self.conditions):
            return "season_unreadable"
        if any(text and parse_money(text) is None for text in (self.minimum, self.maximum)):
            return "bound_unreadable"
        return "" if self.base in BASES else "base_unknown"

    @property
    def _is_readable_relief(self) -> bool:
        claimed = any(c.kind is ConditionKind.CLAIM for c in self.conditions)
        return self.relieves is not None and (claimed or self.programme != RECOGNITION)

    def in_force(self, day: date) -> bool:
        """Whether the measure is valid on ``day``."""
        return day in self.validity
