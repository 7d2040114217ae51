"""What Django needs to know about this room."""

from __future__ import annotations

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    """The assessment app."""

    name = "ewtp.apps.assessment"
    label = "assessment"
