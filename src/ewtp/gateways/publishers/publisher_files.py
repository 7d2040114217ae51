"""What a publisher has of a source: the files that are new since they were fetched last."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import date, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.configuration import load_configuration
from ewtp.gateways.http_client.address_fetch import Fetched, FetchLimits, fetch_address
from ewtp.gateways.http_client.sentences import FETCH_STATUS
from ewtp.gateways.publishers.publisher_table import ECB, HMRC, OFAC, UK_TARIFF, UN, USITC
from ewtp.gateways.publishers.sentences import RELEASES_UNREADABLE, UPDATE_NOT_CONFIGURED
from ewtp.gateways.publishers.update_settings import read_updated_commodities

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ewtp.gateways.publishers.publisher_table import PublishedSource

# Rates of more than a year ago convert nothing.
_MONTHS_BEHIND = 12
_RELEASE = re.compile(r"(\d{4})HTS(?:Rev(\d+)|Basic)\Z")


@dataclass(frozen=True, slots=True)
class EarlierFetch:
    """What an earlier fetch of a source left: the edition, and what its answers are asked to be newer than, by address.

    ``months`` are those of which rates are held, as the first day of each.
    """

    edition: str = ""
    validators: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    months: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """A file as it came; ``name`` tells its reader what it is, ``address`` where it came from in the end."""

    name: str
    address: str
    content: bytes
    headers: Mapping[str, str]

    @property
    def digest(self) -> str:
        """The SHA-256 of the content, in hexadecimal digits."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(slots=True)
class PublisherFiles:
    """What is new of a source; nothing where ``files`` is empty.

    ``edition`` is what the publisher calls it, ``published`` its day and ``effective`` the first day on which it holds,
    each where the publisher states it. ``validators`` are for the next fetch.
    """

    edition: str = ""
    published: date | None = None
    effective: date | None = None
    files: list[FetchedFile] = field(default_factory=list)
    validators: dict[str, Mapping[str, str]] = field(default_factory=dict)


def fetch_publisher_files(source: PublishedSource, earlier: EarlierFetch, today: date) -> PublisherFiles | Refusal:
    """All that is new of a source, or a refusal where one of its files cannot be had.

    Refuses as ``fetch_address`` does, with ``file_not_hts_releases``, ``setting_unreadable`` or
    ``update_not_configured``.
    """
    return _FETCHES[source.name](_Fetch(source, earlier), today)


@dataclass(slots=True)
class _Fetch:
    """One fetch of a source under way."""

    source: PublishedSource
    earlier: EarlierFetch
    found: PublisherFiles = field(default_factory=PublisherFiles)

    def take(self, name: str, address: str, *, may_lack: bool = False, always: bool = False) -> Refusal | None:
        """Fetch a file; one that has not changed is left out, and so is one that is not there and ``may_lack``."""
        known = {} if always else self.earlier.validators.get(address, {})
        fetched = fetch_address(address, self._limits, known)
        if isinstance(fetched, Refusal):
            lacks = fetched.code == FETCH_STATUS.code and fetched.params["status"] == str(HTTPStatus.NOT_FOUND.value)
            return None if may_lack and lacks else fetched
        self.found.validators[address] = known if fetched.is_unchanged else fetched.validators
        if not fetched.is_unchanged:
            self.found.files.append(FetchedFile(name, fetched.address, fetched.content, fetched.headers))
        return None

    @property
    def _limits(self) -> FetchLimits:
        hosts = frozenset(load_configuration().update_hosts)
        return FetchLimits(self.source.most_bytes, self.source.seconds, redirects=hosts)

    def look(self, address: str) -> Fetched | Refusal:
        """A file that is only looked at."""
        return fetch_address(address, self._limits)


