"""What is true of a bundle, line by line, as people read it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ewtp.core.log.bundle_report import BundleReport
    from ewtp.core.recount.findings import AdoptionFindings, RecountReport, VoteFindings
    from ewtp.core.values.sentence import Statement

_WIDTH = 15
_SHOWN = 60


def report_lines(bundle: BundleReport, recount: RecountReport, *, trusted: bool) -> Iterator[str]:
    """The lines of a report; ``trusted`` says whether a key was given that the log is held to."""
    header = bundle.header
    yield _line("signature", f"{header.origin}, {header.size:,} entries")
    signed = bundle.key.text if bundle.key else "no known key"
    yield _line("", f"{signed}{'' if trusted else '; give --key to hold it to a key that you know'}")
    for witness, (size, time) in bundle.witnessed.items():
        at = f"{datetime.fromtimestamp(time, UTC):%Y-%m-%d %H:%M} UTC"
        yield _line("witness", f"{witness.name} cosigned {size:,} entries on {at}")
    if bundle.kept is not None:
        yield _line("growth", f"compared with the checkpoint that you kept (size {bundle.kept.size:,})")
    yield _line("hashes", f"{bundle.entries:,} of {header.size - header.since:,} entries")
    for vote in recount.votes:
        yield from _vote_lines(vote)
    told = [_adoption(each) for each in recount.adoptions]
    yield from _list_texts("adoptions", told)
    gone = [f'entry {each.index:,}, noted by entry {each.noted:,}: "{each.reason}"' for each in bundle.erasures]
    yield from _list_texts("erased", gone)
    left = [each.message for each in recount.left]
    if header.since:
        left.insert(0, f"the {header.since:,} entries before the bundle")
    yield from _list_texts("not checked", left)


def all_faults(bundle: BundleReport, recount: RecountReport) -> tuple[Statement, ...]:
    """Everything that does not hold, what the hashes show first."""
    return (*bundle.faults, *recount.faults)


def verdict(bundle: BundleReport, recount: RecountReport) -> str:
    """The last line of a report."""
    return "It does not hold." if all_faults(bundle, recount) else "Everything holds."


def _vote_lines(vote: VoteFindings) -> Iterator[str]:
    name = f"vote {vote.proposal or vote.vote}"
    if not vote.stage:
        yield _line(name, f"{vote.ballots:,} ballots; not recounted")
        return
    counted = [f"roll {vote.groups:,} groups", f"{vote.ballots:,} ballots"]
    if vote.void:
        counted.append(f"{vote.void:,} of them void")
    if vote.sealed:
        counted.append(f"{vote.sealed:,} never opened")
    published = f"published as {vote.published}" if vote.published else "nothing is published yet"
    yield _line(name, f"{'; '.join(counted)}; recounted: {vote.stage.upper()}; {published}")
    alarms = f"{vote.recounted} of {vote.alarms} alarms raised again, {vote.answered} answered"
    yield _line("power, alarms", f"{vote.blocs} blocs measured; {alarms}")


def _adoption(one: AdoptionFindings) -> str:
    if not one.effective:
        return f'{one.territory} declined: "{one.reason[:_SHOWN]}"'
    authority = "its authority" if one.authority else "not shown to be its authority"
    return f"{one.territory} from {one.effective} ({one.by}, {authority})"


def _list_texts(name: str, texts: list[str]) -> Iterator[str]:
    for place, text in enumerate(texts):
        yield _line("" if place else name, text)


def _line(name: str, text: str) -> str:
    # The name of a proposal may be longer than the column.
    return f"{name:<{_WIDTH}}{text}" if len(name) < _WIDTH else f"{name}  {text}"
