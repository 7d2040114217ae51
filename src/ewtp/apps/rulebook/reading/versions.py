"""The versions of the rulebook: which there are, and which was the latest at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ewtp.apps.rulebook.store.models import Version

# Of the number of a version, as the database holds one; a name of more digits is a label that no version has.
_DIGITS = 9


@dataclass(frozen=True, slots=True)
class VersionRef:
    """The permanent reference to a version: its label, its cumulative digest, and its time of publication."""

    label: str
    digest: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class VersionInfo:
    """A published state of the rulebook; ``counts`` gives its changes, by kind of record."""

    number: int
    label: str
    published_at: datetime
    origin: str
    title: str
    digest: str
    counts: dict[str, dict[str, int]]

    def as_json(self) -> dict[str, Any]:
        """The version for lists."""
        return {
            "number": self.number,
            "label": self.label,
            "published_at": self.published_at.isoformat(),
            "origin": self.origin,
            "title": self.title,
            "digest": self.digest,
            "counts": self.counts,
        }

    @property
    def ref(self) -> VersionRef:
        """The version's name."""
        return VersionRef(self.label, self.digest, self.published_at)


def versions(*, limit: int = 100, before: int | None = None) -> tuple[VersionInfo, ...]:
    """The versions, latest first; ``before`` continues after a page that ended with that number."""
    rows = Version.objects.order_by("-number")
    if before is not None:
        rows = rows.filter(number__lt=before)
    return tuple(_version(row) for row in rows[:limit])


def versions_before(version: VersionRef, *, limit: int) -> tuple[VersionRef, ...]:
    """The versions published before another, latest first."""
    rows = Version.objects.filter(published_at__lt=version.published_at).order_by("-number")
    return tuple(_version(row).ref for row in rows[:limit])


def latest_version() -> VersionInfo | None:
    """The version that answers are given from; None while the rulebook is empty."""
    row = Version.objects.order_by("-number").first()
    return _version(row) if row else None


def version_named(name: str) -> VersionInfo | None:
    """The version with that label or number."""
    is_number = name.isdecimal() and len(name) <= _DIGITS
    rows = Version.objects.filter(number=int(name)) if is_number else Version.objects.filter(label=name)
    row = rows.first()
    return _version(row) if row else None


def version_at(moment: datetime) -> VersionInfo | None:
    """The version that was the latest at a moment."""
    row = Version.objects.filter(published_at__lte=moment).order_by("-number").first()
    return _version(row) if row else None


def moment_of(known_at: datetime | None) -> datetime:
    """The moment whose knowledge is asked for; without one, that of the latest version."""
    if known_at is not None:
        return known_at
    version = latest_version()
    return version.published_at if version else datetime.max.replace(tzinfo=UTC)


def _version(row: Version) -> VersionInfo:
    return VersionInfo(row.number, row.label, row.published_at, row.origin, row.title, row.digest, row.counts)
