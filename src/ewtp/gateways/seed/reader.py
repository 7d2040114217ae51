"""Reads the seed of the rulebook: packs of figures below ``rulebook/``.

A pack is a folder with ``source.yaml`` (the source, defaults) and any of ``measures.csv``, ``lines.csv``,
``groups.yaml``, ``origin_rules.csv``, ``replaced.csv``, ``exchange_rates.csv`` and ``coverage.csv``; at the root are
``territories.yaml`` and ``groups.yaml``. ``rulebook/README.md`` describes the format.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import yaml

from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.origin_class import word_rule
from ewtp.core.rulebook.records import CodeReplaced, ExchangeRate
from ewtp.core.rulebook.territory import (
    Group,
    Membership,
    OriginRule,
    Practice,
    TariffLine,
    Territory,
    TerritoryPractice,
)
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.seed.coverage import add_coverage, read_coverage
from ewtp.gateways.seed.pack_records import PackRecords
from ewtp.gateways.seed.rows import RowError, ValuePool, read_measures, read_rows
from ewtp.gateways.seed.sentences import SEED_BROKEN, SEED_MISSING, SEED_YAML_BROKEN
from ewtp.gateways.seed.writer import write_groups, write_pack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

__all__ = ["SeedBook", "pack_folders", "read_packs", "read_yaml", "write_groups", "write_pack"]


@dataclass(slots=True, kw_only=True)
class SeedBook(PackRecords):
    """Everything in the seed, in order of pack and row; ids of measures are unique across packs.

    ``coverage`` are the statements of packs, which their territories have among their practices. ``notes`` holds, by
    pack, sentences about the gaps of the pack.
    """

    sources: list[Source] = field(default_factory=list)
    territories: list[Territory] = field(default_factory=list)
    coverage: list[TerritoryPractice] = field(default_factory=list)
    notes: dict[str, tuple[str, ...]] = field(default_factory=dict)


class _PlainLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc] # the C loader is optional
    """YAML in which only ``true``, ``false``, null, whole numbers and dates are not text.

    Norway's code stays ``NO``, and a decimal keeps every digit, for it is read as text.
    """


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":bool", ":float", ":int"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_PlainLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"(?:true|false)\Z"), list("tf"))
# A tariff code that starts with a zero is text, not an octal number.
_PlainLoader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"-?(?:0|[1-9][0-9]*)\Z"), list("-0123456789"))


def read_yaml(path: Path) -> Any:
    """The document in a YAML file of the rulebook, or a Refusal naming the line that cannot be read."""
    try:
        with path.open(encoding="utf-8") as stream:
            return yaml.load(stream, Loader=_PlainLoader)  # noqa: S506 - derived from the safe loader
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        reason = " ".join(str(error).split())[:200]
        return Refusal(SEED_YAML_BROKEN, {"file": path.name, "folder": path.parent.name, "reason": reason})


def pack_folders(root: Path) -> list[Path]:
    """The folders of the packs below ``root``, in order of name."""
    return sorted(path.parent for path in root.rglob("source.yaml"))


def read_packs(root: Path) -> SeedBook | Refusal:
    """The whole seed, or a Refusal (``seed_missing``, ``seed_broken``) that names the file and row at fault."""
    folders = pack_folders(root)
    if not folders:
        return Refusal(SEED_MISSING, {"folder": root})
    book = SeedBook()
    sources: dict[str, Source] = {}
    shared = ValuePool(sources)
    place = root
    try:
        documents = {}
        for place in folders:
            documents[place] = _read_sources(place / "source.yaml", sources)
        for place in (root / "territories.yaml", root / "groups.yaml"):
            _read_sources(place, sources)
        for place in folders:
            _read_pack(place, documents[place], shared, book, root)
        place = root / "groups.yaml"
        book.groups += _read_groups(place, "", sources)
        place = root / "territories.yaml"
        book.territories += add_coverage(_read_territories(place, sources), book.coverage)
    except (RowError, csv.Error, UnicodeDecodeError) as error:
        where = place.relative_to(root) if place.is_relative_to(root) else place
        return Refusal(SEED_BROKEN, {"file": where, "reason": str(error)})
    book.sources += [sources[key] for key in sorted(sources)]
    return book


def _mapping(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    document = read_yaml(path)
    if isinstance(document, Refusal):
        raise RowError(document.message)
    if not isinstance(document, dict):
        msg = f"{path.name} is not a mapping"
        raise RowError(msg)
    return document


def _read_sources(path: Path, sources: dict[str, Source]) -> dict[str, Any]:
    document = _mapping(path)
    entries = [document["source"]] if "source" in document else []
    for entry in [*entries, *document.get("sources", [])]:
        try:
            made = Source(**entry)
        except (TypeError, ValueError) as error:
            msg = f"{path.name}: a source is not complete ({error})"
            raise RowError(msg) from None
        published, retrieved = entry["published"], entry["retrieved"]
        if not isinstance(retrieved, date) or not (published is None or isinstance(published, date)):
            msg = (
                f"{path.name}: source {made.id} needs the date it was published (or null) and the date it was retrieved"
            )
            raise RowError(msg)
        if sources.setdefault(made.id, made) != made:
            msg = f"{path.name}: source {made.id} is described in two ways"
            raise RowError(msg)
    return document


def _read_pack(folder: Path, document: dict[str, Any], shared: ValuePool, book: SeedBook, root: Path) -> None:
    main = document.get("source", {}).get("id", "")
    defaults = {name: str(value) for name, value in document.get("defaults", {}).items()}
    name = folder.relative_to(root).as_posix()
    book.notes[name] = tuple(document.get("notes", ()))
    readers: dict[str, Callable[[Path], Iterable[Any]]] = {
        "measures": lambda path: read_measures(path, defaults, main, shared),
        "lines": lambda path: _read_lines(path, defaults, shared),
        "origin_rules": lambda path: _read_origin_rules(path, main, shared),
        "replaced": lambda path: _read_plain(path, CodeReplaced),
        "rates": lambda path: _read_plain(path, ExchangeRate),
        "coverage": lambda path: read_coverage(path, defaults, main, shared),
    }
    for kind, read in readers.items():
        path = folder / FILES[kind]
        if path.exists():
            try:
                getattr(book, kind).extend(read(path))
            except (RowError, csv.Error) as error:
                msg = f"{path.name}, {error}"
                raise RowError(msg) from None
    book.groups += _read_groups(folder / "groups.yaml", main, shared.sources)


def _read_lines(path: Path, defaults: Mapping[str, str], shared: ValuePool) -> Iterator[TariffLine]:
    rows = read_rows(path)
    _, header = next(rows)
    for number, row in rows:
        cells = dict(defaults) | {name: text for name, text in zip(header, row, strict=True) if text}
        try:
            validity = shared.period(cells.get("valid_from", ""), cells.get("valid_to", ""))
            units = tuple(cells.get("units", "").split())
            yield TariffLine(cells["territory"], cells["code"], validity, units, indent=int(cells.get("indent", 0)))
        except (RowError, KeyError, ValueError) as error:
            msg = f"row {number}: {error}"
            raise RowError(msg) from None


def _read_origin_rules(path: Path, main: str, shared: ValuePool) -> Iterator[OriginRule]:
    rows = read_rows(path)
    _, header = next(rows)
    for number, row in rows:
        cells = dict(zip(header, row, strict=True))
        try:
            classes, reference = tuple(cells.get("classes", "").split()), cells.get("reference", "")
            yield OriginRule(
                cells["scheme"],
                cells["first"],
                cells["last"],
                classes,
                # A rule that no sentence of its own words is worded by its classes.
                cells.get("text") or word_rule(reference, classes),
                shared.source(cells.get("source") or main),
                reference,
            )
        except (RowError, KeyError) as error:
            msg = f"row {number}: {error}"
            raise RowError(msg) from None


def _read_plain(path: Path, record: type[Any]) -> Iterator[Any]:
    rows = read_rows(path)
    number, header = next(rows)
    for number, row in rows:
        try:
            yield record(**dict(zip(header, row, strict=True)))
        except TypeError as error:
            msg = f"row {number}: {error}"
            raise RowError(msg) from None


def _read_groups(path: Path, main: str, sources: Mapping[str, Source]) -> list[Group]:
    groups = []
    for entry in _mapping(path).get("groups", []):
        try:
            members = tuple(
                Membership(economy, Period(span["from"], span.get("to")))
                for span in entry.get("members", [])
                for economy in str(span["economies"]).split()
            )
            groups.append(
                Group(
                    entry["id"],
                    entry["title"],
                    members,
                    sources[entry.get("source", main)],
                    entry.get("reference", ""),
                    entry.get("proof", ""),
                    entry.get("origin_scheme", ""),
                ),
            )
        except (KeyError, TypeError, ValueError) as error:
            msg = f"groups.yaml, group {str(entry)[:60]}: {error!r}"
            raise RowError(msg) from None
    return groups


def _read_territories(path: Path, sources: Mapping[str, Source]) -> list[Territory]:
    territories = []
    for entry in _mapping(path).get("territories", []):
        try:
            practices = tuple(
                Practice(
                    p["name"],
                    str(p["value"]),
                    Period(p["from"], p.get("to")),
                    sources[p["source"]],
                    p.get("reference", ""),
                )
                for p in entry.get("practices", [])
            )
            schedule = sources[entry["schedule"]] if "schedule" in entry else None
            territories.append(
                Territory(
                    entry["code"],
                    entry["name"],
                    # A part of another's customs territory has no members.
                    tuple(str(entry.get("members", "")).split()),
                    entry["currency"],
                    entry.get("nomenclature", ""),
                    entry.get("hs_edition", ""),
                    entry.get("digits", 0),
                    practices,
                    schedule,
                ),
            )
        except (KeyError, TypeError, ValueError) as error:
            msg = f"territory {str(entry)[:60]}: {error!r}"
            raise RowError(msg) from None
    return territories


FILES = {
    "measures": "measures.csv",
    "lines": "lines.csv",
    "origin_rules": "origin_rules.csv",
    "replaced": "replaced.csv",
    "rates": "exchange_rates.csv",
    "coverage": "coverage.csv",
}
