"""Acts in the text form: written for people, and read into the same values as the JSON form."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from ewtp.core.acts.acts_grammar import ANY_KIND, GRAMMAR, KEYWORDS, KINDS
from ewtp.core.acts.acts_json import acts_as_json, acts_from_json
from ewtp.core.acts.sentences import ACT_AT, ACT_CLAUSE_TWICE, ACTS_TEXT_ENDS, ACTS_TEXT_LONG, ACTS_TEXT_UNEXPECTED
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lark.tree import Meta

    from ewtp.core.acts.act import Acts

    _Tree = Tree[Token]

LONGEST_ACTS = 200_000
# An article without a name, where there is only one.
ONLY_ARTICLE = "1"
_BARE = re.compile(r"[A-Za-z][A-Za-z0-9_.:-]*\Z")
_LONGEST_SHOWN = 40
# What may be written where the grammar has more than a word.
_EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "NAME": ("GH",),
    "STRING": ('"…"',),
    "CODE": ("0901",),
    "DATE": ("2027-01-01",),
    "NUMBER": ("5",),
    "KIND": KINDS,
    "COMMA": (),
    "$END": (),
}
# Clauses whose values are of the selector, beside those that belong to the act itself.
_SELECTED = frozenset(
    {"territory", "kind", "agency", "document", "programme", "mast_chapter", "codes", "excluded_codes", "origins"}
    | {"groups", "direction"}
)
# What each verb has before its clauses, in order; ``kind`` is of the selector.
_VERB_FIELDS: Mapping[str, tuple[str, ...]] = {
    "end": ("kind",),
    "amend": ("kind",),
    "add": ("kind",),
    "replace_expression": ("replaced", "expression", "kind"),
    "exempt": ("origins", "kind"),
    "recognise": ("accepted", "authority", "kind"),
    "raise_threshold": ("limit", "kind"),
    "accept_electronic": ("kind",),
    "answer_within": ("answer_days",),
    "join": ("group",),
    "set_procedure": ("name", "value"),
}
# Clauses without a value, and those that may stand several times in one act.
_FLAGS: Mapping[str, tuple[str, Any]] = {
    "export": ("direction", "export"),
    "reciprocal": ("reciprocal", True),
    "permanent": ("sunset", "none"),
}
_REPEATED: Mapping[str, str] = {"field_value": "fields", "condition": "conditions"}


@cache
def _grammar() -> Lark:
    return Lark(GRAMMAR, parser="lalr", maybe_placeholders=True, propagate_positions=True)


def read_acts(text: str) -> Acts | Refusal:
    """The acts that a text states.

    Refusals: ``acts_unreadable`` and ``act_clause_twice`` with line and column, and those of ``acts_from_json`` after
    the line and column of the act or article.
    """
    if len(text) > LONGEST_ACTS:
        return Refusal(ACTS_TEXT_LONG, {"most": LONGEST_ACTS})
    try:
        tree = _grammar().parse(text)
    except UnexpectedInput as error:
        return _refuse_input(error, text)
    reading = _Reading()
    body = reading.document(tree)
    acts = Refusal.join(reading.faults) if reading.faults else acts_from_json(body)
    if not isinstance(acts, Refusal):
        return acts
    return Refusal.join([_place_refusal(each, reading.places) for each in acts.every])


def _refuse_input(error: UnexpectedInput, text: str) -> Refusal:
    expected = sorted(
        {word for name in _list_expected(error) for word in _EXAMPLES.get(name, (name.lower().lstrip("_"),))}
    )
    at = error.pos_in_stream
    if at is None or (isinstance(error, UnexpectedToken) and error.token.type == "$END"):
        params = {"line": text.rstrip().count("\n") + 1, "expected": expected}
        return Refusal(ACTS_TEXT_ENDS, params, at=len(text))
    found = text[at:].split(None, 1)[0][:_LONGEST_SHOWN]
    params = {"line": error.line, "column": error.column, "found": found, "expected": expected}
    return Refusal(ACTS_TEXT_UNEXPECTED, params, at=at)


def _list_expected(error: UnexpectedInput) -> set[str]:
    if isinstance(error, UnexpectedCharacters):
        return set(error.allowed or ())
    return set(error.accepts or error.expected) if isinstance(error, UnexpectedToken) else set()


def _place_refusal(refusal: Refusal, places: Mapping[str, Meta]) -> Refusal:
    """The refusal after the line and column of the narrowest place of the text that it is about."""
    where = refusal.where or ""
    found = next((where[:end] for end in range(len(where), 0, -1) if where[:end] in places), None)
    if found is None or refusal.at is not None:
        return refusal
    meta = places[found]
    params = {"line": meta.line, "column": meta.column, "problem": replace(refusal, params=_in_words(refusal.params))}
    return Refusal(ACT_AT.about(refusal), params, at=meta.start_pos, where=where)


def _in_words(params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a refusal of the JSON form, with the words of the text form for its fields."""
    found = dict(params)
    if "field" in found:
        found["field"] = _WORD_OF.get(found["field"], found["field"])
    if "fields" in found:
        names = {name for field in found["fields"] for name in (_SELECTED if field == "select" else (field,))}
        found["fields"] = sorted({_WORD_OF.get(name, name) for name in names} - {"act", "kind"})
    return found


