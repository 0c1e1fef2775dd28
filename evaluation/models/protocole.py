"""The protocole de suivi et d’évaluation: five headings (annexe 5), in numbered versions."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from ctg.models import Convention, Historique, Source
from ctg.textes import textes_bornes
from evaluation.models.approuvables import Approuvable
from evaluation.models.mesures import LONG
from evaluation.protocole.enums import StatutProtocole, TypeEvaluation


class Protocole(Source, Approuvable):
    """One version. The headings are those of the annex, in its order."""

    RUBRIQUES = ("outils", "moyens", "participation", "type_detail", "questions_methodes")

    convention = models.ForeignKey(
        Convention, models.PROTECT, related_name="protocoles", verbose_name="convention"
    )
    version = models.PositiveSmallIntegerField("version", editable=False)
    statut = models.CharField(
        "état", max_length=10, choices=StatutProtocole, default=StatutProtocole.BROUILLON, editable=False
    )
    outils = models.TextField("outils et indicateurs de suivi", **LONG)
    moyens = models.TextField("moyens humains et financiers", **LONG)
    participation = models.TextField("participation des habitants", **LONG)
    type_evaluation = models.CharField(
        "type d’évaluation", max_length=10, choices=TypeEvaluation, blank=True, default=""
    )
    type_detail = models.TextField("type d’évaluation : précisions", **LONG)
    questions_methodes = models.TextField("questions évaluatives et méthodes", **LONG)

    historique = Historique(excluded_fields=["contenu"])

    class Meta:
        verbose_name = "version du protocole"
        verbose_name_plural = "versions du protocole"
        constraints = [
            *Approuvable.Meta.constraints,
            models.UniqueConstraint(
                fields=["convention", "version"],
                name="protocole_version_unique",
                violation_error_message="Cette version existe déjà.",
            ),
            models.UniqueConstraint(
                fields=["convention"],
                condition=Q(statut__in=[StatutProtocole.BROUILLON, StatutProtocole.SOUMISE]),
                name="protocole_une_version_en_cours",
                violation_error_message="Une version du protocole est déjà en cours : terminez-la d’abord.",
            ),
            models.UniqueConstraint(
                fields=["convention"],
                condition=Q(statut=StatutProtocole.APPROUVEE),
                name="protocole_une_version_approuvee",
                violation_error_message="Une version du protocole est déjà approuvée.",
            ),
            models.CheckConstraint(
                name="protocole_vocabulaire_connu",
                condition=Q(
                    statut__in=StatutProtocole.values, type_evaluation__in=["", *TypeEvaluation.values]
                ),
                violation_error_message="Cet état ou ce type d’évaluation n’existe pas.",
            ),
            models.CheckConstraint(
                name="protocole_version_positive",
                condition=Q(version__gte=1),
                violation_error_message="La première version porte le numéro 1.",
            ),
            textes_bornes(
                "outils",
                "moyens",
                "participation",
                "type_detail",
                "questions_methodes",
                name="protocole_textes_bornes",
            ),
        ]

    def __str__(self):
        return f"Protocole, version {self.version}"

    def get_absolute_url(self):
        return reverse(
            "protocole:version", kwargs={"convention": self.convention.slug, "version": self.version}
        )
