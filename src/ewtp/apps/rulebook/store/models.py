"""The rulebook's tables. Every row says since when, and until when, the rulebook knew it; nothing is ever rewritten.

Triggers (see the migrations) allow two things only: to add a row, and to close the open end of ``known``.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from ewtp.core.rulebook.measure import Kind

_KINDS = tuple(kind.value for kind in Kind)
# The layers of law: what its sources state, and what economies adopted.
_LAYERS = ("law", "adopted")
_OF_LAW = Q(adopted_from="", abolishes=False)
_CHARGING = tuple(kind.value for kind in Kind if kind.charges)


def _text() -> models.TextField[str, str]:
    return models.TextField(default="", db_default="")


def _digits() -> models.TextField[str, str]:
    # Digits are compared byte by byte on every server, so that the codes below a prefix lie side by side.
    return models.TextField(db_collation="C")


def _texts() -> ArrayField[list[str], list[str]]:
    return ArrayField(models.TextField(), default=list, db_default=[])


def _never_two(name: str, *, dated: bool, layer: str = "") -> ExclusionConstraint:
    """At no moment does the rulebook know two rows of one key and layer (and day of validity, where rows have such)."""
    equal = [(F(column), RangeOperators.EQUAL) for column in ("key", layer) if column]
    overlapping = [(F(column), RangeOperators.OVERLAPS) for column in ("validity", "known")[0 if dated else 1 :]]
    return ExclusionConstraint(name=name, expressions=[*equal, *overlapping])


def _with_first_day(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(validity__isempty=False) & Q(validity__lower_inf=False), name=name)


class Version(models.Model):
    """A published state of the rulebook. ``digest`` covers this version's changes and the digest before it."""

    number = models.BigIntegerField(primary_key=True)
    label = models.TextField(unique=True)
    published_at = models.DateTimeField(unique=True)
    origin = models.TextField()
    title = models.TextField()
    actor = models.TextField()
    digest = models.CharField(max_length=64)
    seed_digest = models.CharField(max_length=64, default="", db_default="")
    counts = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(number__gte=1), name="version_number"),
            models.CheckConstraint(condition=Q(digest__regex="^[0-9a-f]{64}$"), name="version_digest"),
            models.CheckConstraint(condition=Q(origin__in=("seed", "import", "adoption")), name="version_origin"),
        ]

    def __str__(self) -> str:
        return self.label


class Adoption(models.Model):
    """An economy's act that gave effect to a changeset, which ``changeset`` holds as it was adopted."""

    version = models.BigIntegerField(primary_key=True)
    territory = models.TextField()
    source = models.TextField(unique=True)
    reference = models.TextField()
    adopted_from = _text()
    effective = models.DateField(null=True)
    changeset = models.JSONField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(territory="") & ~Q(source=""), name="adoption_named"),
            models.CheckConstraint(condition=Q(digest__regex="^[0-9a-f]{64}$"), name="adoption_digest"),
        ]

    def __str__(self) -> str:
        return self.source


class _BitemporalRow(models.Model):
    """What every table of the rulebook has: ``key`` and ``digest`` are 128-bit digests of key and content."""

    id = models.BigAutoField(primary_key=True)
    stated_by = models.TextField()
    key = models.UUIDField()
    digest = models.UUIDField()
    known = DateTimeRangeField()
    version = models.BigIntegerField()

    class Meta:
        abstract = True


class Source(_BitemporalRow):
    """An official publication in the edition that was current."""

    source_id = models.TextField()
    title = models.TextField()
    publisher = models.TextField()
    published = models.DateField(null=True)
    retrieved = models.DateField()
    licence = _text()
    url = _text()
    carrier = _text()

    class Meta:
        constraints: ClassVar = [
            _never_two("source_once", dated=False),
            models.CheckConstraint(condition=~Q(source_id="") & ~Q(title="") & ~Q(publisher=""), name="source_named"),
        ]

    def __str__(self) -> str:
        return self.source_id


