"""Which services are supported, and by which annexe."""

from django.db import models
from django.db.models import Q

from ctg.models import (
    Contractuel,
    Convention,
    Historique,
    Organisme,
    Quartier,
    Source,
    Temporel,
    TemporelQuerySet,
    Territoire,
)
from ctg.recherche import Cherchable, CherchableQuerySet, mots_cherches
from structures.enums import AnnexeInscription, NatureAgrement, SousType

# Over 1500 people a building for children or young people is of the first category (code de la construction et de
# l’habitation, art. R. 143-19): no service of a CTG receives as many at once. An unknown number of places is empty, not 0.
CAPACITE_MIN, CAPACITE_MAX = 1, 1500


class TypeStructure(Source):
    """EAJE, RPE, ALSH… shared by the whole installation."""

    code = models.SlugField("code", max_length=40, unique=True)
    nom = models.CharField("nom", max_length=120)
    ordre = models.PositiveSmallIntegerField("ordre")

    class Meta:
        verbose_name = "type de structure"
        verbose_name_plural = "types de structure"

    def __str__(self):
        return self.nom


class StructureQuerySet(CherchableQuerySet):
    def of_convention(self, convention):
        """Structures inscribed in this convention, at whatever time."""
        return self.filter(pk__in=Inscription.objects.filter(convention=convention).values("structure"))

    def search(self, query: str):
        """Every word, in the structure's own text or among the names of its gestionnaire."""
        mots = mots_cherches(query)
        if mots is None:
            return self.none()
        queryset = self
        for mot in mots:
            queryset = queryset.filter(Q(recherche__contains=mot) | Q(gestionnaire__recherche__contains=mot))
        return queryset

    def for_list(self, convention):
        """All that the list touches; `inscriptions` are those of this convention, with the annexe as signed."""
        inscriptions = Inscription.objects.filter(convention=convention).order_by("annexe", "pk")
        return (
            self.of_convention(convention)
            .select_related("type_structure", "gestionnaire", "quartier")
            .prefetch_related(models.Prefetch("inscriptions", inscriptions), "agrements")
            .order_by("type_structure__ordre", "nom", "pk")
        )


