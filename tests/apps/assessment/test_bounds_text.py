"""What readers are told of an unknown: whether it raises or lowers the cost, and by how much at most."""

from __future__ import annotations

import pytest

from ewtp.apps.assessment.surface.bounds_text import effect_statement

SOME = {"amount": "1.25", "currency": "USD"}
NOTHING = {"amount": "0.00", "currency": "USD"}


@pytest.mark.parametrize(
    ("effect", "amount", "said"),
    [
        ("raises", None, "This may raise the cost."),
        ("raises", SOME, "This may raise the cost by up to 1.25 USD."),
        ("lowers", None, "This may lower the cost."),
        ("lowers", SOME, "This may lower the cost by up to 1.25 USD."),
        ("either", None, "This may raise or lower the cost."),
        ("none", None, None),
        ("raises", NOTHING, None),
    ],
)
def test_the_effect_of_an_unknown_is_one_sentence(effect: str, amount: dict[str, str] | None, said: str | None):
    statement = effect_statement({"effect": effect, "amount": amount})
    assert (statement and statement.message) == said
