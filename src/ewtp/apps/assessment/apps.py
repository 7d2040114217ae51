"""How Django loads this package."""

from __future__ import annotations

from ewtp.gateways.database.store_app import StoredApp


class AssessmentConfig(StoredApp):
    """The assessment app."""

    name = "ewtp.apps.assessment"
    label = "assessment"