class _Reading:
    """The JSON form that a tree is read into, with where each of its parts stands in the text."""

    def __init__(self) -> None:
        self.places: dict[str, Meta] = {}
        self.faults: list[Refusal] = []

    def document(self, tree: _Tree) -> dict[str, Any]:
        body: dict[str, Any] = {"articles": []}
        for child in _trees(tree):
            if child.data in ("title", "text"):
                self._put_value(body, str(child.data), _values(child)[0], child.meta)
                self.places[str(child.data)] = child.meta
            else:
                body["articles"].append(self._article(child, f"articles[{len(body['articles'])}]"))
        return body

    def _article(self, tree: _Tree, where: str) -> dict[str, Any]:
        self.places[where] = tree.meta
        body: dict[str, Any] = {"name": ONLY_ARTICLE, "acts": []}
        for child in _trees(tree):
            match str(child.data):
                case "value":
                    body["name"] = _plain(child.children[0])
                case "act":
                    body["acts"].append(self._act(child, f"{where}.acts[{len(body['acts'])}]"))
                case "requires":
                    self._put_value(body, "requires", _values(child), child.meta)
                case _:
                    self._put_value(body, "why", _values(child)[0], child.meta)
        return body

    def _act(self, tree: _Tree, where: str) -> dict[str, Any]:
        verb, *clauses = _trees(tree)
        name = str(verb.data)
        self.places[where] = tree.meta
        selector: dict[str, Any] = {}
        body: dict[str, Any] = {"act": name}
        for key, given in zip(_VERB_FIELDS[name], verb.children, strict=True):
            if given is not None:
                self._state(body, selector, key, _value(given), verb.meta, own=key == "origins")
        for clause in clauses:
            key, value = _clause(clause)
            if str(clause.data) in _REPEATED:
                body.setdefault(key, []).append(value)
            else:
                self._state(body, selector, key, value, clause.meta)
            self.places[f"{where}.select.{key}" if key in _SELECTED else f"{where}.{key}"] = clause.meta
        if selector:
            body["select"] = selector
        return body

    def _state(
        self, body: dict[str, Any], selector: dict[str, Any], key: str, value: Any, meta: Meta, *, own: bool = False
    ) -> None:
        """Put a value where it belongs; one of any kind of rule is not stated."""
        if key == "kind" and value == ANY_KIND:
            return
        self._put_value(selector if key in _SELECTED and not own else body, key, value, meta)

    def _put_value(self, body: dict[str, Any], key: str, value: Any, meta: Meta) -> None:
        if key in body and key != "name":
            params = {"line": meta.line, "column": meta.column, "clause": _WORD_OF.get(key, key)}
            self.faults.append(Refusal(ACT_CLAUSE_TWICE, params, at=meta.start_pos))
        body[key] = value


def _clause(tree: _Tree) -> tuple[str, Any]:
    """The field that a clause states, and its value."""
    name = str(tree.data)
    if name in _FLAGS:
        return _FLAGS[name]
    if name in _REPEATED:
        return _REPEATED[name], [_value(each) for each in tree.children]
    return name, _value(tree.children[0])


def _value(given: Any) -> Any:
    """What a token or a tree of values says: a text, a number of days, or a list of texts."""
    if isinstance(given, Token):
        return int(given) if given.type == "NUMBER" else _plain(given)
    match str(given.data):
        case "value" | "kind":
            return _plain(given.children[0])
        case "values":
            return [_plain(each.children[0]) for each in given.children]
        case "code_list":
            return [str(each) for each in given.children]
    return str(given.data).removesuffix("_field")


