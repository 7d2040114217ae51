"""The lists that go with chapter 99: which products, which economies, from when to when.

A folder holds one or more HTS exports with their dates (``revision_dates.csv``), the product lists that the
Federal Register notices enumerate, and ``policy_params.yaml``. Nothing is dated before the first export in the
folder: earlier duties are not in it.
"""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import yaml

from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.measure import Condition, Kind, Measure, Origins, Product
from ewtp.core.rulebook.records import RowRefused
from ewtp.core.rulebook.territory import Group, Membership
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.file_readers import open_text
from ewtp.gateways.official_files.sentences import (
    EXPORT_MISSING,
    EXPORT_UNDATED,
    FILE_BROKEN_INSIDE,
    LISTS_INCOMPLETE,
    LISTS_UNREADABLE,
)
from ewtp.gateways.official_files.us.chapter_99 import Heading, make_heading
from ewtp.gateways.official_files.us.chapter_99_notes import (
    find_enumeration,
    find_items,
    find_particular_articles,
    find_words,
    find_written,
    read_note_paragraphs,
)
from ewtp.gateways.official_files.us.hts import NOMENCLATURE, TERRITORY
from ewtp.gateways.official_files.us.hts_rows import LEGAL_DIGITS, is_product, open_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from ewtp.gateways.official_files.us.chapter_99_notes import NoteParagraph
    from ewtp.gateways.official_files.us.hts_rows import HtsRow

ONE_DAY = timedelta(days=1)
_NAMED_IN_FULL = 2
# The chapter as printed, whose notes say which goods a heading reaches.
_NOTES = "chapter99_notes_*.txt*"


@dataclass(frozen=True, slots=True)
class HtsEdition:
    """One HTS export: the file, the day it took effect, and its headings of chapter 99."""

    path: Path
    effective: date
    headings: dict[str, Heading]


@dataclass(frozen=True, slots=True)
class Chapter99Lists:
    """A folder of lists of chapter 99, opened: its editions in order of date and its parameters.

    ``codes`` are the numbers and prefixes found in any edition; ``links`` maps a ten-digit line to the headings of
    chapter 99 that its footnotes name; ``notes`` are the paragraphs of the chapter's notes, from its printed text;
    ``rates`` are the general rates of legal lines on which all editions agree.
    """

    folder: Path
    editions: tuple[HtsEdition, ...]
    policy: dict[str, Any]
    source: Source
    codes: frozenset[str]
    links: Mapping[str, tuple[str, ...]]
    notes: tuple[NoteParagraph, ...] = ()
    rates: Mapping[str, str] = field(default_factory=dict)

    @property
    def first_day(self) -> date:
        """The day of the first edition; nothing is known of earlier days."""
        return self.editions[0].effective

    def heading(self, code: str) -> Heading:
        """The heading as in the latest edition that has it; KeyError where none does."""
        for edition in reversed(self.editions):
            if code in edition.headings:
                return edition.headings[code]
        msg = f"no edition of the schedule has heading {code}"
        raise KeyError(msg)

    def holds(self, code: str) -> bool:
        """Whether any edition has the heading."""
        return any(code in edition.headings for edition in self.editions)

    def day(self, *path: str) -> date:
        """A date among the parameters."""
        found: Any = self.policy
        for key in path:
            found = found[key]
        return date.fromisoformat(str(found))

    def rows(self, name: str) -> Iterator[dict[str, str]]:
        """The rows of a list, without comment lines; ``NA`` is empty."""
        for row in _csv_rows(self.folder / name):
            yield {key: "" if value == "NA" else value for key, value in row.items()}

    def read_enumeration(self, note: str, opening: str) -> list[str]:
        """The provisions that a paragraph of a note enumerates and an edition has (``find_enumeration``)."""
        return self.keep_known(find_enumeration(self.notes, note, opening))

    def read_sentence(self, note: str, opening: str) -> list[str]:
        """The provisions that a paragraph's sentence names and an edition has (``find_written``)."""
        return self.keep_known(find_written(self.notes, note, opening))

    def items(self, note: str, opening: str) -> list[str]:
        """The provisions that the numbered items after a paragraph name and an edition has (``find_items``)."""
        return self.keep_known(find_items(self.notes, note, opening))

    def words(self, note: str, opening: str) -> str:
        """The words of a paragraph of a note (``find_words``)."""
        return find_words(self.notes, note, opening)

    def particular_articles(self, note: str, opening: str) -> tuple[tuple[int, str], ...]:
        """The numbered articles after a paragraph of a note, with their provisions (``find_particular_articles``)."""
        return find_particular_articles(self.notes, note, opening)

    def keep_known(self, codes: Iterable[str]) -> list[str]:
        """The codes found in any edition, themselves or with lines below them; lists keep numbers that were deleted."""
        return [code for code in codes if code in self.codes]