def _fetch_hts(fetch: _Fetch, today: date) -> PublisherFiles | Refusal:
    """The export of the schedule, where another release is current than the one fetched last."""
    del today
    address = fetch.source.configured_address
    listed = fetch.look(f"{address}/releaseList")
    if isinstance(listed, Refusal):
        return listed
    release = _current_release(listed.content)
    if release is None:
        return Refusal(RELEASES_UNREADABLE, {"address": listed.address})
    name, day = release
    fetch.found.edition = f"{name} {day}"
    fetch.found.published = fetch.found.effective = day
    if fetch.found.edition == fetch.earlier.edition:
        return fetch.found
    named = _RELEASE.match(name)
    revision = f"_{named[1]}_{f'rev_{named[2]}' if named[2] else 'basic'}" if named else ""
    export = f"{address}/exportList?from=0100&to=9999&format=JSON&styles=false"
    return fetch.take(f"hts{revision}.json", export, always=True) or fetch.found


def _current_release(content: bytes) -> tuple[str, date] | None:
    """The name of the current release and the day from which it is that; None where the list does not tell."""
    try:
        releases = json.loads(content)
        current = [each for each in releases if each["status"] == "current"]
        day = datetime.strptime(current[0]["releaseStartDate"], "%m/%d/%Y").date()  # noqa: DTZ007 - a day
        return str(current[0]["name"])[:80], day
    except (ValueError, TypeError, KeyError, IndexError, RecursionError):
        return None


def _fetch_commodities(fetch: _Fetch, today: date) -> PublisherFiles | Refusal:
    """The list of areas and the commodities that the operator listed."""
    del today
    codes = read_updated_commodities()
    if isinstance(codes, Refusal):
        return codes
    if not codes:
        return Refusal(UPDATE_NOT_CONFIGURED, {"source": fetch.source.name})
    address = fetch.source.configured_address
    refused = fetch.take("areas.json", f"{address}/geographical_areas")
    for code in codes:
        refused = refused or fetch.take(f"{code}.json", f"{address}/commodities/{code}")
    return refused or fetch.found


def _fetch_months(fetch: _Fetch, today: date) -> PublisherFiles | Refusal:
    """The rates of this month and, where they are out, the next; and of the year before, the months not held.

    A file states everything from its first month on, so where one has changed all later ones come with it.
    """
    number = today.year * 12 + today.month - 1
    changed = False
    for each in range(number - _MONTHS_BEHIND, number + 2):
        year, month = each // 12, each % 12 + 1
        if each < number and not changed and date(year, month, 1) in fetch.earlier.months:
            continue
        name = f"monthly_csv_{year}-{month}.csv"
        address = f"{fetch.source.configured_address}/{name}"
        refused = fetch.take(name, address, may_lack=each != number, always=changed)
        if refused is not None:
            return refused
        changed = bool(fetch.found.files)
    return fetch.found


def _fetch_series(fetch: _Fetch, today: date) -> PublisherFiles | Refusal:
    del today
    return fetch.take("eurofxref-hist.zip", fetch.source.configured_address) or fetch.found


def _fetch_un(fetch: _Fetch, today: date) -> PublisherFiles | Refusal:
    del today
    return fetch.take("un-consolidated.xml", fetch.source.configured_address) or fetch.found


def _fetch_ofac(fetch: _Fetch, today: date) -> PublisherFiles | Refusal:
    """The three files of the list, which refer to one another: where one has changed, all are needed."""
    del today
    parts = {f"{part}.csv": f"{fetch.source.configured_address}/{part.upper()}.CSV" for part in ("sdn", "alt", "add")}
    for name, address in parts.items():
        refused = fetch.take(name, address)
        if refused is not None:
            return refused
    if fetch.found.files:
        got = {each.name for each in fetch.found.files}
        for name in parts.keys() - got:
            refused = fetch.take(name, parts[name], always=True)
            if refused is not None:
                return refused
    return fetch.found


_FETCHES: Mapping[str, Callable[[_Fetch, date], PublisherFiles | Refusal]] = {
    USITC: _fetch_hts,
    UK_TARIFF: _fetch_commodities,
    HMRC: _fetch_months,
    ECB: _fetch_series,
    UN: _fetch_un,
    OFAC: _fetch_ofac,
}