class Territory(_BitemporalRow):
    """A customs territory; its practices hang on this row and are replaced with it."""

    code = models.TextField()
    name = models.TextField()
    members = _texts()
    currency = models.TextField()
    nomenclature = _text()
    hs_edition = _text()
    digits = models.PositiveSmallIntegerField(default=0)
    schedule = _text()
    names = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            _never_two("territory_once", dated=False),
            models.CheckConstraint(condition=Q(currency__regex="^[A-Z]{3}$"), name="territory_currency"),
        ]

    def __str__(self) -> str:
        return self.code


class Practice(models.Model):
    """How a territory computes, for a period."""

    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="practices")
    position = models.PositiveSmallIntegerField()
    name = models.TextField()
    value = models.TextField()
    validity = DateRangeField()
    source = models.TextField()
    reference = _text()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="practice_once",
                expressions=[
                    (F("territory"), RangeOperators.EQUAL),
                    (F("name"), RangeOperators.EQUAL),
                    (F("validity"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Group(_BitemporalRow):
    """A named set of economies; its memberships hang on this row and are replaced with it."""

    group_id = models.TextField()
    title = models.TextField()
    source = models.TextField()
    reference = _text()
    proof = _text()
    origin_scheme = _text()

    class Meta:
        constraints: ClassVar = [
            _never_two("group_once", dated=False),
            models.CheckConstraint(condition=~Q(group_id=""), name="group_named"),
        ]

    def __str__(self) -> str:
        return self.group_id


class Membership(models.Model):
    """An economy's time in a group."""

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="memberships")
    position = models.PositiveSmallIntegerField()
    economy = models.TextField()
    validity = DateRangeField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="membership_once",
                expressions=[
                    (F("group"), RangeOperators.EQUAL),
                    (F("economy"), RangeOperators.EQUAL),
                    (F("validity"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.economy


class Measure(_BitemporalRow):
    """One rule of trade law; ``key`` digests ``Measure.key`` of the core."""

    measure_id = models.TextField()
    territory = models.TextField()
    direction = models.TextField()
    kind = models.TextField()
    status = models.TextField()
    nomenclature = models.TextField()
    prefix = _digits()
    exclusions = _texts()
    origins = _texts()
    excluded_origins = _texts()
    validity = DateRangeField()
    reference = models.TextField()
    title = _text()
    expression = _text()
    currency = _text()
    programme = _text()
    yields_to = _texts()
    base = models.TextField()
    minimum = _text()
    maximum = _text()
    agency = _text()
    document = _text()
    stage = _text()
    mast_chapter = _text()
    conditions = models.JSONField(default=list)
    additional_code = _text()
    order_number = _text()
    adopted_from = _text()
    abolishes = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints: ClassVar = [
            _never_two("measure_once", dated=True, layer="status"),
            models.CheckConstraint(condition=Q(kind__in=_KINDS), name="measure_kind"),
            # A proposal that is known now would be in the book that answers count.
            models.CheckConstraint(
                condition=Q(status__in=_LAYERS) | Q(status="proposed", known__upper_inf=False), name="measure_status"
            ),
            models.CheckConstraint(condition=Q(status="adopted") | _OF_LAW, name="measure_adoption"),
            models.CheckConstraint(condition=Q(direction__in=("import", "export")), name="measure_direction"),
            models.CheckConstraint(condition=~Q(measure_id="") & ~Q(territory=""), name="measure_named"),
            models.CheckConstraint(condition=~Q(kind__in=_CHARGING) | ~Q(expression=""), name="measure_charges"),
            models.CheckConstraint(
                condition=~Q(kind="requirement") | ~Q(agency="") | ~Q(document=""),
                name="measure_requires",
            ),
            models.CheckConstraint(condition=Q(prefix__regex="^[0-9]{0,14}$"), name="measure_prefix"),
            _with_first_day("measure_validity"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["territory", "prefix"], name="measure_scope"),
            models.Index(fields=["stated_by"], name="measure_stated_by"),
            models.Index(fields=["measure_id"], name="measure_by_id"),
            # Rules on exports are few, and every process reads them once a version.
            models.Index(fields=["territory"], name="measure_on_exports", condition=Q(direction="export")),
        ]

    def __str__(self) -> str:
        return self.measure_id


class TariffLine(_BitemporalRow):
    """A declarable national line. Descriptions come with an official file that an operator imports."""

    territory = models.TextField()
    code = _digits()
    validity = DateRangeField()
    units = _texts()
    description = _text()
    indent = models.SmallIntegerField(default=0)
    layer = models.TextField(default="law", db_default="law")
    adopted_from = _text()
    abolishes = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints: ClassVar = [
            _never_two("line_once", dated=True, layer="layer"),
            models.CheckConstraint(condition=Q(layer__in=_LAYERS), name="line_layer"),
            models.CheckConstraint(condition=Q(layer="adopted") | _OF_LAW, name="line_adoption"),
            models.CheckConstraint(condition=Q(code__regex="^[0-9]{2,14}$"), name="line_code"),
            _with_first_day("line_validity"),
        ]
        indexes: ClassVar = [models.Index(fields=["territory", "code"], name="line_scope")]

    def __str__(self) -> str:
        return f"{self.territory} {self.code}"


class AdoptedRecord(_BitemporalRow):
    """A record that holds by an act, or does not, of any kind but measures and lines, which are with their law."""

    kind = models.TextField()
    content = models.JSONField()
    validity = DateRangeField()
    adopted_from = _text()
    abolishes = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints: ClassVar = [
            _never_two("adopted_record_once", dated=True),
            _with_first_day("adopted_record_validity"),
        ]

    def __str__(self) -> str:
        return self.kind


class OriginRule(_BitemporalRow):
    """A product-specific rule of origin."""

    scheme = models.TextField()
    first = _digits()
    last = _digits()
    classes = _texts()
    text = _text()
    source = models.TextField()
    reference = _text()

    class Meta:
        constraints: ClassVar = [
            _never_two("origin_rule_once", dated=False),
            models.CheckConstraint(condition=Q(first__lte=F("last")), name="origin_rule_span"),
        ]
        indexes: ClassVar = [models.Index(fields=["scheme", "first"], name="origin_rule_scope")]

    def __str__(self) -> str:
        return f"{self.scheme} {self.first}"


class CodeReplaced(_BitemporalRow):
    """A code of one edition of a nomenclature and one that replaced it."""

    old_edition = models.TextField()
    old_code = _digits()
    new_edition = models.TextField()
    new_code = _digits()

    class Meta:
        constraints: ClassVar = [_never_two("code_replaced_once", dated=False)]
        indexes: ClassVar = [
            models.Index(fields=["old_code"], name="code_replaced_old"),
            models.Index(fields=["new_code"], name="code_replaced_new"),
        ]

    def __str__(self) -> str:
        return f"{self.old_edition} {self.old_code}"


class ExchangeRate(_BitemporalRow):
    """An official rate for a period."""

    source = models.TextField()
    base = models.TextField()
    currency = models.TextField()
    # As text, so that every digit of the publication is kept and none is added.
    units_per_base = models.TextField()
    validity = DateRangeField()

    class Meta:
        constraints: ClassVar = [
            _never_two("exchange_rate_once", dated=True),
            models.CheckConstraint(
                condition=Q(units_per_base__regex=r"^[0-9]+(\.[0-9]+)?$"),
                name="exchange_rate_plain",
            ),
            models.CheckConstraint(
                condition=Q(base__regex="^[A-Z]{3}$") & Q(currency__regex="^[A-Z]{3}$"),
                name="exchange_rate_currencies",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["currency"], name="exchange_rate_currency")]

    def __str__(self) -> str:
        return f"{self.base}/{self.currency}"