def open_lists(folder: Path, *, retrieved: date) -> Chapter99Lists | Refusal:
    """Open the folder, taken from its publishers on ``retrieved``.

    Refused as ``file_not_us_lists`` with the name of the file that is missing or cannot be read.
    """
    needed = ("policy_params.yaml", "revision_dates.csv", "s301_product_lists.csv.gz", "s232_annex_products.csv")
    missing = [name for name in needed if not (folder / name).exists()]
    printed = sorted(folder.glob(_NOTES))
    if missing or not printed:
        return Refusal(LISTS_INCOMPLETE, {"file": folder.name, "missing": missing[0] if missing else _NOTES})
    try:
        notes = tuple(read_note_paragraphs(printed[-1]))
        policy = yaml.safe_load((folder / "policy_params.yaml").read_text(encoding="utf-8"))
        dates = {
            row["revision"]: date.fromisoformat(row["effective_date"])
            for row in _csv_rows(folder / "revision_dates.csv")
        }
    except (OSError, yaml.YAMLError, KeyError, ValueError, csv.Error) as error:
        return Refusal(LISTS_UNREADABLE, {"file": folder.name, "reason": str(error)[:80]})
    editions = []
    codes: set[str] = set()
    links: dict[str, tuple[str, ...]] = {}
    rates: dict[str, str] = {}
    for path in sorted(folder.glob("hts_20*.json*")):
        year, _, revision = path.name.split(".")[0].removeprefix("hts_").partition("_")
        effective = dates.get(f"{year}_{revision}") or dates.get(revision)
        headings = _read_edition(path, codes, links, rates)
        if effective is None or isinstance(headings, Refusal):
            return headings if isinstance(headings, Refusal) else Refusal(EXPORT_UNDATED, {"file": path.name})
        editions.append(HtsEdition(path, effective, headings))
    if not editions:
        return Refusal(EXPORT_MISSING, {"file": folder.name})
    editions.sort(key=lambda edition: edition.effective)
    source = Source(
        "us-hts-99",
        "HTS chapter 99 and the product lists of its notes",
        "USITC; Federal Register",
        editions[-1].effective,
        retrieved,
        "public domain; compilation MIT",
        "https://hts.usitc.gov/",
        "tariff-rate-tracker (The Budget Lab at Yale)",
    )
    return Chapter99Lists(folder, tuple(editions), policy, source, frozenset(codes), links, notes, rates)


def _read_edition(
    path: Path, codes: set[str], links: dict[str, tuple[str, ...]], rates: dict[str, str]
) -> dict[str, Heading] | Refusal:
    """The headings of chapter 99 in an HTS export, by number with dots; its products are noted in the others.

    A broken file is refused.
    """
    rows = open_rows(path)
    if isinstance(rows, Refusal):
        return rows
    headings = {}
    for row in rows:
        if isinstance(row, RowRefused):
            if row.code == "file_broken":
                return Refusal(FILE_BROKEN_INSIDE, {"file": path.name, "problem": row})
        elif row.code.startswith("99"):
            heading = make_heading(row.code, row.description, row.general, row.special, row.other)
            headings[heading.code] = heading
        elif row.code and is_product(row.code):
            _note_product(row, codes, links, rates)
    return headings


