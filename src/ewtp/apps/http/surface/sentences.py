"""What can be wrong with a request."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

CURSOR_UNREADABLE = Sentence("cursor_unreadable", "Send the cursor as the `next` of the previous page gave it.")
FIELD_MISSING = Sentence("field_missing", "Give the field {field:quoted}.")
FIELD_NOT_TEXT = Sentence("field_unreadable", "Give the field {field:quoted} as text.")
FIELD_OF_ANOTHER_FORM = Sentence(
    "field_unreadable", "Give the field {field:quoted} in the form that /api/v1/docs shows.", form="shape"
)
FIELD_STRAY = Sentence(
    "field_unknown", "There is no field {field:quoted} here; there are {known:list text}.", form="body"
)
FIELD_TWICE = Sentence("field_twice", "The field {field:quoted} is given twice; give it once.")
JSON_NOT_OBJECT = Sentence(
    "json_unreadable", "The body is JSON, but not an object; send one JSON object.", form="not_object"
)
JSON_UNREADABLE = Sentence(
    "json_unreadable",
    "The body is not JSON: it cannot be read from character {place:number} (line {line:number}, column "
    "{column:number}) on; send one JSON object.",
)
JSON_EMPTY = Sentence("json_unreadable", "The body is empty; send one JSON object.", form="empty")
JSON_NOT_TEXT = Sentence("json_unreadable", "The body is not text in UTF-8; send one JSON object.", form="not_text")
JSON_TOO_DEEP = Sentence("json_unreadable", "The body is nested too deeply; send one JSON object.", form="too_deep")
JSON_NUMBER_TOO_LONG = Sentence(
    "json_unreadable",
    "The body has a number of more than {most:number} digits; write an amount as a decimal string.",
    form="number",
)
PARAMETER_INVALID = Sentence("parameter_invalid", "limit is a whole number; see /api/v1/docs.")
PARAMETER_TWICE = Sentence("parameter_twice", "{name} is given more than once; give it once.")
SCOPE_MISSING = Sentence("scope_missing", "This needs a token with the scope {scope}; this one has {held:list text}.")
TOKEN_MISSING = Sentence(
    "token_missing",
    "Send a token with the scope {scope} as `Authorization: Bearer TOKEN`; make one with `ewtp token create`.",
)
SECRET_UNKNOWN = Sentence(
    "token_unknown", "This token does not exist or was revoked; make one with `ewtp token create`.", form="secret"
)
TOKEN_WITHOUT_ORGANISATION = Sentence(
    "token_without_organisation",
    "This token acts for no organisation: use one that was made for the organisation that you mean.",
)
TOKEN_UNREADABLE = Sentence("token_unreadable", "Send the token as `Authorization: Bearer TOKEN`.")
PARAMETER_UNKNOWN = Sentence("parameter_unknown", "There is no parameter {name:quoted}; there are {known:list text}.")
