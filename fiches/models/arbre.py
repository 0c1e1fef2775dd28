"""The tree: axes of free depth, and the objectives that stand under them."""

from django.db import models
from django.db.models import F, Q

from ctg.models import (
    Contractuel,
    Convention,
    Demarche,
    Historique,
    Mandat,
    Repris,
    Service,
    Source,
    Temporel,
    TemporelQuerySet,
)
from fiches.enums import NatureObjectif


class AxeQuerySet(TemporelQuerySet):
    def for_tree(self):
        return self.select_related("service", "predecesseur__convention", "convention").order_by(
            "rang", "ordre", "pk"
        )


class Axe(Contractuel, Repris, Source, Temporel):
    """A node of the tree. `rang` is its depth (1 at the top); the convention names each level.

    Announced totals may contradict the lists: `nb_*_annonce` keep what the text announces.
    """

    CONTRACTUELS = ("intitule", "enjeux", "parent", "service")

    convention = models.ForeignKey(Convention, models.PROTECT, related_name="axes", verbose_name="convention")
    parent = models.ForeignKey(
        "self", models.PROTECT, related_name="enfants", verbose_name="axe parent", null=True, blank=True
    )
    rang = models.PositiveSmallIntegerField("rang", default=1)
    code = models.CharField("code", max_length=20)
    numero = models.PositiveSmallIntegerField("numéro")
    ordre = models.PositiveSmallIntegerField("ordre")
    intitule = models.CharField("intitulé", max_length=300)
    presentation = models.TextField("présentation", blank=True, default="")
    enjeux = models.TextField("enjeux", blank=True, default="")
    introduction_objectifs = models.TextField("introduction des objectifs", blank=True, default="")
    conclusion_objectifs = models.TextField("suite des objectifs", blank=True, default="")
    nb_axes_annonce = models.PositiveSmallIntegerField("nombre d’axes annoncé", null=True, blank=True)
    nb_fiches_annonce = models.PositiveSmallIntegerField("nombre de fiches annoncé", null=True, blank=True)
    service = models.ForeignKey(
        Service,
        models.PROTECT,
        related_name="axes",
        verbose_name="service coordinateur",
        null=True,
        blank=True,
    )

    objects = AxeQuerySet.as_manager()
    historique = Historique()

    class Meta(Temporel.Meta):
        verbose_name = "axe"
        constraints = [
            *Temporel.Meta.constraints,
            *Repris.Meta.constraints,
            models.UniqueConstraint(
                fields=["convention", "predecesseur"],
                condition=Q(date_fin=None),
                name="axe_repris_une_fois",
                violation_error_message="Un autre axe prend déjà la suite de celui-ci.",
            ),
            models.UniqueConstraint(
                fields=["convention", "code"],
                condition=Q(date_fin=None),
                name="axe_code_unique_en_vigueur",
                violation_error_message="Un axe en vigueur a déjà ce code.",
            ),
            models.CheckConstraint(
                name="axe_rang_et_parent",
                condition=Q(rang=1, parent=None) | Q(rang__gt=1, parent__isnull=False),
                violation_error_message="Un axe de premier rang n’a pas de parent ; les autres en ont un.",
            ),
            models.CheckConstraint(
                name="axe_pas_son_propre_parent",
                condition=Q(parent=None) | ~Q(parent=F("pk")),
                violation_error_message="Un axe ne peut pas être son propre parent.",
            ),
        ]

    def __str__(self):
        return f"{self.code} – {self.intitule}"

    def clean(self):
        super().clean()
        self._poser_rang()

    def save(self, *args, **kwargs):
        self._poser_rang()
        super().save(*args, **kwargs)

    def _poser_rang(self) -> None:
        self.rang = self.parent.rang + 1 if self.parent_id else 1


