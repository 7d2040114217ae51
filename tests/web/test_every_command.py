"""Every command against every role: for whom it acts, and that the action behind it refuses everybody else."""

from __future__ import annotations

import importlib
import inspect
import json
from datetime import UTC, datetime
from types import FunctionType
from typing import TYPE_CHECKING, Any

import click
import orjson
import pytest
from click.testing import CliRunner

from ewtp.apps.accounts.actions.tokens import NewToken, token_create
from ewtp.apps.log.store.models import PendingEvent
from ewtp.apps.organisations.actions.organisations import organisation_register, organisation_verify
from ewtp.core.organisations.organisation import Organisation
from ewtp.core.rulebook.changeset.changeset import Changeset
from ewtp.core.rulebook.changeset.changeset_json import changeset_as_json
from ewtp.core.values.actor import VISITOR, Scope
from ewtp.gateways.database.row_security import system_rows
from ewtp.web.command_line.main import COMMANDS, main
from tests.actors import OPERATOR, person, program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime(2026, 6, 30, 12, 0, tzinfo=UTC)

# Whoever has a shell on the server, whom the log names; the action refuses everybody who does not operate the site. An
# ``{id}`` is an organisation, ``{verification}`` one that was stated of it, ``{token}`` one of its tokens.
OPERATOR_ACTS = {
    "barrier focal-point": "KE {id}",
    "hub import": "{csv}",
    "hub trust": "hub.example/log a-key --reason asked",
    "log erase": "0 --reason asked",
    "log key rotate": "",
    "operator end-sessions": "ann@example.org",
    "operator grant": "ann@example.org",
    "operator remove-factors": "ann@example.org",
    "operator revoke": "ann@example.org",
    "organisation create": "Customs --kind agency --economy KE",
    "organisation invite": "{id} bo@example.org",
    "organisation revoke": "{verification} --reason wrong",
    "organisation verify": "{id} --evidence extract --sha256 " + 64 * "a" + " --until 2027-01-01",
    "outbox discard": "00000000-0000-0000-0000-000000000001",
    "outbox retry": "00000000-0000-0000-0000-000000000001",
    "outcomes load": "{csv} --title days",
    "prune": "",
    "rulebook adopt": "{change} --territory ZM --title Act --publisher Parliament --reference 2",
    "rulebook import": "ewtp-jsonl {csv}",
    "rulebook seed-load": "--root {folder}",
    "token create": "--organisation {id}",
    "token revoke": "{token}",
}
# They fetch first; ``hub import`` takes in by the same function as the first, and the second refuses source by source.
OPERATOR_FETCHES = {"hub fetch", "rulebook update"}
# The same, reading what belongs to organisations; anybody else would find nothing.
OPERATOR_READS = {
    "organisation history": "{id}",
    "organisation list": "",
    "organisation members": "{id}",
    "organisation show": "{id}",
}
# On behalf of somebody who has no account, and of nobody; the account of the shell is whose limit counts.
VISITOR_ACTS = {"barrier report"}
# Whoever may read and write the files of the installation, which are closed to other accounts; in the system's name.
SYSTEM_WORKS = {
    *("backup", "demo", "figures import", "outcomes compute", "restore", "rulebook compile"),
    *("screening import", "serve", "worker"),
}
# Nobody acts: these read what is open to everybody, or compute from their arguments and from files of the caller.
NOBODY_ACTS = {
    *("assess", "authority key", "authority sign", "barrier list", "barrier show", "batch", "distance", "doctor"),
    *("duty", "figures list", "hs", "hub export", "hub status", "log check consistency", "log check inclusion"),
    *("log check stored", "log export", "log head", "log key list", "log verifier", "log verify"),
    *("log witness import", "log witness key", "log witness request", "log witness sign", "markets"),
    *("operator list", "origin", "outbox list", "power", "proposal replay", "proposal shipments", "rulebook burden"),
    *(f"rulebook changeset {name}" for name in ("check", "compile", "digest", "merge", "rebase", "show")),
    *("rulebook check", "rulebook diff", "rulebook export", "rulebook held", "rulebook list", "screen"),
    *("screening list", "synthetic", "token list", "vote ballot", "vote credentials"),
    *("vote decrypt", "vote export", "vote trustee", "vote verify"),
}
OTHERS = {
    "a visitor": VISITOR,
    "a person": person("per_1"),
    "a viewer of another organisation": person("per_1", "org_1"),
    "a token": program("org_1", *Scope),
}
REFUSED = {
    *("operator_needed", "permission_missing", "organisation_unknown", "token_unknown"),
    *("verification_of_another", "verifier_unentitled"),
}