def _values(tree: _Tree) -> Any:
    """The values of a heading or of a clause of an article."""
    first = tree.children[0]
    return _value(first) if isinstance(first, Tree) else [_plain(each) for each in tree.children]


def _trees(tree: _Tree) -> Iterable[_Tree]:
    return [child for child in tree.children if isinstance(child, Tree)]


def _plain(token: Any) -> str:
    """The text of a name, or of what stands between quotation marks."""
    if token.type != "STRING":
        return str(token)
    return re.sub(r"\\(.)", lambda found: _ESCAPED.get(found[1], found[1]), str(token)[1:-1], flags=re.DOTALL)


# The text form.


def acts_text(acts: Acts) -> str:
    """The acts in the text form; ``read_acts`` reads it back to equal ones."""
    body = acts_as_json(acts)
    lines = [f"{name} {_quote_text(body[name])}" for name in ("title", "text") if name in body]
    articles = body["articles"]
    bare = len(articles) == 1 and articles[0].keys() == {"name", "acts"} and articles[0]["name"] == ONLY_ARTICLE
    for article in articles:
        if not bare:
            lines.append("")
            head = f"article {_word(article['name'])}"
            if "requires" in article:
                head += f" requires {_words(article['requires'])}"
            lines.append(head)
            if "why" in article:
                lines.append(f"  why {_quote_text(article['why'])}")
        indent = "" if bare else "  "
        lines += [indent + _act_text(act) for act in article["acts"]]
    return "\n".join(lines).lstrip("\n") + "\n"


def _act_text(body: Mapping[str, Any]) -> str:
    """One act in one line."""
    selected = body.get("select", {})
    parts = [_verb_text(body, selected.get("kind", ANY_KIND))]
    own = ("claim", "standard", "economies")
    words = {**selected, **{name: body[name] for name in own if name in body}}
    for word, name in _WORDS:
        if name not in words:
            continue
        value = words[name]
        listed = (
            ", ".join(value) if name.endswith("codes") else _words(value) if isinstance(value, list) else _word(value)
        )
        parts.append(f"{word} {listed}")
    if "direction" in selected:
        parts.append("export")
    parts += [f"with {name} {_word(value)}" for name, value in body.get("fields", ())]
    parts += [f"condition {_word(kind)} {_word(value)}" for kind, value in body.get("conditions", ())]
    if "reciprocal" in body:
        parts.append("reciprocal")
    parts.append(f"from {body['first_day']}")
    if "sunset" in body:
        parts.append("without sunset" if body["sunset"] == "none" else f"until {body['sunset']}")
    return " ".join(parts)


def _verb_text(body: Mapping[str, Any], kind: str) -> str:
    match body["act"]:
        case "replace_expression":
            old = f"{_quote_text(body['replaced'])} " if "replaced" in body else ""
            return f"replace expression {old}with {_quote_text(body['expression'])} in {kind}"
        case "exempt":
            return f"exempt {_words(body['origins'])} from {kind}"
        case "recognise":
            return f"recognise {_word(body['accepted'])} of {_word(body['authority'])} for {kind}"
        case "raise_threshold":
            return f"raise threshold to {_word(body['limit'])} in {kind}"
        case "accept_electronic":
            return f"accept electronic {kind}"
        case "answer_within":
            days = body.get("answer_days", 0)
            return f"answer within {days} {'day' if days == 1 else 'days'}"
        case "join":
            return f"join {_word(body['group'])}"
        case "set_procedure":
            return f"set procedure {_word(body['name'])} to {_word(body['value'])}"
    return f"{body['act']} {kind}"


_WORDS = (
    ("of", "territory"),
    ("by", "agency"),
    ("paper", "document"),
    ("programme", "programme"),
    ("mast", "mast_chapter"),
    ("on", "codes"),
    ("except", "excluded_codes"),
    ("origin", "origins"),
    ("group", "groups"),
    ("economy", "economies"),
    ("claim", "claim"),
    ("as", "standard"),
)
_WORD_OF = {name: word for word, name in _WORDS} | {
    "first_day": "from",
    "sunset": "until",
    "direction": "export",
    "fields": "with",
    "conditions": "condition",
    "select": "of",
}
_ESCAPED = {"n": "\n", "t": "\t"}


def _words(values: Iterable[str]) -> str:
    return ", ".join(map(_word, values))


def _word(text: str) -> str:
    return text if _BARE.match(text) and text not in KEYWORDS else _quote_text(text)


def _quote_text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
