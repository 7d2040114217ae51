"""No page shows a member of an enumeration as the program names it: readers of every language get a name of theirs."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, Any

from django.template import base
from django.templatetags import i18n

if TYPE_CHECKING:
    import pytest
    from django.template.context import Context


def refuse_raw_members(patch: pytest.MonkeyPatch) -> None:
    """Have every template of this process refuse such a member, except in an attribute, which programs read."""
    patch.setattr(base.VariableNode, "render", _render_variable)
    patch.setattr(i18n, "render_value_in_context", _render_value)


def _render_variable(node: Any, context: Context) -> str:
    """What ``VariableNode.render`` does, after the check."""
    output = node.filter_expression.resolve(context)
    if isinstance(output, Enum) and not _is_attribute(node):
        _refuse(output, node.token.contents)
    return base.render_value_in_context(output, context)


def _render_value(value: object, context: Context) -> str:
    if isinstance(value, Enum):
        _refuse(value, "a translated text")
    return base.render_value_in_context(value, context)


def _refuse(member: Enum, place: str) -> None:
    msg = f"a page shows {member!r} in {place}: give the template a translated name instead"
    raise AssertionError(msg)


def _is_attribute(node: Any) -> bool:
    """Whether the variable is in an attribute, or in the query of one, by its line in the template's file."""
    if node.origin.loader is None:
        return False
    line = node.origin.loader.get_contents(node.origin).splitlines()[node.token.lineno - 1]
    return re.search(rf'=(?:"[^"]*)?{{{{ {re.escape(node.token.contents)} }}}}', line) is not None
