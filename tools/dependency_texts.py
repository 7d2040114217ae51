"""The texts of Django and of django-allauth that this site's pages, forms and mails can show.

Where a package has no catalogue of one of our languages, or one with gaps, ``web/dependency_locale`` fills them, and
``tests/house/test_translations.py`` names what is missing.
"""

from __future__ import annotations

import re
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import allauth
import django
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file

if TYPE_CHECKING:
    from collections.abc import Iterator

_DJANGO = Path(django.__file__).parent
_ALLAUTH = Path(allauth.__file__).parent
_ALLAUTH_FOLDERS = (
    "account",
    "mfa",
    "usersessions",
    "core",
    "templates/account",
    "templates/mfa",
    "templates/usersessions",
)
_DJANGO_FILES = (
    "contrib/auth/password_validation.py",
    "contrib/humanize/templatetags/humanize.py",
    "core/validators.py",
    "forms/fields.py",
    "forms/forms.py",
    "forms/models.py",
    "utils/timesince.py",
)
# Parts of allauth that no reader of this site meets, each with the reason.
_UNUSED = {
    "*/admin.py": "the site has no admin",
    "*/apps.py": "names of applications, which only an admin shows",
    "[amu]*/models.py": "names of tables and columns, which only an admin shows",
    "templates/account/signup_by_passkey.html": "an account begins with a password",
    "templates/mfa/webauthn/signup_form.html": "an account begins with a password",
    "templates/account/request_login_code.html": "nobody signs in by a code alone",
    "templates/mfa/trust.html": "no browser is trusted to leave the second factor out",
}
# Nor does anybody have a telephone number or a name to sign in with.
_UNUSED_TEXT = re.compile(r"\b(phone|username)\b", re.IGNORECASE)
# Of this file pages use the filter that says how long ago something was, and no other.
_USED_PARTS = {"humanize.py": re.compile(r"\b(ago|now)$|^%\(num\)d ")}
_ANY_TEXT = re.compile("")
_KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_noop": None,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def _files() -> Iterator[Path]:
    yield from (_DJANGO / name for name in _DJANGO_FILES)
    for folder in _ALLAUTH_FOLDERS:
        for path in sorted((_ALLAUTH / folder).rglob("*")):
            own = path.relative_to(_ALLAUTH)
            if path.suffix in {".py", ".html", ".txt"} and not any(fnmatch(own.as_posix(), part) for part in _UNUSED):
                yield path


@cache
def dependency_texts() -> dict[tuple[str | None, str], tuple[str, ...]]:
    """By context and first form, the forms of each text; one that does not count has a single form."""
    found: dict[tuple[str | None, str], tuple[str, ...]] = {}
    for path in _files():
        method = "python" if path.suffix == ".py" else "ewtp.web.template_texts:extract"
        for _, text, _, context in extract_from_file(method, path, _KEYWORDS):
            forms = (text,) if isinstance(text, str) else tuple(text)
            if not _UNUSED_TEXT.search(forms[0]) and _USED_PARTS.get(path.name, _ANY_TEXT).search(forms[0]):
                found[context, forms[0]] = forms
    return found
