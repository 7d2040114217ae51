"""Lets Babel find the texts to translate in Django's templates, so that no gettext program is needed."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from babel.messages.extract import extract_python
from django.utils.translation.template import templatize

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator


def extract(
    file: Any,
    keywords: Any,
    comment_tags: Collection[str],
    options: Any,
) -> Iterator[Any]:
    """Every text of one template, in the form in which Babel's own extractors take their arguments and give them."""
    # Django turns a template into something that reads like a program, line by line, but for its indentation.
    program = re.sub(r"^[ \t]+", "", templatize(file.read().decode("utf-8")), flags=re.MULTILINE)
    yield from extract_python(io.BytesIO(program.encode("utf-8")), keywords, comment_tags, options)
