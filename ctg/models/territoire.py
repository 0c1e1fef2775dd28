"""Where: territoire, the ways to cut it, and its quartiers."""

from django.db import models

from ctg.models.base import Source


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

    objects = QuartierQuerySet.as_manager()

    class Meta:
        verbose_name = "quartier"
        constraints = [
            models.UniqueConstraint(
                fields=["decoupage", "nom"],
                name="quartier_nom_unique_par_decoupage",
                violation_error_message="Ce quartier existe déjà dans ce découpage.",
            ),
        ]

    def __str__(self):
        return self.nom
