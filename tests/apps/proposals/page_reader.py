"""A visitor who looks whether what happened is on the next page, and whether a kept page is the one made for her."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.test import Client

from ewtp.apps.http.surface.page_cache import page_cache

if TYPE_CHECKING:
    from datetime import datetime


@dataclass
class Reader:
    """A visitor without an account, on a clock that the test sets; every page is compared with one made for her."""

    now: datetime
    path: str = ""
    last: str = ""
    made: int = 0

    def read(self) -> str:
        client = Client()
        shown = client.get(self.path)
        assert shown.status_code == 200
        assert not shown.cookies
        page_cache().forget()
        fresh = client.get(self.path)
        assert shown.content == fresh.content
        # The fresh one is kept for whoever asks next.
        self.last = shown.content.decode()
        return self.last

    def sees(self, *texts: str) -> None:
        """Something is on the next page that was not on the last one."""
        before = self.last
        after = self.read()
        assert after != before
        for text in texts:
            assert text in after
            assert text not in before
