"""Comments, docstrings and documents are written without the phrases that docs/style.md replaces by plainer ones."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
# The style and this file name the phrases; the wordings of refusals are changed with their translations.
LEFT_OUT = {"docs/style.md", "docs/refusals.md", "tests/house/test_english.py"}
_PHRASES = re.compile(
    r"\b(?:(?:[Cc]omes?|came) to|told apart|[Tt]ells? (?:\w+ ){1,6}apart|told from|(?:made|making) anew|laid over|"
    r"carried out|made ready)\b"
)
# "There is no such rule", "is no longer", "is no later than" and "whether there is no other" are plain English.
_IS_NO = re.compile(r"(?<!\bthere)(?<!\bThere) (?:is|are|was|were|be) no (\w+)")
_MARGIN = re.compile(r"\n\s*#?")
_FEWER = re.compile(r"longer|more|less|other|doubt|\w+er\Z", re.IGNORECASE)


def phrases_in(text: str) -> list[str]:
    """The phrases of a text that the style replaces."""
    line = " ".join(text.split())
    found = [match[0] for match in _PHRASES.finditer(line)]
    return found + [match[0].strip() for match in _IS_NO.finditer(line) if not _FEWER.match(match[1])]


def prose_of(path: Path) -> str:
    """A document as it is; of a program its comments as one text, and its docstrings."""
    text = path.read_text(encoding="utf-8")
    # Reading a program by its grammar takes a hundred times as long as looking for the phrases anywhere in it.
    if path.suffix == ".md" or not phrases_in(_MARGIN.sub(" ", text)):
        return text if path.suffix == ".md" else ""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    comments = [each.string.lstrip("# ") for each in tokens if each.type == tokenize.COMMENT]
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = [ast.get_docstring(node) or "" for node in ast.walk(ast.parse(text)) if isinstance(node, documented)]
    return "\n".join([*comments, *docstrings])


def written_files() -> list[Path]:
    folders = [ROOT / name for name in ("src", "tools", "bench", "tests")]
    programs = [path for folder in folders for path in folder.rglob("*.py")]
    documents = [*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")]
    return [path for path in (*programs, *documents) if path.relative_to(ROOT).as_posix() not in LEFT_OUT]


def test_no_text_has_a_phrase_that_the_style_replaces():
    found = {
        (path.relative_to(ROOT).as_posix(), each) for path in written_files() for each in phrases_in(prose_of(path))
    }
    assert found == set(), "docs/style.md says what to write instead"


def test_no_sentence_that_people_read_has_such_a_phrase():
    """English is the key of every translation, so any catalogue has all of it."""
    with (ROOT / "src/ewtp/web/locale/fr/LC_MESSAGES/django.po").open("rb") as written:
        messages = [(each.id,) if isinstance(each.id, str) else each.id for each in read_po(written)]
    assert {text: found for forms in messages for text in forms if (found := phrases_in(text))} == {}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("What a list comes\n  to.", ["comes to"]),
        ("It tells the rules of a line apart.", ["tells the rules of a line apart"]),
        ("A key is no\nsecret, and there is no other; it is no longer than that.", ["is no secret"]),
        ("There are no rows, and none is no more than a note.", []),
    ],
)
def test_a_phrase_is_found_in_its_words(text, found):
    assert phrases_in(text) == found
