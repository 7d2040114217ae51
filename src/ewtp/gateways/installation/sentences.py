"""What an installation cannot do as it is."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

BACKUP_DAMAGED = Sentence(
    "backup_damaged", "{path} is damaged: {part} is not as it was written; restore another backup."
)
BACKUP_FILE_EXISTS = Sentence("backup_file_exists", "{path} exists; name another file, or replace it with --force.")
BACKUP_NEWER = Sentence(
    "backup_newer", "{path} was written by eWTP {version}, which is newer; restore it with that version or a later one."
)
BACKUP_UNREADABLE = Sentence(
    "backup_unreadable", "{path} cannot be read as a backup ({reason:english}); give a file that `ewtp backup` wrote."
)
BACKUP_UNWRITABLE = Sentence(
    "backup_unwritable", "{path} cannot be written ({reason:english}); name a file in a folder that can."
)
DATABASE_NOT_EMPTY = Sentence(
    "database_not_empty", "This installation has data; --force replaces all of it by the backup."
)
FONTS_MISSING = Sentence(
    "fonts_missing",
    "No font of this installation can show {characters:text}, so a PDF would have boxes instead; "
    "whoever runs it can install the Debian packages {packages:list text}.",
)
IDEMPOTENCY_HOURS_UNREADABLE = Sentence(
    "setting_unreadable",
    "EWTP_IDEMPOTENCY_HOURS cannot be read; write it as a whole number of hours from 1 to {most:number}.",
    form="idempotency_hours",
)
LOG_KEY_UNREADABLE = Sentence(
    "log_key_unreadable",
    "The log cannot be signed, because {path} holds no key that can be read; restore the log's own key.",
)
LOG_FORMAT_UNREADABLE = Sentence(
    "setting_unreadable", "EWTP_LOG_FORMAT cannot be read; write one of: {formats:list text}.", form="log_format"
)
LOG_LEVEL_UNREADABLE = Sentence(
    "setting_unreadable", "EWTP_LOG_LEVEL cannot be read; write one of: {levels:list text}.", form="log_level"
)
WHOLE_NUMBER_UNREADABLE = Sentence(
    "setting_unreadable",
    "{setting:text} cannot be read; write it as a whole number from 1 to {most:number}.",
    form="whole_number",
)
WITNESS_FOLDER_UNREADABLE = Sentence(
    "witness_folder_unreadable",
    "{path} cannot be read as the witness left it; put a copy back, or make a key with `ewtp log witness key`.",
)
