"""``ewtp screen``: names against denied-party lists. Needs no database."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from ewtp.core.screening.listed_party import BirthDate, NameKind
from ewtp.core.screening.screen import NameIndex, screen_names
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.installation.home import home_path
from ewtp.gateways.official_files.screening.list_folder import SCREENING_FOLDER, read_list_folder
from ewtp.web.command_line.output import refuse, say, say_json
from ewtp.web.command_line.sentences import BIRTH_UNREADABLE, LISTS_NOT_LOADED, NAME_WITHOUT_LETTERS
from ewtp.web.command_line.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ewtp.core.screening.listed_party import DeniedPartyList
    from ewtp.core.screening.screen import Hit
    from ewtp.gateways.official_files.screening.list_folder import ListFolder

_YEAR = re.compile(r"[12][0-9]{3}")
_NAME_KINDS = {NameKind.PRIMARY: "name", NameKind.ALIAS: "alias", NameKind.WEAK_ALIAS: "weak alias"}
# The lists change every few days.
_FRESH_DAYS = 7


@click.command()
@click.argument("names", nargs=-1, required=True)
@click.option(
    "--lists", "folder", type=click.Path(path_type=Path), help="A folder of official lists instead of those loaded."
)
@click.option("--born", metavar="DAY", help="The date of birth of the person: a day (1966-09-11) or a year.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def screen(names: tuple[str, ...], folder: Path | None, born: str | None, as_json: bool) -> None:  # noqa: FBT001 - click passes flags as booleans
    """Look for each of NAMES in denied-party lists; every hit is for a person to judge."""
    birth = read_birth(born) if born else None
    if isinstance(birth, Refusal):
        refuse(birth, as_json=as_json)
    where = folder or home_path() / SCREENING_FOLDER
    held = read_list_folder(where)
    if isinstance(held, Refusal):
        refuse(held, as_json=as_json)
    if not held.lists:
        refuse(Refusal(LISTS_NOT_LOADED, {"folder": str(where)}), as_json=as_json)
    index = NameIndex(held.lists)
    blank = next((name for name in names if not index.can_screen(name)), None)
    if blank is not None:
        refuse(Refusal(NAME_WITHOUT_LETTERS, {"name": blank}), as_json=as_json)
    hits = screen_names(index, names, birth)
    today = datetime.now(tz=UTC).date()
    if as_json:
        say_json({"hits": [hit.as_json() for hit in hits], **lists_json(held, today)})
    else:
        _show(names, hits, held, today)


def read_birth(text: str) -> BirthDate | Refusal:
    """A day or a year as a date of birth; ``birth_unreadable`` at anything else."""
    if _YEAR.fullmatch(text):
        return BirthDate(int(text), int(text))
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return Refusal(BIRTH_UNREADABLE)
    return BirthDate(day.year, day.year, day)


def lists_json(held: ListFolder, today: date) -> dict[str, Any]:
    """The lists that names were looked for in, with their ages, and files that are not lists."""
    return {
        "lists": [
            {
                "list": each.id,
                "title": each.title,
                "publisher": each.publisher,
                "published": each.published.isoformat() if each.published else None,
                "age_days": each.age_days(today),
                "entries": len(each.parties),
            }
            for each in held.lists
        ],
        "not_read": list(held.others),
    }


def say_held(held: ListFolder, today: date) -> None:
    """Print the lists of a folder with their ages."""
    for each in held.lists:
        say(f"{each.id}: {each.title}, {len(each.parties)} entries, {_age_text(each, today)}")
    for name in held.others:
        say(f"{name}: no list that can be read")


def _age_text(each: DeniedPartyList, today: date) -> str:
    if each.published is None:
        return "of a day that neither the file nor its loader states"
    age = each.age_days(today) or 0
    return f"of {each.published}, {age} days old" + ("; load the current one" if age > _FRESH_DAYS else "")


def _show(names: Sequence[str], hits: Sequence[Hit], held: ListFolder, today: date) -> None:
    console = Terminal()
    for hit in hits:
        named = f"{hit.name} ~ {hit.evidence.listed_name.text}  ({hit.list_id} {hit.entry})"
        console.print(Text.assemble((f"{hit.tier.value:6} {hit.score:.2f}  ", "bold"), named))
        console.print(Text(f"  {_evidence_text(hit)}", style="dim"))
    for name in names:
        if not any(hit.name == name for hit in hits):
            say(f"{name}: no hit")
    say_held(held, today)


def _evidence_text(hit: Hit) -> str:
    evidence, party = hit.evidence, hit.evidence.party
    words = [f"{pair.asked} ~ {pair.listed} ({pair.how})" for pair in evidence.match.pairs if pair.how != "same"]
    alone = [("only asked", evidence.match.asked_alone), ("only listed", evidence.match.listed_alone)]
    parts = [f"{_NAME_KINDS[evidence.listed_name.kind]} of a {party.kind.value}", *words]
    parts += [f"{what}: {' '.join(left)}" for what, left in alone if left]
    if party.births:
        years = ", ".join(str(each.day or each.first_year) for each in party.births[:3])
        parts.append(f"born {years}" + ("" if evidence.birth == "not_asked" else f" ({evidence.birth})"))
    parts += [", ".join(each) for each in (party.economies[:3], party.programmes[:3]) if each]
    return "; ".join(parts)
