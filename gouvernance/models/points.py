"""What a meeting is to speak of, in order, and what was said of it."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.text import Truncator

from ctg.models import Document, Historique, Personne
from ctg.textes import textes_bornes
from fiches.models import FicheProjet
from gouvernance.models.instances import Label
from gouvernance.models.reunions import DUREES, Reunion


class PointQuerySet(models.QuerySet):
    def for_list(self):
        """All that an agenda touches, in its order."""
        return (
            self.select_related("label", "rapporteur")
            .prefetch_related(
                models.Prefetch("documents", Document.objects.order_by("ordre", "pk")),
                models.Prefetch(
                    "fiches", FicheProjet.objects.select_related("axe").order_by("axe__ordre", "numero")
                ),
            )
            .order_by("ordre", "pk")
        )


class PointOrdreDuJour(models.Model):
    """One point: the label that it is of (none: all), who presents it, the papers, and what was said."""

    reunion = models.ForeignKey(Reunion, models.CASCADE, related_name="points", verbose_name="réunion")
    ordre = models.PositiveSmallIntegerField("ordre", editable=False)
    intitule = models.CharField("intitulé", max_length=200)
    label = models.ForeignKey(
        Label,
        models.PROTECT,
        related_name="points",
        verbose_name="pour",
        null=True,
        blank=True,
        help_text="Le label qui délibère sur ce point. Vide : tous.",
    )
    duree = models.PositiveSmallIntegerField("durée, en minutes", null=True, blank=True)
    rapporteur = models.ForeignKey(
        Personne,
        models.PROTECT,
        related_name="points_rapportes",
        verbose_name="rapporteur",
        null=True,
        blank=True,
    )
    fonction_rapporteur = models.CharField(
        "ou sa fonction",
        max_length=200,
        blank=True,
        default="",
        help_text="À la place d’une personne, par exemple « la direction de la petite enfance ».",
    )
    texte = models.TextField(
        "présentation",
        blank=True,
        default="",
        help_text="Ce que les membres doivent savoir avant de venir ; imprimé dans le dossier.",
    )
    documents = models.ManyToManyField(
        Document, related_name="points", verbose_name="documents à lire", blank=True
    )
    fiches = models.ManyToManyField(
        FicheProjet, related_name="points", verbose_name="fiches concernées", blank=True
    )
    notes = models.TextField("notes de séance", blank=True, default="")

    objects = PointQuerySet.as_manager()
    historique = Historique(m2m_fields=["documents", "fiches"])

    class Meta:
        verbose_name = "point de l’ordre du jour"
        verbose_name_plural = "points de l’ordre du jour"
        constraints = [
            models.UniqueConstraint(
                fields=["reunion", "ordre"],
                name="point_ordre_unique",
                violation_error_message="Cette place est déjà prise dans l’ordre du jour.",
            ),
            models.CheckConstraint(
                name="point_nomme",
                condition=~Q(intitule=""),
                violation_error_message="Écrivez l’intitulé du point.",
            ),
            models.CheckConstraint(
                name="point_duree_vraisemblable",
                condition=Q(duree=None) | Q(duree__range=(1, DUREES[1])),
                violation_error_message=f"Écrivez une durée entre 1 et {DUREES[1]} minutes.",
            ),
            models.CheckConstraint(
                name="point_un_rapporteur",
                condition=Q(rapporteur=None) | Q(fonction_rapporteur=""),
                violation_error_message="Choisissez une personne ou écrivez une fonction, pas les deux.",
            ),
            textes_bornes("texte", "notes", name="point_textes_bornes"),
        ]

    def __str__(self):
        return Truncator(self.intitule).chars(80, truncate="…")

    def get_absolute_url(self):
        return f"{self.reunion.get_absolute_url()}#{self.ancre}"

    def clean(self):
        super().clean()
        if self.reunion_id is None:
            return
        fautes = {}
        if self.label_id and self.label.convention_id != self.convention_id:
            fautes["label"] = "Ce label n’est pas de cette convention."
        if self.rapporteur_id and self.rapporteur.convention_id != self.convention_id:
            fautes["rapporteur"] = "Cette personne n’est pas de cette convention."
        if fautes:
            raise ValidationError(fautes)

    @property
    def ancre(self) -> str:
        return f"point-{self.pk}"

    @property
    def convention_id(self) -> int:
        """What the rights are asked of."""
        return self.reunion.convention_id

    @property
    def presente_par(self) -> str:
        return str(self.rapporteur or self.fonction_rapporteur)

    @property
    def version(self) -> int:
        """Moves with every change, by whatever door; one query."""
        return self.historique.count()