def commands() -> dict[str, click.Command]:
    """Every command that does something, by its words."""

    def below(found: click.Command, words: str) -> Iterator[tuple[str, click.Command]]:
        if isinstance(found, click.Group):
            for name, each in found.commands.items():
                yield from below(each, f"{words} {name}")
        else:
            yield words, found

    tops = {name: getattr(importlib.import_module(module), name) for name, (module, _) in COMMANDS.items()}
    return dict(pair for name, top in tops.items() for pair in below(top, name))


def body_of(command: click.Command) -> FunctionType:
    """The function of a command, without what options and decorators put around it."""
    found = inspect.unwrap(command.callback) if command.callback else None
    assert isinstance(found, FunctionType)
    return found


def asks_who_acts(function: FunctionType, seen: set[FunctionType] | None = None) -> bool:
    """Whether a function, or one of its module that it calls, asks who has the shell."""
    seen = {*(seen or ()), function}
    for name in function.__code__.co_names:
        called = function.__globals__.get(name)
        if name == "shell_actor":
            return True
        if not isinstance(called, FunctionType) or called.__module__ != function.__module__ or called in seen:
            continue
        if asks_who_acts(called, seen):
            return True
    return False


def test_every_command_says_on_whose_behalf_it_acts():
    classed = [*OPERATOR_ACTS, *OPERATOR_FETCHES, *OPERATOR_READS, *VISITOR_ACTS, *SYSTEM_WORKS, *NOBODY_ACTS]
    assert len(classed) == len(set(classed))
    assert set(commands()) == set(classed)


def test_a_command_asks_who_has_the_shell_where_somebody_acts_and_nowhere_else():
    asking = {words for words, command in commands().items() if asks_who_acts(body_of(command))}
    assert asking == {*OPERATOR_ACTS, *OPERATOR_FETCHES, *OPERATOR_READS, *VISITOR_ACTS}


@pytest.fixture
def given(small_rulebook: None, tmp_path: Path) -> dict[str, str]:  # noqa: ARG001 - the commands find it
    """What the commands are about: an organisation that was verified and has a token, and files."""
    made = organisation_register(name="A", kind="firm", economy="KE", founder="ann", actor=OPERATOR, now=NOW)
    assert isinstance(made, Organisation)
    verified = organisation_verify(
        organisation=made.id,
        subject="identity",
        evidence="extract",
        digest=64 * "a",
        until=NOW.date().replace(year=2027),
        actor=OPERATOR,
        now=NOW,
    )
    assert isinstance(verified, Organisation)
    token = token_create(name="t", scopes=["read"], now=NOW, actor=OPERATOR, organisation=made.id)
    assert isinstance(token, NewToken)
    (tmp_path / "change.json").write_bytes(orjson.dumps(changeset_as_json(Changeset("", ""))))
    (tmp_path / "rows.csv").write_text("trade\n")
    return {
        "id": made.id,
        "verification": verified.verifications[0].id,
        "token": token.token.prefix,
        "change": str(tmp_path / "change.json"),
        "csv": str(tmp_path / "rows.csv"),
        "folder": str(tmp_path),
    }


def run(words: str, arguments: str, given: dict[str, str]) -> Any:
    return CliRunner().invoke(main, [*words.split(), *arguments.format(**given).split(), "--json"])


@pytest.mark.parametrize("who", OTHERS)
@pytest.mark.django_db
def test_nobody_but_the_operator_gets_past_the_action(who: str, given: dict[str, str], monkeypatch) -> None:
    run("log head", "", given)
    with system_rows("a test"):
        before = PendingEvent.objects.count()
    let_in = {}
    for words, arguments in OPERATOR_ACTS.items():
        module = body_of(commands()[words]).__module__
        monkeypatch.setattr(f"{module}.shell_actor", lambda: OTHERS[who])
        ran = run(words, arguments, given)
        code = json.loads(ran.output)["error"]["code"] if ran.exit_code == 2 else ran.output
        if code not in REFUSED:
            let_in[words] = code
    assert let_in == {}
    with system_rows("a test"):
        assert PendingEvent.objects.count() == before


@pytest.mark.parametrize("who", OTHERS)
@pytest.mark.django_db
def test_nobody_but_the_operator_reads_organisations(who: str, given: dict[str, str], monkeypatch) -> None:
    for words, arguments in OPERATOR_READS.items():
        mine = run(words, arguments, given)
        assert given["id"] in mine.output or '"ann"' in mine.output, mine.output
        module = body_of(commands()[words]).__module__
        with monkeypatch.context() as changed:
            changed.setattr(f"{module}.shell_actor", lambda: OTHERS[who])
            theirs = run(words, arguments, given)
        assert "ann" not in theirs.output
        assert theirs.output == "[]\n" or json.loads(theirs.output)["error"]["code"] == "organisation_unknown"