class Structure(Contractuel, Source, Cherchable):
    """A service at a place under a gestionnaire. One place may hold several."""

    CONTRACTUELS = ("nom", "adresse", "code_postal", "commune", "gestionnaire")

    territoire = models.ForeignKey(
        Territoire, models.PROTECT, related_name="structures", verbose_name="territoire"
    )
    code = models.SlugField("code", max_length=40)
    type_structure = models.ForeignKey(
        TypeStructure, models.PROTECT, related_name="structures", verbose_name="type"
    )
    sous_type = models.CharField("catégorie", max_length=20, choices=SousType, blank=True, default="")
    nom = models.CharField("nom", max_length=200)
    adresse = models.CharField("adresse", max_length=200, blank=True, default="")
    code_postal = models.CharField("code postal", max_length=5, blank=True, default="")
    commune = models.CharField("commune", max_length=120, blank=True, default="")
    gestionnaire = models.ForeignKey(
        Organisme,
        models.PROTECT,
        related_name="structures",
        verbose_name="gestionnaire",
        null=True,
        blank=True,
    )
    quartier = models.ForeignKey(
        Quartier, models.PROTECT, related_name="structures", verbose_name="quartier", null=True, blank=True
    )
    capacite = models.PositiveIntegerField("capacité (places)", null=True, blank=True)
    latitude = models.DecimalField("latitude", max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField("longitude", max_digits=8, decimal_places=5, null=True, blank=True)
    source_complements = models.CharField(
        "source des compléments",
        max_length=200,
        blank=True,
        default="",
        help_text="D’où viennent le quartier, la capacité et les coordonnées, que le texte ne donne pas.",
    )

    objects = StructureQuerySet.as_manager()
    historique = Historique(excluded_fields=["recherche"])

    class Meta:
        verbose_name = "structure"
        constraints = [
            models.UniqueConstraint(
                fields=["territoire", "code"],
                name="structure_code_unique_par_territoire",
                violation_error_message="Ce code de structure est déjà pris sur ce territoire.",
            ),
            models.CheckConstraint(
                name="structure_coordonnees_completes",
                condition=Q(latitude=None, longitude=None)
                | Q(
                    # A comparison with NULL is not false for a CHECK: both must be there.
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                violation_error_message="Latitude et longitude vont ensemble.",
            ),
            models.CheckConstraint(
                name="structure_capacite_plausible",
                condition=Q(capacite=None) | Q(capacite__range=(CAPACITE_MIN, CAPACITE_MAX)),
                violation_error_message="Une structure a entre 1 et 1\u202f500 places. Laissez vide ce que vous ne savez pas.",
            ),
            models.CheckConstraint(
                name="structure_code_postal_cinq_chiffres",
                condition=Q(code_postal="") | Q(code_postal__regex=r"^[0-9]{5}$"),
                violation_error_message="Un code postal a cinq chiffres.",
            ),
        ]

    def __str__(self):
        return self.nom

    def get_textes_recherche(self):
        return [self.nom, self.adresse, self.code_postal, self.commune, self.a_verifier]

    @property
    def adresse_complete(self) -> str:
        ville = f"{self.code_postal} {self.commune}".strip()
        return ", ".join(part for part in (self.adresse, ville) if part)


class InscriptionQuerySet(TemporelQuerySet):
    def for_list(self):
        return self.select_related("structure").order_by("annexe", "ordre", "pk")


class Inscription(Contractuel, Source, Temporel):
    """What binds a structure to a convention: the annexe that supports it, and its line as signed."""

    CONTRACTUELS = ("annexe", "rubrique", "designation", "nom", "adresse", "gestionnaire")

    convention = models.ForeignKey(
        Convention, models.PROTECT, related_name="inscriptions", verbose_name="convention"
    )
    structure = models.ForeignKey(
        Structure, models.PROTECT, related_name="inscriptions", verbose_name="structure"
    )
    annexe = models.CharField("annexe", max_length=5, choices=AnnexeInscription)
    ordre = models.PositiveSmallIntegerField("ordre")
    rubrique = models.CharField("rubrique", max_length=120)
    designation = models.CharField("type, comme signé", max_length=200, blank=True, default="")
    nom = models.CharField("nom, comme signé", max_length=200)
    adresse = models.CharField("adresse, comme signée", max_length=300, blank=True, default="")
    gestionnaire = models.CharField("gestionnaire, comme signé", max_length=200, blank=True, default="")

    objects = InscriptionQuerySet.as_manager()
    historique = Historique()

    class Meta(Temporel.Meta):
        verbose_name = "inscription"
        constraints = [
            *Temporel.Meta.constraints,
            models.UniqueConstraint(
                fields=["convention", "structure"],
                condition=Q(date_fin=None),
                name="inscription_unique_en_vigueur",
                violation_error_message="Cette structure est déjà inscrite à cette convention.",
            ),
            models.CheckConstraint(
                name="inscription_annexe_connue",
                condition=Q(annexe__in=AnnexeInscription.values),
                violation_error_message="Une structure est inscrite à l’annexe 2 ou 2 bis.",
            ),
        ]

    def __str__(self):
        return f"{self.nom} ({self.get_annexe_display()})"


class Agrement(Source):
    structure = models.ForeignKey(
        Structure, models.CASCADE, related_name="agrements", verbose_name="structure"
    )
    nature = models.CharField("nature", max_length=20, choices=NatureAgrement)

    historique = Historique()

    class Meta:
        verbose_name = "agrément"
        constraints = [
            models.UniqueConstraint(
                fields=["structure", "nature"],
                name="agrement_unique_par_nature",
                violation_error_message="Cette structure a déjà cet agrément.",
            ),
            models.CheckConstraint(
                name="agrement_nature_connue",
                condition=Q(nature__in=NatureAgrement.values),
                violation_error_message="Cette nature d’agrément n’existe pas.",
            ),
        ]

    def __str__(self):
        return self.get_nature_display()
