"""``ewtp rulebook``: import official files, and list, compare, check and export the rulebook."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click
import orjson
from django.utils import timezone
from rich.text import Text

from ewtp.apps.rulebook.actions.file_import import rulebook_import
from ewtp.apps.rulebook.actions.seed_loader import seed_load
from ewtp.apps.rulebook.reading.check import rulebook_check
from ewtp.apps.rulebook.reading.diff import rulebook_difference
from ewtp.apps.rulebook.reading.export import rulebook_records, rulebook_write_packs
from ewtp.apps.rulebook.reading.measure_list import source_counts
from ewtp.apps.rulebook.reading.sentences import RULEBOOK_EMPTY
from ewtp.apps.rulebook.reading.versions import latest_version, versions
from ewtp.core.rulebook.changeset.changeset_json import changeset_as_json
from ewtp.core.rulebook.origin_class import RuleReading
from ewtp.core.rulebook.record_json import record_as_json
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.formats import FORMATS
from ewtp.gateways.seed.enumerations import read_enumerations
from ewtp.gateways.seed.file_readings import read_file_readings
from ewtp.gateways.seed.root import seed_root
from ewtp.web.command_line.adoption import adopt
from ewtp.web.command_line.burden import burden
from ewtp.web.command_line.changeset import changeset
from ewtp.web.command_line.compilation import compile_latest, follow_versions
from ewtp.web.command_line.holdings import list_holdings
from ewtp.web.command_line.import_table import plain_table, show_import
from ewtp.web.command_line.installation_ready import prepare, progress_bar
from ewtp.web.command_line.output import refuse, say, say_json, say_json_text
from ewtp.web.command_line.sentences import FOLDER_UNUSABLE
from ewtp.web.command_line.shell_actor import shell_actor
from ewtp.web.command_line.terminal import Terminal
from ewtp.web.command_line.update import update

if TYPE_CHECKING:
    from datetime import datetime

    from rich.table import Table

    from ewtp.apps.rulebook.actions.import_report import ImportReport
    from ewtp.apps.rulebook.reading.check import CheckReport
    from ewtp.apps.rulebook.reading.origin_rule_check import OriginRuleCheck
    from ewtp.core.rulebook.changeset.changeset import Changeset
    from ewtp.core.rulebook.enumeration import EnumerationFinding
    from ewtp.core.rulebook.file_share import FileReading
    from ewtp.core.rulebook.measure import Measure

_SHOWN = 20
_UNSOUND = 1
# Lines that are written together.
_AT_ONCE = 1_000
_DAY = click.DateTime(["%Y-%m-%d"])
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_FORMATS = "".join(f"\n\n{one.name}: {one.title}" for one in FORMATS.values())


@click.group()
def rulebook() -> None:
    """Import official files; list, compare, check and export the rulebook."""


rulebook.add_command(adopt)
rulebook.add_command(burden)
rulebook.add_command(changeset)
rulebook.add_command(list_holdings)
rulebook.add_command(update)


@rulebook.command("import", help=f"Import an official FILE as the current state of its source.\n\nFormats:{_FORMATS}")
@click.argument("format_name", metavar="FORMAT")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--effective", type=_DAY, help="First day on which the contents of the file apply.")
@click.option("--retrieved", type=_DAY, help="Day on which the file was downloaded; today by default.")
@click.option("--published", type=_DAY, help="Date of the edition, if the file does not state one.")
@click.option("--allow-removals", is_flag=True, help="Import a file even if it removes a large share of the rules.")
@_JSON
def import_file(
    *,
    format_name: str,
    file: Path,
    effective: datetime | None,
    retrieved: datetime | None,
    published: datetime | None,
    allow_removals: bool,
    as_json: bool,
) -> None:
    """Import an official file, all of it or nothing."""
    prepare(as_json=as_json)
    with progress_bar() as progress:
        report = rulebook_import(
            format=format_name,
            path=file,
            effective=effective.date() if effective else None,
            retrieved=retrieved.date() if retrieved else None,
            published=published.date() if published else None,
            actor=shell_actor(),
            now=timezone.now(),
            removals_allowed=allow_removals,
            progress=progress,
        )
    _report(report, as_json=as_json)


@rulebook.command("seed-load")
@click.option("--root", type=click.Path(path_type=Path), help="The seed's folder; the program's own by default.")
@_JSON
def load_seed(root: Path | None, as_json: bool) -> None:  # noqa: FBT001 - click passes flags as booleans
    """Load the seed into the rulebook; does nothing if the seed has not changed."""
    if root is None:
        # Making the installation ready includes loading its own seed.
        prepare(as_json=as_json)
    with progress_bar() as progress:
        report = seed_load(
            root=root or seed_root(),
            actor=shell_actor(),
            now=timezone.now(),
            progress=progress,
        )
    _report(report, as_json=as_json)


@rulebook.command("compile")
@click.option(
    "--follow", type=int, metavar="PID", help="Also compile each new version, until the parent process PID ends."
)
def compile_rulebook(*, follow: int | None) -> None:
    """Compile the latest version, so that market questions and batches are fast; `ewtp serve` does so by itself."""
    prepare()
    if follow is not None:
        follow_versions(follow)
    version = latest_version()
    if version is None:
        refuse(Refusal(RULEBOOK_EMPTY), as_json=False)
    compile_latest(version.ref)


@rulebook.command("list")
@_JSON
def list_sources(as_json: bool) -> None:  # noqa: FBT001 - click passes flags as booleans
    """List the sources with their editions, and the latest versions."""
    prepare(as_json=as_json)
    sources, latest = source_counts(), versions(limit=_SHOWN)
    if as_json:
        say_json(
            {
                "version": latest[0].label if latest else None,
                "sources": sources,
                "versions": [version.as_json() for version in latest],
            },
        )
        return
    console = Terminal()
    table = plain_table("source", "published", "measures >", "title")
    for source in sources:
        published = source["published"] or "not stated"
        table.add_row(source["id"], published, f"{source['measures']:,}", Text(source["title"]))
    console.print(table)
    table = plain_table("version", "published at", "changes", "what")
    for version in latest:
        changes = ", ".join(
            f"{counts[what]:,} {name} {what}"
            for name, counts in version.counts.items()
            for what in ("new", "superseded", "ended")
            if counts[what]
        )
        table.add_row(version.label, f"{version.published_at:%Y-%m-%d %H:%M:%S}", changes, Text(version.title))
    console.print()
    console.print(table)


@rulebook.command("diff")
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option("--territory", default="", help="Only the measures of this territory.")
@_JSON
def diff(before: str, after: str, territory: str, as_json: bool) -> None:  # noqa: FBT001 - click passes flags as booleans
    """Show what changed from A to B: two versions, or the law of two dates."""
    prepare(as_json=as_json)
    made = rulebook_difference(before, after, territory=territory.upper())
    if isinstance(made, Refusal):
        refuse(made, as_json=as_json)
    if as_json:
        say_json(changeset_as_json(made))
    else:
        _show_difference(made)


@rulebook.command("check")
@_JSON
def check(as_json: bool) -> None:  # noqa: FBT001 - click passes flags as booleans
    """Report how much of each schedule can be computed, and check that the rulebook is consistent.

    Compare the lists of rules with those in the legal texts. Exits with status 1 if stored rows contradict one
    another, or a list differs from its text.
    """
    prepare(as_json=as_json)
    with progress_bar() as progress:
        root = seed_root()
        report = rulebook_check(progress=progress, enumerations=read_enumerations(root), files=read_file_readings(root))
    if as_json:
        say_json(report.as_json())
    else:
        _show_check(report)
    if not report.sound:
        raise SystemExit(_UNSOUND)


@rulebook.command("export")
@click.option("--territory", default="", help="Only this territory, such as US.")
@click.option("--date", "day", type=_DAY, help="Only measures in force on this day.")
@click.option(
    "--seed", "folder", type=click.Path(path_type=Path, file_okay=False), help="Write seed packs into this directory."
)
@click.option("--law", "law_alone", is_flag=True, help="With --seed: write the law without the acts in effect.")
@_JSON
def export(territory: str, day: datetime | None, folder: Path | None, *, law_alone: bool, as_json: bool) -> None:
    """Export the rulebook: as JSON lines for `ewtp rulebook import ewtp-jsonl`, or as seed packs."""
    prepare(as_json=as_json)
    place, on = territory.upper(), day.date() if day else None
    if folder is not None:
        try:
            written = rulebook_write_packs(folder, territory=place, day=on, law_alone=law_alone)
        except OSError as error:
            refuse(Refusal(FOLDER_UNUSABLE, {"path": error.filename, "reason": error.strerror}), as_json=as_json)
        if isinstance(written, Refusal):
            refuse(written, as_json=as_json)
        if as_json:
            say_json({"packs": written, "folder": str(folder)})
        else:
            say(f"{written} packs are in {folder}.")
        return
    lines = (orjson.dumps(record_as_json(record)) for record in rulebook_records(territory=place, day=on))
    while some := list(islice(lines, _AT_ONCE)):
        say_json_text(b"\n".join(some))


def _report(report: ImportReport | Refusal, *, as_json: bool) -> None:
    if isinstance(report, Refusal):
        refuse(report, as_json=as_json)
    if as_json:
        say_json(report.as_json())
        return
    what = "nothing changed" if report.version is None else f"published version {report.version}"
    console = Terminal()
    console.print(f"{report.source}: {what}.")
    show_import(console, report)


def _show_difference(made: Changeset[Measure]) -> None:
    console = Terminal()
    console.print(
        f"{made.before} to {made.after}: {len(made.added)} added, {len(made.amended)} amended, {len(made.ended)} ended",
    )
    table = plain_table("", "territory", "kind", "code", "origin", "from", "rule")
    changes = made.measures
    for change in changes.amended:
        rule = f"{change.before.expression} → {change.after.expression}"
        _difference_row(table, "~", change.after, str(change.after.validity.start), rule)
    for measure in changes.added:
        _difference_row(table, "+", measure, str(measure.validity.start), measure.expression or measure.title)
    for end in changes.ended:
        last = f"ends {end.last_day}" if end.last_day else "withdrawn"
        _difference_row(table, "-", end.record, last, end.record.expression or end.record.title)
    if made:
        console.print(table)


def _difference_row(table: Table, sign: str, measure: Measure, when: str, rule: str) -> None:
    origins = " ".join(measure.origins.include)
    table.add_row(sign, measure.territory, measure.kind, measure.product.prefix, origins, when, Text(rule))


def _show_check(report: CheckReport) -> None:
    console = Terminal()
    table = plain_table(
        "source",
        "published",
        "measures >",
        "distinct >",
        "computable >",
        "references >",
        "unread >",
        "read >",
    )
    for one in report.schedules:
        table.add_row(
            one.source,
            one.published or "not stated",
            f"{one.measures:,}",
            f"{one.distinct:,}",
            f"{one.computable:,}",
            f"{one.references:,}",
            f"{one.unread:,}",
            f"{one.read_percent}%",
        )
    console.print(table)
    for one in report.schedules:
        for text, reason in one.examples:
            console.print(Text(f"{one.source}: unread: {text!r} [{reason}]"))
    _show_origin_rules(console, report.origin_rules)
    _show_files(console, report.files)
    for territory, lines, without in report.lines_without_duty:
        if without:
            console.print(f"{territory}: {without:,} of {lines:,} lines have no duty.")
    for group, count in report.groups_undefined:
        console.print(Text(f"group {group} is named by {count:,} measures and not defined."))
    for territory, kinds in report.kinds_not_stated:
        console.print(f"{territory}: nothing is stated of {', '.join(kinds)}.")
    for finding in report.enumerations:
        _show_finding(console, finding)
    for fault in report.faults:
        console.print(Text(fault, style="red"))
    console.print(f"Version {report.version or 'none'}: {'sound' if report.sound else 'NOT sound'}.")


def _show_origin_rules(console: Terminal, checks: tuple[OriginRuleCheck, ...]) -> None:
    """A row for each source of rules of origin, why rules are not told whole, and some that are told in part."""
    if not checks:
        return
    table = plain_table("rules of origin", "rules >", "told whole >", "kind alone >", "in part >", "not agreed >")
    for one in checks:
        shares = (one.share(each) for each in RuleReading)
        table.add_row(one.source, f"{one.rules:,}", *shares, f"{one.not_agreed:,}")
    console.print(table)
    for one in checks:
        reasons = ", ".join(f"{reason} ({count:,})" for reason, count in one.reasons)
        if reasons:
            console.print(Text(f"{one.source}: left to the official rule: {reasons}."))
        for scheme, reference, classes in one.examples:
            console.print(Text(f"{one.source}: in part: {scheme}, {reference} [{classes}]"))


def _show_files(console: Terminal, files: tuple[FileReading, ...]) -> None:
    """A row for each file that the rules which ship are from: how much of it was read, and why not the rest."""
    if not files:
        return
    table = plain_table("file of the seed", "units >", "unread >", "read >", "reasons")
    for one in files:
        reasons = ", ".join(f"{reason} {count:,}" for reason, count in one.rest)
        table.add_row(one.file, f"{one.total:,} {one.unit}", f"{one.unread:,}", f"{one.read_percent}%", reasons)
    console.print(table)


def _show_finding(console: Terminal, finding: EnumerationFinding) -> None:
    """What the rules make of one enumeration of a legal text, in a line."""
    listed = finding.enumeration
    place = f"{listed.territory}, {listed.reference}: {listed.provision} lists {len(listed.codes):,} provisions"
    if finding.agrees:
        console.print(Text(f"{place}; the rules reach these and no other."))
        return
    for what, codes in (("does not reach", finding.missing), ("reaches besides", finding.unlisted)):
        if codes:
            some = ", ".join(codes[:_SHOWN]) + ("" if len(codes) <= _SHOWN else ", …")
            console.print(Text(f"{place}; the rulebook {what} {len(codes):,} ({some}).", style="red"))
