"""Why the database server cannot be used."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

DATABASE_DUMP_FAILED = Sentence(
    "database_dump_failed", "The database could not be copied ({reason:english}); nothing was written."
)
DATABASE_IN_USE = Sentence(
    "database_in_use",
    "The database is in use ({number:number} connections): stop `ewtp serve` and every worker, and restore again.",
)
DATABASE_LACKS_EXTENSIONS = Sentence(
    "database_lacks_extensions",
    "The database server lacks {missing:and text}: install PostgreSQL's contrib package there.",
)
DATABASE_RESTORE_FAILED = Sentence(
    "database_restore_failed", "The database could not be restored ({reason:english}); it is as it was."
)
DATABASE_RIGHT_MISSING = Sentence(
    "database_right_missing",
    "The database user {user:quoted} lacks the right {right}: make that user the owner of the database, or grant it.",
)
DATABASE_ROLES_MISSING = Sentence(
    "database_roles_missing",
    "The database user {user:quoted} cannot make the roles {roles:and text}: have an administrator of the server make "
    "them and grant both to that user.",
)
DATABASE_START_FAILED = Sentence(
    "database_start_failed",
    "The database server in {folder} did not start: fix the cause given in its file 'log', or name another server in "
    "DATABASE_URL ({reason:english}).",
)
DATABASE_TOO_OLD = Sentence(
    "database_too_old",
    "The database server is PostgreSQL {version:number}: name one of version {oldest:number} or newer in DATABASE_URL.",
)
DATABASE_UNREACHABLE = Sentence(
    "database_unreachable",
    "No database {name:quoted} answers at {host}: start that server or correct DATABASE_URL ({reason:english}).",
)
DATABASE_URL_UNREADABLE = Sentence(
    "database_url_unreadable",
    "DATABASE_URL cannot be read ({reason:english}); write it as postgresql://user:password@host:5432/name.",
)
