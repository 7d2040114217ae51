"""Units by the names that schedules and declarations use."""

from __future__ import annotations

import pytest

from ewtp.core.rulebook.expressions.parser import parse
from ewtp.core.rulebook.expressions.tree import Specific
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.unit import Unit, resolve_unit


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("BRX", "sucrose"),
        ("brix", "sucrose"),
        ("percent_sacchar", "sucrose"),
        ("%sacchar.", "sucrose"),
        ("pf_litre", "PFL"),
        ("pf.liter", "PFL"),
        ("SPR", "SPR"),
        ("kg_drained", "KGM.drained"),
        ("kg_biodiesel_content", "KGM.biodiesel_content"),
    ],
)
def test_a_name_is_its_unit(name: str, key: str) -> None:
    found = resolve_unit(name)
    assert isinstance(found, Unit), found
    assert found.key == key


def test_an_unknown_name_is_refused() -> None:
    refused = resolve_unit("furlong")
    assert isinstance(refused, Refusal)
    assert refused.code == "unit_unknown"


@pytest.mark.parametrize("text", ["1 GBP / 1000 kg / fuel content", "1 GBP / 1000 kg / bioethanol"])
def test_a_content_is_counted_and_not_the_goods(text: str) -> None:
    read = parse(text, currency="GBP")
    assert isinstance(read, Specific)
    assert read.unit == "KGM"
    assert read.basis is not None
    assert read.basis.endswith("_content")