class ObjectifOperationnel(Contractuel, Source, Temporel):
    """An operational objective of an axe (or of a fiche of its own); sub-items hang under it."""

    CONTRACTUELS = ("intitule", "nature", "axe", "parent")

    axe = models.ForeignKey(
        Axe, models.PROTECT, related_name="objectifs", verbose_name="axe", null=True, blank=True
    )
    fiche = models.ForeignKey(
        "fiches.FicheProjet",
        models.CASCADE,
        related_name="objectifs",
        verbose_name="fiche",
        null=True,
        blank=True,
    )
    parent = models.ForeignKey(
        "self", models.CASCADE, related_name="enfants", verbose_name="objectif parent", null=True, blank=True
    )
    code = models.CharField("code", max_length=30)
    ordre = models.PositiveSmallIntegerField("ordre")
    nature = models.CharField(
        "nature", max_length=20, choices=NatureObjectif, default=NatureObjectif.OBJECTIF
    )
    intitule = models.TextField("intitulé")

    objects = TemporelQuerySet.as_manager()
    historique = Historique()

    class Meta(Temporel.Meta):
        verbose_name = "objectif opérationnel"
        verbose_name_plural = "objectifs opérationnels"
        constraints = [
            *Temporel.Meta.constraints,
            models.CheckConstraint(
                name="objectif_axe_ou_fiche",
                condition=Q(axe__isnull=False, fiche=None) | Q(axe=None, fiche__isnull=False),
                violation_error_message="Un objectif appartient à un axe ou à une fiche, pas aux deux.",
            ),
            models.CheckConstraint(
                name="objectif_nature_et_parent",
                condition=Q(nature=NatureObjectif.OBJECTIF, parent=None)
                | Q(
                    nature__in=[NatureObjectif.CONSIDERATION, NatureObjectif.DECLINAISON],
                    parent__isnull=False,
                ),
                violation_error_message="Une considération ou une déclinaison se rattache à un objectif.",
            ),
        ]

    def __str__(self):
        return self.intitule

    def get_convention(self) -> Convention:
        return (self.axe or self.fiche).convention


class Contribution(Source):
    """A link that the text states between an axe, or a fiche, and a démarche."""

    demarche = models.ForeignKey(
        Demarche, models.CASCADE, related_name="contributions", verbose_name="démarche"
    )
    axe = models.ForeignKey(
        Axe, models.CASCADE, related_name="contributions", verbose_name="axe", null=True, blank=True
    )
    fiche = models.ForeignKey(
        "fiches.FicheProjet",
        models.CASCADE,
        related_name="contributions",
        verbose_name="fiche",
        null=True,
        blank=True,
    )

    historique = Historique()

    class Meta:
        verbose_name = "contribution à une démarche"
        verbose_name_plural = "contributions aux démarches"
        constraints = [
            models.CheckConstraint(
                name="contribution_axe_ou_fiche",
                condition=Q(axe__isnull=False, fiche=None) | Q(axe=None, fiche__isnull=False),
                violation_error_message="Une contribution est celle d’un axe ou celle d’une fiche.",
            ),
            models.UniqueConstraint(
                fields=["demarche", "axe"],
                condition=Q(fiche=None),
                name="contribution_unique_par_axe",
                violation_error_message="Cet axe contribue déjà à cette démarche.",
            ),
            models.UniqueConstraint(
                fields=["demarche", "fiche"],
                condition=Q(axe=None),
                name="contribution_unique_par_fiche",
                violation_error_message="Cette fiche contribue déjà à cette démarche.",
            ),
        ]

    def __str__(self):
        return str(self.demarche)


class PerimetreAxe(models.Model):
    """A mandate holds on this axe, its descendants, its successors and their fiches."""

    LU_OU_ECRIT = True

    mandat = models.ForeignKey(Mandat, models.CASCADE, related_name="perimetres_axe", verbose_name="mandat")
    axe = models.ForeignKey(Axe, models.PROTECT, related_name="perimetres", verbose_name="axe")

    historique = Historique()

    class Meta:
        verbose_name = "périmètre (axe)"
        verbose_name_plural = "périmètres (axes)"
        constraints = [
            models.UniqueConstraint(
                fields=["mandat", "axe"],
                name="perimetre_axe_unique",
                violation_error_message="Ce mandat porte déjà sur cet axe.",
            ),
        ]

    def __str__(self):
        return str(self.axe_id)
