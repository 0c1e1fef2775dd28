"""Where: territoire, the ways to cut it, and its quartiers."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from ctg.contours import valider_contour
from ctg.models.base import Source
from ctg.models.historique import Historique
from ctg.recherche import normalise


class Territoire(models.Model):
    """A commune or intercommunality; owns structures, quartiers and découpages."""

    nom = models.CharField("nom", max_length=120, unique=True)

    class Meta:
        verbose_name = "territoire"

    def __str__(self):
        return self.nom


class Decoupage(Source):
    """One way to cut the territory; several services may each have their own."""

    territoire = models.ForeignKey(
        Territoire, models.PROTECT, related_name="decoupages", verbose_name="territoire"
    )
    code = models.SlugField("code", max_length=60)
    nom = models.CharField("nom", max_length=120)
    nb_secteurs_annonce = models.PositiveSmallIntegerField(
        "nombre de secteurs annoncé", null=True, blank=True
    )
    is_reference = models.BooleanField("découpage de référence", default=False)

    class Meta:
        verbose_name = "découpage"
        constraints = [
            models.UniqueConstraint(
                fields=["territoire", "code"],
                name="decoupage_code_unique_par_territoire",
                violation_error_message="Ce code de découpage est déjà pris sur ce territoire.",
            ),
            models.UniqueConstraint(
                fields=["territoire"],
                condition=models.Q(is_reference=True),
                name="decoupage_une_seule_reference",
                violation_error_message="Ce territoire a déjà un découpage de référence.",
            ),
        ]

    def __str__(self):
        return self.nom


class QuartierQuerySet(models.QuerySet):
    def de_reference(self, territoire):
        """Those of the découpage of reference of a territoire, in its order."""
        return self.filter(decoupage__territoire=territoire, decoupage__is_reference=True).order_by(
            "ordre", "pk"
        )


class Quartier(Source):
    decoupage = models.ForeignKey(
        Decoupage, models.PROTECT, related_name="quartiers", verbose_name="découpage"
    )
    ordre = models.PositiveSmallIntegerField("ordre")
    nom = models.CharField("nom", max_length=120)
    contour = models.JSONField(
        "contour",
        null=True,
        blank=True,
        editable=False,
        validators=[valider_contour],
        help_text="Un polygone GeoJSON, en longitudes et latitudes.",
    )
    source_contour = models.CharField("source du contour", max_length=200, blank=True, default="")

    objects = QuartierQuerySet.as_manager()
    historique = Historique()

    class Meta:
        verbose_name = "quartier"
        constraints = [
            models.CheckConstraint(
                name="quartier_contour_a_sa_source",
                condition=Q(contour__isnull=True, source_contour="")
                | (Q(contour__isnull=False) & ~Q(source_contour="")),
                violation_error_message="Dites d’où vient le contour de ce quartier.",
            ),
            models.UniqueConstraint(
                fields=["decoupage", "nom"],
                name="quartier_nom_unique_par_decoupage",
                violation_error_message="Ce quartier existe déjà dans ce découpage.",
            ),
        ]

    def __str__(self):
        return self.nom

    def clean(self):
        """« Nord » and « NORD » are one."""
        super().clean()
        autres = Quartier.objects.filter(decoupage=self.decoupage_id).exclude(pk=self.pk)
        pareils = [
            nom for nom in autres.values_list("nom", flat=True) if normalise(nom) == normalise(self.nom)
        ]
        if pareils and pareils != [self.nom]:
            raise ValidationError(
                {"nom": f"« {pareils[0]} » existe déjà dans ce découpage : c’est le même nom."}
            )


class Emboitement(models.Model):
    """A secteur of one découpage is made of quartiers of the découpage of reference, each of them whole.

    Values by quartier add up to those of a secteur only then.
    """

    decoupage = models.ForeignKey(
        Decoupage, models.PROTECT, related_name="emboitements", verbose_name="découpage"
    )
    secteur = models.ForeignKey(Quartier, models.CASCADE, related_name="emboitements", verbose_name="secteur")
    quartier = models.ForeignKey(
        Quartier, models.PROTECT, related_name="englobants", verbose_name="quartier de référence"
    )

    historique = Historique()

    class Meta:
        verbose_name = "emboîtement"
        constraints = [
            models.UniqueConstraint(
                fields=["decoupage", "quartier"],
                name="emboitement_un_secteur_par_quartier",
                violation_error_message="Ce quartier est déjà dans un autre secteur de ce découpage.",
            ),
            models.CheckConstraint(
                name="emboitement_pas_dans_soi",
                condition=~Q(secteur=F("quartier")),
                violation_error_message="Un secteur ne se compose pas de lui-même.",
            ),
        ]

    def __str__(self):
        return f"{self.quartier} dans {self.secteur}"

    def clean(self):
        super().clean()
        if not (self.secteur_id and self.quartier_id and self.decoupage_id):
            return
        reference = self.quartier.decoupage
        if self.secteur.decoupage_id != self.decoupage_id or self.decoupage.is_reference:
            raise ValidationError(
                {"secteur": "Choisissez un secteur d’un découpage qui n’est pas celui de référence."}
            )
        if not reference.is_reference or reference.territoire_id != self.decoupage.territoire_id:
            raise ValidationError(
                {"quartier": "Choisissez un quartier du découpage de référence de ce territoire."}
            )
