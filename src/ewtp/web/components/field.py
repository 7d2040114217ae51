"""Form fields: label, control, hint and problems, linked for screen readers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from ewtp.web.components.choices import option_list, pair_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.utils.safestring import SafeString

    from ewtp.apps.http.surface.form import Form, Problem
    from ewtp.web.components.choices import SelectOption

register = template.Library()

# Attributes that choose the keyboard of a phone and switch unwanted corrections off.
_ATTRIBUTES = {
    "text": 'maxlength="300" autocomplete="off" autocapitalize="none" spellcheck="false"',
    "amount": 'inputmode="decimal" autocomplete="off"',
    "date": 'type="date"',
    # What only programs read, such as an identifier, runs from left to right in every language.
    "code": 'dir="ltr" autocomplete="off" autocapitalize="none" spellcheck="false"',
    "prose": 'dir="auto"',
    "search": 'type="search" maxlength="100" autocomplete="off"',
    # Cells of a table: a row that were broken would look like two.
    "cells": 'dir="ltr" wrap="off" autocomplete="off" autocapitalize="none" spellcheck="false"',
    "file": 'type="file" accept=".csv,.tsv,.txt,text/csv,text/plain,text/tab-separated-values"',
}


@register.inclusion_tag("components/field.html")
def field(
    form: Form,
    name: str,
    label: str,
    kind: str = "text",
    *,
    number: int | None = None,
    control: str = "",
    typed: str | None = None,
    problem: Problem | Sequence[Problem] = (),
    hint: str = "",
    placeholder: str = "",
    choices: str = "",
    pairs: Iterable[SelectOption] | None = None,
    empty: str | None = None,
    rows: int = 0,
    longest: int = 0,
    required: bool = False,
    autofocus: bool = False,
) -> dict[str, Any]:
    """The field ``name`` of a form; ``kind`` is a key of ``_ATTRIBUTES``.

    It is a list where there are ``choices``, or ``pairs`` of a value and its name (and its language, where that is not
    the page's), and a text area where there are ``rows``; ``longest`` is the most characters that it takes.

    If several fields share a name, ``control`` is the id, ``number`` ends the label, and ``typed`` and ``problem`` are
    the value and the problem, or the problems, of this one. ``empty`` names the empty choice of a list.
    """
    problems = _gather_problems(problem) if control else form.problems.get(name, [])
    text = form.texts.get(name, "") if typed is None else typed
    identity = control or name
    return {
        "id": identity,
        "name": name,
        "label": f"{label} {number}" if number else label,
        "typed": text,
        "attributes": _ATTRIBUTES[kind],
        "options": _options_of(choices, pairs, text, empty),
        "rows": rows,
        "longest": longest,
        "is_file": kind == "file",
        "placeholder": placeholder,
        "required": required,
        "autofocus": autofocus,
        **notes(identity, problems, hint),
    }


def _gather_problems(problem: Problem | Sequence[Problem]) -> Sequence[Problem]:
    return problem if isinstance(problem, list | tuple) else [problem] if problem else []  # type: ignore[list-item]


def _options_of(
    choices: str, pairs: Iterable[SelectOption] | None, chosen: str, empty: str | None
) -> SafeString | None:
    if choices:
        return option_list(choices, chosen, empty)
    return None if pairs is None else pair_list(pairs, chosen, empty)


@register.inclusion_tag("components/short_field.html")
def short_field(
    name: str,
    label: str,
    kind: str = "text",
    *,
    typed: str = "",
    choices: str = "",
    pairs: Iterable[SelectOption] | None = None,
    empty: str | None = None,
    longest: int = 0,
    required: bool = False,
    unseen: bool = False,
) -> dict[str, Any]:
    """The one field of a short form, inside its label, so that a page can have many such forms without ids.

    The arguments are those of ``field``; ``unseen`` keeps the label for screen readers.
    """
    return {
        "name": name,
        "label": label,
        "typed": typed,
        "attributes": _ATTRIBUTES[kind],
        "options": _options_of(choices, pairs, typed, empty),
        "longest": longest,
        "required": required,
        "unseen": unseen,
    }


@register.inclusion_tag("components/choice_group.html")
def choice_group(  # noqa: PLR0917 - a template calls this
    form: Form, name: str, label: str, pairs: Iterable[tuple[str, str]], kind: str = "radio", chosen: str = ""
) -> dict[str, Any]:
    """A group of choices under a heading: of kind ``radio`` or ``checkbox``, the one with the value ``chosen`` set."""
    return {
        "name": name,
        "label": label,
        "pairs": pairs,
        "kind": kind,
        "chosen": chosen,
        **notes(name, form.problems.get(name, [])),
    }


@register.inclusion_tag("components/check_box.html")
def check_box(name: str, label: str, checked: object = None) -> dict[str, Any]:
    """One box to tick; its value is ``1``."""
    return {"name": name, "label": label, "checked": checked}


@register.filter
def name_pairs(named: Iterable[Any]) -> list[tuple[str, str]]:
    """The names of things, or names themselves, each as its own value."""
    names = (getattr(each, "name", each) for each in named)
    return [(name, name) for name in names]


@register.filter
def organisation_pairs(memberships: Iterable[Any]) -> list[tuple[str, str]]:
    """Memberships as choices: the organisation's identifier, and its name."""
    return [(each.organisation, each.name) for each in memberships]


@register.filter
def code_pairs(matches: Iterable[Any]) -> list[SelectOption]:
    """Likely codes as choices: the code, and the code with its description, which is in English."""
    return [(each.hs, f"{each.hs} {each.description}", "en") for each in matches]


def notes(identity: str, problems: Sequence[Problem], hint: str = "") -> dict[str, Any]:
    """Problems and hint of a control, with their ids for ``aria-describedby``."""
    ids = [f"{identity}-problem"] * bool(problems) + [f"{identity}-hint"] * bool(hint)
    return {"problems": problems, "hint": hint, "described_by": " ".join(ids)}


@register.inclusion_tag("components/money_field.html")
def money_field(  # noqa: PLR0917 - a template calls this, with every argument but the first three by name
    form: Form,
    name: str,
    currency_name: str,
    label: str,
    currency_label: str,
    empty: str,
    *,
    placeholder: str = "",
    required: bool = False,
) -> dict[str, Any]:
    """An amount and its currency side by side."""
    return {
        "form": form,
        "name": name,
        "currency_name": currency_name,
        "label": label,
        "currency_label": currency_label,
        "empty": empty,
        "placeholder": placeholder,
        "required": required,
    }


@register.inclusion_tag("components/problems.html")
def problems(form: Form, name: str, control: str = "") -> dict[str, Any]:
    """The problems of a field, or of the whole form (the empty name), for a control written in the template."""
    return {"id": control or name, "problems": form.problems.get(name, [])}


@register.simple_tag
def described_by(form: Form, name: str, hint: str = "") -> str:
    """The value of ``aria-describedby`` for a control written in the template."""
    return str(notes(name, form.problems.get(name, []), hint)["described_by"])
