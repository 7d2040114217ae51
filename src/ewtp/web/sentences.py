"""What is wrong with a request or with the installation, before any part of the program is asked."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

ADDRESS_UNKNOWN = Sentence("address_unknown", "There is no {address}; /api/v1/openapi.json lists what there is.")
BODY_NOT_JSON = Sentence("body_not_json", "Send the body as JSON, with the header `Content-Type: application/json`.")
BODY_TOO_LARGE = Sentence("body_too_large", "A request's body has at most {most:number} bytes; split it.")
DATABASE_AWAY = Sentence(
    "database_away", "The database does not answer at the moment and nothing was changed; try again in a few seconds."
)
DATABASE_CUT_OFF = Sentence(
    "database_busy",
    "The database took too long for this and was stopped; nothing was changed. Try again in a few seconds.",
)
DATABASE_LOCKED = Sentence(
    "database_busy",
    "Other work holds what this needs and nothing was changed; try again in a few seconds.",
    form="locked",
)
DATABASE_READ_ONLY = Sentence(
    "database_read_only",
    "The database takes no changes at the moment, so nothing was changed; whoever runs this installation has to make "
    "it writable.",
)
BODY_TOO_SLOW = Sentence(
    "body_too_slow", "The body of this request arrived too slowly; send it again over a faster connection."
)
DISK_FULL = Sentence(
    "disk_full", "The disk of this installation is full, so nothing can be kept; its operator has to free space."
)
HTTPS_NEEDED = Sentence(
    "https_needed", "This site answers over HTTPS alone; ask at an address that begins with https, with a new token."
)
HOME_UNUSABLE = Sentence(
    "home_unusable", "EWTP_HOME cannot be used ({path}: {reason:english}); name a directory that can be written."
)
INSTALLATION_CLOSED = Sentence("installation_closed", "This installation was closed; open one in a new process.")
INSTALLATION_OPEN = Sentence(
    "installation_open", "This process has the installation in {home} open; open another in a process of its own."
)
INTERNAL_ERROR = Sentence(
    "internal_error",
    "Something went wrong here, not in your request; nothing was changed. Try again, and tell the operator.",
)
INTERNAL_ERROR_PLAIN = Sentence(
    "internal_error", "Something went wrong here, not in your request; tell the operator.", form="plain"
)
LENGTH_REQUIRED = Sentence("length_required", "Send the body in one piece, with its Content-Length.")
METHOD_NOT_ALLOWED = Sentence("method_not_allowed", "{method} is not possible here; use {allowed}.")
PARAMETER_INVALID = Sentence("parameter_invalid", "{reason:english}; see /api/v1/docs.", form="shape")
REQUEST_REFUSED = Sentence("request_refused", "The request was refused; /api/v1/openapi.json says what can be asked.")
REQUEST_REFUSED_BECAUSE = Sentence("request_refused", "{reason:english}.", form="reason")
REQUESTS_OPEN_TOO_MANY = Sentence(
    "requests_open_too_many",
    "{most:number} of your requests are open already; wait for their answers before you send more.",
)
SERVER_BUSY = Sentence(
    "server_busy", "The server is too busy for this request at the moment; try again in a few seconds."
)
TABLE_UNREADABLE = Sentence(
    "table_unreadable",
    "Give the lines as an Arrow table, or as a frame that exports one, such as a pandas or polars frame.",
)
