"""``ewtp operator``: the people who operate the installation from its pages."""

from __future__ import annotations

import click
from django.utils import timezone

from ewtp.apps.accounts.actions.operator_grant import operator_set
from ewtp.apps.accounts.actions.second_factors import second_factors_remove
from ewtp.apps.accounts.actions.sessions import sessions_end
from ewtp.apps.accounts.reading.operators import operator_emails
from ewtp.core.values.refusal import Refusal
from ewtp.web.command_line.installation_ready import prepare
from ewtp.web.command_line.output import refuse, say, say_json
from ewtp.web.command_line.shell_actor import shell_actor


@click.group()
def operator() -> None:
    """List, grant and revoke who operates the installation from its pages, and let people in again."""


@operator.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_operators(*, as_json: bool) -> None:
    """List the people who operate the installation."""
    prepare(as_json=as_json)
    found = operator_emails()
    if as_json:
        say_json([{"person": person, "email": email} for person, email in found.items()])
    for person, email in () if as_json else found.items():
        say(f"{person}  {email}")


@operator.command("grant")
@click.argument("email")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def grant(*, email: str, as_json: bool) -> None:
    """Let the person who signed up with EMAIL operate the installation."""
    _set(email, operates=True, as_json=as_json)


@operator.command("revoke")
@click.argument("email")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def revoke(*, email: str, as_json: bool) -> None:
    """Stop the person with EMAIL from operating the installation."""
    _set(email, operates=False, as_json=as_json)


@operator.command("end-sessions")
@click.argument("email")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def end_sessions(*, email: str, as_json: bool) -> None:
    """End every session of the person with EMAIL, operator or not, who has to sign in again."""
    prepare(as_json=as_json)
    ended = sessions_end(email=email, actor=shell_actor(), now=timezone.now())
    if isinstance(ended, Refusal):
        refuse(ended, as_json=as_json)
    if as_json:
        say_json(ended.as_json())
    else:
        say(f"{ended.count} sessions of {ended.person} were ended.")


@operator.command("remove-factors")
@click.argument("email")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def remove_factors(*, email: str, as_json: bool) -> None:
    """Remove the second factors of the person with EMAIL, who lost them and has shown who it is."""
    prepare(as_json=as_json)
    removed = second_factors_remove(email=email, actor=shell_actor(), now=timezone.now())
    if isinstance(removed, Refusal):
        refuse(removed, as_json=as_json)
    if as_json:
        say_json(removed.as_json())
    else:
        say(f"{removed.count} second factors of {removed.person} were removed.")


def _set(email: str, *, operates: bool, as_json: bool) -> None:
    prepare(as_json=as_json)
    person = operator_set(email=email, operates=operates, actor=shell_actor(), now=timezone.now())
    if isinstance(person, Refusal):
        refuse(person, as_json=as_json)
    if as_json:
        say_json({"person": person, "operates": operates})
    else:
        say(f"{person} {'operates' if operates else 'no longer operates'} this installation.")
