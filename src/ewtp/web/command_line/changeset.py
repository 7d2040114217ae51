"""``ewtp rulebook changeset``: a change of the rules as a file that is compiled, checked, read, compared and merged."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from django.conf import settings
from django.utils import translation
from rich.text import Text

from ewtp.apps.rulebook.reading.changeset_file import change_file_read, compile_written_acts, law_around_changesets
from ewtp.core.acts.act import Acts
from ewtp.core.acts.acts_check import check_acts
from ewtp.core.acts.acts_json import acts_as_json, acts_digest
from ewtp.core.acts.acts_words import word_acts
from ewtp.core.rulebook.changeset.change_table import tabulate_changeset
from ewtp.core.rulebook.changeset.changeset import Changeset
from ewtp.core.rulebook.changeset.changeset_json import changeset_as_json
from ewtp.core.rulebook.changeset.check import check
from ewtp.core.rulebook.changeset.plain_words import word_changeset
from ewtp.core.rulebook.changeset.reconciliation import merge, rebase
from ewtp.core.rulebook.changeset.remark import find_remarks
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference.sentence_texts import sentence_text
from ewtp.web.command_line.installation_ready import prepare
from ewtp.web.command_line.output import refuse, say, say_json
from ewtp.web.command_line.sentences import ACTS_WANTED, MERGE_FILES_WRONG
from ewtp.web.command_line.terminal import Terminal

if TYPE_CHECKING:
    from ewtp.apps.rulebook.reading.changeset_file import ChangesetFile
    from ewtp.core.rulebook.changeset.fault import Fault
    from ewtp.core.rulebook.changeset.law_in_effect import HeldLaw
    from ewtp.core.rulebook.changeset.law_record import LawRecord
    from ewtp.core.rulebook.changeset.reconciliation import LawConflict
    from ewtp.core.values.sentence import Statement

_FAULTY = 1
_SHOWN = 20
_LANGUAGES = click.Choice([code for code, _ in settings.LANGUAGES])
_FILE = click.argument("file", type=click.Path(path_type=Path))
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group("changeset")
def changeset() -> None:
    """Compile, check, show and compare changes of the rules."""


@changeset.command("compile")
@_FILE
@click.option("--article", "articles", multiple=True, help="Compile this article alone, with those that it requires.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: the articles with what they reach, and the change.")
def compile_file(file: Path, articles: tuple[str, ...], as_json: bool) -> None:  # noqa: FBT001 - click passes flags as booleans
    """Print the changeset to which the acts in FILE compile on the law in force."""
    change = _read(file, as_json=as_json, articles=frozenset(articles))
    if change.compiled is None:
        refuse(Refusal(ACTS_WANTED, {"path": file}), as_json=as_json)
    compilation = change.compiled.compilation
    if not as_json:
        say_json(changeset_as_json(change.changeset))
        return
    say_json(
        {
            "acts": acts_as_json(compilation.acts),
            "acts_digest": acts_digest(compilation.acts),
            "rulebook": compilation.law,
            "articles": [each.as_json() for each in compilation.articles],
            "changeset": changeset_as_json(change.changeset),
        }
    )


@changeset.command("check")
@_FILE
@_JSON
def check_file(file: Path, as_json: bool) -> None:  # noqa: FBT001 - click passes flags as booleans
    """Report all faults of the change in FILE against the law in force; status 1 if there are any."""
    change = _read(file, as_json=as_json)
    law = _law(change, as_json=as_json)
    faults = check(change.changeset, law)
    if change.compiled is not None:
        faults += check_acts(change.compiled.compilation, change.compiled.law)
    if as_json:
        say_json(
            {
                "digest": change.digest,
                "rulebook": law.book.version,
                "sound": not faults,
                "faults": [fault.as_json() for fault in faults],
                "remarks": [remark.as_json() for remark in find_remarks(change.changeset)],
            }
        )
    else:
        _show_faults(change, law, faults)
    if faults:
        raise SystemExit(_FAULTY)


@changeset.command("show")
@_FILE
@click.option(
    "--language", type=click.Choice([code for code, _ in settings.LANGUAGES]), default="en", show_default=True
)
@_JSON
def show(file: Path, language: str, as_json: bool) -> None:  # noqa: FBT001 - click passes flags as booleans
    """Describe in words what the change in FILE does; for acts, what each of them does."""
    change = _read(file, as_json=as_json)
    made = change.compiled
    acts = () if made is None else word_acts(made.compilation.acts)
    why = [{"key": key, "first_day": day.isoformat(), "why": why} for (key, day), why in change.changeset.reasons]
    with translation.override(language):
        if as_json:
            said = [_word_statement(one) for one in word_changeset(change.changeset)]
            shown = {"counts": change.changeset.counts, "language": language, "sentences": said, "reasons": why}
            rows = [row.as_json() for row in tabulate_changeset(change.changeset)]
            say_json({"digest": change.digest, **shown, "acts": [_word_statement(one) for one in acts], "rows": rows})
            return
        for one in acts or word_changeset(change.changeset):
            say(sentence_text(one))
    reasons = dict.fromkeys(reason for _, reason in change.changeset.reasons)
    if made is not None:
        reasons |= dict.fromkeys(article.article.why for article in made.compilation.articles if article.article.why)
    for reason in reasons:
        say(f"The author's reason: {reason}")


def _word_statement(one: Statement) -> dict[str, Any]:
    return {"form": one.form, "message": sentence_text(one), "params": one.plain_params()}


@changeset.command("digest")
@_FILE
@_JSON
def digest(file: Path, as_json: bool) -> None:  # noqa: FBT001 - click passes flags as booleans
    """Print the digest of the change in FILE, which depends on its content alone."""
    change = _read(file, as_json=as_json)
    if as_json:
        say_json({"digest": change.digest, "counts": change.changeset.counts})
    else:
        say(change.digest)


@changeset.command("rebase")
@_FILE
@_JSON
def rebase_file(file: Path, as_json: bool) -> None:  # noqa: FBT001 - click passes flags as booleans
    """Print the change in FILE rewritten for the law in force; status 1 where that law conflicts."""
    change = _read(file, as_json=as_json)
    _say_changeset(rebase(change.changeset, _law(change, as_json=as_json)), as_json=as_json)


@changeset.command("merge")
@click.argument("files", metavar="[BASE] ONE OTHER", nargs=-1, type=click.Path(path_type=Path))
@_JSON
def merge_files(files: tuple[Path, ...], as_json: bool) -> None:  # noqa: FBT001 - click passes flags as booleans
    """Print the change that does to BASE what ONE and OTHER both do; status 1 where they conflict.

    Without BASE, two changes of the law in force become one.
    """
    if len(files) not in (2, 3):
        refuse(Refusal(MERGE_FILES_WRONG), as_json=as_json)
    base: Changeset[LawRecord] = Changeset("", "")
    *draft, one, other = (_read(file, as_json=as_json).changeset for file in files)
    made = merge(draft[0] if draft else base, one, other)
    if isinstance(made, Refusal):
        refuse(made, as_json=as_json)
    _say_changeset(made, as_json=as_json)


def _say_changeset(made: Changeset[LawRecord] | tuple[LawConflict, ...], *, as_json: bool) -> None:
    if isinstance(made, Changeset):
        say_json(changeset_as_json(made))
        return
    if as_json:
        say_json({"conflicts": [conflict.as_json() for conflict in made]})
    else:
        for conflict in made:
            say(f"{conflict.message} [{conflict.code}]", error=True, fg="red")
    raise SystemExit(_FAULTY)


def _read(file: Path, *, as_json: bool, articles: frozenset[str] = frozenset()) -> ChangesetFile:
    change = change_file_read(file)
    if isinstance(change, Acts):
        prepare(as_json=as_json)
        change = compile_written_acts(change, articles)
    if isinstance(change, Refusal):
        refuse(change, as_json=as_json)
    return change


def _law(*changes: ChangesetFile, as_json: bool) -> HeldLaw:
    prepare(as_json=as_json)
    law = law_around_changesets(*(change.changeset for change in changes))
    if isinstance(law, Refusal):
        refuse(law, as_json=as_json)
    return law


def _show_faults(change: ChangesetFile, law: HeldLaw, faults: tuple[Fault, ...]) -> None:
    console = Terminal()
    for fault in faults[:_SHOWN]:
        place = f" (at {fault.where})" if fault.where else ""
        console.print(Text(f"{fault.number}  {fault.message}{place} [{fault.code}]"))
    if len(faults) > _SHOWN:
        console.print(f"{len(faults) - _SHOWN} more; --json lists them all.")
    remarks = find_remarks(change.changeset)
    for remark in remarks[:_SHOWN]:
        console.print(Text(f"Remark: {remark.message} (at {remark.where})"))
    if len(remarks) > _SHOWN:
        console.print(f"{len(remarks) - _SHOWN} more remarks; --json lists them all.")
    counts = ", ".join(f"{count} {what}" for what, count in change.changeset.counts.items())
    verdict = "no fault" if not faults else f"{len(faults)} faults"
    console.print(f"{counts}; against rulebook {law.book.version}: {verdict}.")
    console.print(f"digest {change.digest}")
