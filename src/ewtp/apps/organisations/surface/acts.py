"""What a form on an organisation's page asks for, as a command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.core.organisations.commands import (
    AddIdentifier,
    AskSecondFactor,
    ChangeRole,
    DeclareHolders,
    DeclareSize,
    NameUltimateOwner,
    RemoveIdentifier,
    RemoveMember,
    Rename,
    WithdrawInvitation,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ewtp.apps.http.surface.form import Form
    from ewtp.core.organisations.commands import OrganisationCommand

_LONGEST_FIGURE = 15

# By the name of the form: the command that its fields make.
COMMANDS: Mapping[str, Callable[[Form], OrganisationCommand]] = {
    "rename": lambda form: Rename(form.texts.get("name", "")),
    "owner": lambda form: NameUltimateOwner(form.texts.get("ultimate_owner", "")),
    "holders": lambda form: DeclareHolders(read_holdings(form.texts.get("holders", ""))),
    "size": lambda form: DeclareSize(
        whole_figure(form, "employees"), whole_figure(form, "turnover_eur"), whole_figure(form, "balance_sheet_eur")
    ),
    "second_factor": lambda form: AskSecondFactor(form.texts.get("asked") == "yes"),
    "identifier": lambda form: AddIdentifier(form.texts.get("scheme", ""), form.texts.get("value", "")),
    "identifier_remove": lambda form: RemoveIdentifier(form.texts.get("scheme", "")),
    "invitation_withdraw": lambda form: WithdrawInvitation(form.texts.get("invitation", "")),
    "role": lambda form: ChangeRole(form.texts.get("person", ""), form.texts.get("role", "")),
    "leave": lambda form: RemoveMember(form.texts.get("person", "")),
}


def whole_figure(form: Form, name: str) -> int | None:
    """A whole number as people type it; None where it is none."""
    plain = form.amount(name)
    return int(plain) if plain.isdecimal() and len(plain) <= _LONGEST_FIGURE else None


def read_holdings(text: str) -> tuple[dict[str, Any], ...]:
    """Holdings as people type them: pairs of an owner and a percentage, with semicolons between.

    Anything else is handed on as an owner without a share, which the organisation refuses.
    """
    read: list[dict[str, Any]] = []
    for piece in text.split(";"):
        match piece.replace(",", ".").replace("%", " %").split():
            case [owner, share] | [owner, share, "%"]:
                read.append({"owner": owner, "share": share})
            case [owner, *_]:
                read.append({"owner": owner, "share": None})
    return tuple(read)
