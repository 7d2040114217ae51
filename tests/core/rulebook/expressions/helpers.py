"""Short ways to say what a test expects to be read, computed or refused."""

from ewtp.core.rulebook.expressions.evaluation import Computation, Facts, evaluate
from ewtp.core.rulebook.expressions.parser import parse
from ewtp.core.rulebook.expressions.tree import Expression
from ewtp.core.values.refusal import Refusal


def read(text: str, *, currency: str | None = None) -> Expression:
    expression = parse(text, currency=currency)
    assert not isinstance(expression, Refusal), expression
    return expression


def computed(expression: Expression, facts: Facts) -> Computation:
    answer = evaluate(expression, facts)
    assert isinstance(answer, Computation), answer
    return answer


def refused(expression: Expression, facts: Facts) -> Refusal:
    answer = evaluate(expression, facts)
    assert isinstance(answer, Refusal), answer
    return answer