def _csv_rows(path: Path) -> Iterator[dict[str, str]]:
    with open_text(path) as stream:
        yield from csv.DictReader(line for line in stream if not line.startswith("#"))


def _note_product(row: HtsRow, codes: set[str], links: dict[str, tuple[str, ...]], rates: dict[str, str]) -> None:
    general, legal = row.general.strip(), row.code[:LEGAL_DIGITS]
    if general and len(row.code) >= LEGAL_DIGITS:
        # A rate that changed is not a rate of the line.
        rates[legal] = general if rates.get(legal, general) == general else ""
    codes.update(row.code[:length] for length in range(4, len(row.code) + 1))
    if len(row.code) == LEGAL_DIGITS:
        # A legal line may be declared with two zeros added.
        codes.add(row.code + "00")
    elif row.links:
        links[row.code] = row.links


def make_additional_duty(
    lists: Chapter99Lists,
    programme: str,
    code: str,
    expression: str,
    validity: Period,
    *,
    heading: str,
    title: str,
    origins: tuple[str, ...] = ("*",),
    excluded: tuple[str, ...] = (),
    yields_to: tuple[str, ...] = (),
    conditions: tuple[Condition, ...] = (),
    exclusions: tuple[str, ...] = (),
    additional_code: str = "",
) -> Measure:
    """An additional duty of a programme, cited by its heading of chapter 99."""
    who = "" if origins == ("*",) else f"-{_name_origins(origins)}"
    mark = f"-{additional_code}" if additional_code else ""
    return Measure(
        id=f"{programme}-{code or 'all'}{who}{mark}-{validity.start.isoformat()}",
        territory=TERRITORY,
        kind=Kind.ADDITIONAL_DUTY,
        product=Product(NOMENCLATURE, code, tuple(sorted(exclusions))),
        validity=validity,
        source=lists.source,
        reference=f"HTS {heading}",
        title=title,
        origins=Origins(tuple(sorted(origins)), tuple(sorted(excluded))),
        expression=expression,
        currency="USD",
        programme=programme,
        yields_to=yields_to,
        conditions=conditions,
        additional_code=additional_code,
    )


def _name_origins(origins: tuple[str, ...]) -> str:
    """The origins as part of an id: a few by name, more by the first of them and a digest of all."""
    if len(origins) <= _NAMED_IN_FULL:
        return "+".join(origins)
    return f"{origins[0]}+{hashlib.sha256(' '.join(origins).encode()).hexdigest()[:8]}"


def make_group(
    lists: Chapter99Lists,
    group_id: str,
    economies: Iterable[str],
    validity: Period,
    *,
    title: str,
    reference: str,
) -> Group:
    """A group of economies with one period of membership."""
    members = tuple(Membership(economy, validity) for economy in sorted(set(economies)))
    return Group(group_id, title, members, lists.source, reference)


def join_measures(measures: Iterable[Measure]) -> list[Measure]:
    """Merges measures that differ only in their periods, where one begins the day after another ends."""
    alike: dict[tuple[object, ...], list[Measure]] = {}
    for measure in measures:
        key = (measure.key, measure.expression, measure.reference, measure.title, measure.conditions, measure.yields_to)
        alike.setdefault(key, []).append(measure)
    result = []
    for found in alike.values():
        found.sort(key=lambda measure: measure.validity)
        run = found[0]
        for following in found[1:]:
            if run.validity.end is not None and run.validity.end + ONE_DAY == following.validity.start:
                run = replace(run, validity=Period(run.validity.start, following.validity.end))
            else:
                result.append(run)
                run = following
        result.append(run)
    return result
