"""Mails as files, where no mail server is configured: they hold codes and invitations, for the owner alone."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.mail.backends.filebased import EmailBackend

from ewtp.gateways.installation.private_file import open_private

_OWNER_ALONE = 0o700


class MailFolder(EmailBackend):
    """Django's folder of mails, which no other account can enter, and whose files no other account can read."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        folder = Path(self.file_path)
        # Shut for mails of an earlier version too; a folder of another account is not ours to change.
        if folder.stat().st_uid == os.geteuid():
            folder.chmod(_OWNER_ALONE)

    def open(self) -> bool:
        """Open the file of this connection; whether it was closed before."""
        if self.stream is not None:
            return False
        self.stream = open_private(Path(self._get_filename()), "ab")
        return True
