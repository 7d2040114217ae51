"""Plans and figures of measured effects, keys of authorities, how adoptions ended, and the stage as a column."""

from __future__ import annotations

from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone

import ewtp.core.proposals.proposal
from ewtp.apps.proposals.store.proposal_stages import stage_columns
from ewtp.core.organisations.house import House
from ewtp.core.proposals.proposal import Outcome, Participant, Proposal, ProposalAdoption
from ewtp.core.proposals.proposal_events import read_stated_procedure

_MOMENTS = ("submitted", "qualified", "discussed", "opened", "decided", "withdrawn")


def _note_stages(apps: Any, schema_editor: Any) -> None:
    """Note the stage of every proposal that there is, as it is written after every event from now on."""
    del schema_editor
    now = timezone.now()
    for row in apps.get_model("proposals", "Proposal").objects.prefetch_related("adoptions"):
        state = Proposal(
            id=row.id,
            title=row.title,
            author=Participant(row.author, row.author_group, House(row.author_house), row.author_economy),
            versions=(),
            at=row.at,
            procedure=None if row.procedure is None else read_stated_procedure(row.procedure),
            outcome=Outcome(row.outcome) if row.outcome else None,
            adoptions=tuple(
                ProposalAdoption(each.territory, (), each.effective, each.by, each.act, each.at)
                for each in row.adoptions.all()
            ),
            superseded_by=row.superseded_by,
            **{name: getattr(row, name) for name in _MOMENTS},
        )
        for name, value in stage_columns(state, now).items():
            setattr(row, name, value)
        row.save(update_fields=["stage", "stage_until", "stage_then"])


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("proposals", "0002_own_ballots"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="AuthorityKey",
            fields=[
                ("economy", models.CharField(max_length=2, primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=200)),
                ("sealed", models.TextField(blank=True, default="")),
                ("at", models.DateTimeField()),
                ("backings", models.JSONField(default=list)),
            ],
        ),
        migrations.CreateModel(
            name="EffectPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("act", models.CharField(max_length=80)),
                ("plan", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                ("by", models.CharField(blank=True, default="", max_length=40)),
                ("promise", models.DecimalField(decimal_places=6, max_digits=20, null=True)),
                ("codes", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="OutcomeFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=10)),
                ("outcome", models.CharField(max_length=10)),
                ("destination", models.CharField(max_length=2)),
                ("origins", models.CharField(max_length=2)),
                ("products", models.CharField(max_length=4)),
                ("month", models.DateField()),
                ("value", models.DecimalField(decimal_places=6, max_digits=20, null=True)),
                ("lines", models.IntegerField()),
                ("firms", models.IntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="OutcomeLoad",
            fields=[
                ("id", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("source", models.CharField(max_length=10)),
                ("title", models.CharField(max_length=200)),
                ("digest", models.CharField(max_length=64)),
                ("by", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="articleadoption",
            name="ended",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="articleadoption",
            name="ending",
            field=models.CharField(blank=True, default="", max_length=10),
        ),
        migrations.AddField(
            model_name="articleadoption",
            name="reason",
            field=models.CharField(blank=True, default="", max_length=500),
        ),
        migrations.AddField(
            model_name="articleadoption",
            name="statement",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="decline",
            name="statement",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="proposal",
            name="stage",
            field=models.CharField(default=ewtp.core.proposals.proposal.ProposalStage["DRAFT"], max_length=10),
        ),
        migrations.AddField(
            model_name="proposal",
            name="stage_then",
            field=models.CharField(blank=True, default="", max_length=10),
        ),
        migrations.AddField(
            model_name="proposal",
            name="stage_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(_note_stages, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(fields=["stage", "-number"], name="proposal_by_stage"),
        ),
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(fields=["stage_then", "-number"], name="proposal_by_stage_then"),
        ),
        migrations.AddConstraint(
            model_name="articleadoption",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "ending__in",
                        [
                            "",
                            ewtp.core.proposals.proposal.AdoptionEnding["WITHDRAWN"],
                            ewtp.core.proposals.proposal.AdoptionEnding["DISPLACED"],
                            ewtp.core.proposals.proposal.AdoptionEnding["SUNSET"],
                        ],
                    )
                ),
                name="adoption_ending",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "stage__in",
                        [
                            ewtp.core.proposals.proposal.ProposalStage["DRAFT"],
                            ewtp.core.proposals.proposal.ProposalStage["SUBMITTED"],
                            ewtp.core.proposals.proposal.ProposalStage["DISCUSSED"],
                            ewtp.core.proposals.proposal.ProposalStage["FROZEN"],
                            ewtp.core.proposals.proposal.ProposalStage["VOTING"],
                            ewtp.core.proposals.proposal.ProposalStage["PASSED"],
                            ewtp.core.proposals.proposal.ProposalStage["FAILED"],
                            ewtp.core.proposals.proposal.ProposalStage["WITHDRAWN"],
                            ewtp.core.proposals.proposal.ProposalStage["SUPERSEDED"],
                            ewtp.core.proposals.proposal.ProposalStage["LAPSED"],
                        ],
                    ),
                    (
                        "stage_then__in",
                        [
                            "",
                            ewtp.core.proposals.proposal.ProposalStage["DRAFT"],
                            ewtp.core.proposals.proposal.ProposalStage["SUBMITTED"],
                            ewtp.core.proposals.proposal.ProposalStage["DISCUSSED"],
                            ewtp.core.proposals.proposal.ProposalStage["FROZEN"],
                            ewtp.core.proposals.proposal.ProposalStage["VOTING"],
                            ewtp.core.proposals.proposal.ProposalStage["PASSED"],
                            ewtp.core.proposals.proposal.ProposalStage["FAILED"],
                            ewtp.core.proposals.proposal.ProposalStage["WITHDRAWN"],
                            ewtp.core.proposals.proposal.ProposalStage["SUPERSEDED"],
                            ewtp.core.proposals.proposal.ProposalStage["LAPSED"],
                        ],
                    ),
                ),
                name="proposal_stage",
            ),
        ),
        migrations.AddField(
            model_name="effectplan",
            name="proposal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="effect_plans",
                to="proposals.proposal",
                to_field="id",
            ),
        ),
        migrations.AddConstraint(
            model_name="outcomeload",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("digest__regex", "^[0-9a-f]{64}$"),
                    ("id__regex", "^[a-z]{3}_[0-9a-f]{32}$"),
                    ("source__in", ["reported", "law"]),
                ),
                name="outcome_load",
            ),
        ),
        migrations.AddField(
            model_name="outcomefigure",
            name="load",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="figures", to="proposals.outcomeload"
            ),
        ),
        migrations.AddIndex(
            model_name="effectplan",
            index=models.Index(fields=["act", "at"], name="effect_plan_of_act"),
        ),
        migrations.AddConstraint(
            model_name="effectplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("digest__regex", "^[0-9a-f]{64}$")), name="effect_plan"
            ),
        ),
        migrations.AddIndex(
            model_name="outcomefigure",
            index=models.Index(
                fields=["source", "outcome", "destination", "origins", "products"], name="outcome_of_trade"
            ),
        ),
        migrations.AddConstraint(
            model_name="outcomefigure",
            constraint=models.UniqueConstraint(
                fields=("load", "outcome", "destination", "origins", "products", "month"), name="outcome_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="outcomefigure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("lines__gte", 1), ("outcome__in", ["days", "papers", "cost"]), ("source__in", ["reported", "law"])
                ),
                name="outcome_figure",
            ),
        ),
        migrations.AddConstraint(
            model_name="outcomefigure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("value__isnull", True), ("firms__isnull", True), ("firms__gte", 5), _connector="OR"
                ),
                name="outcome_firms",
            ),
        ),
    ]
