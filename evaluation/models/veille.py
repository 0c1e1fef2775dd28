"""The social watch: series, their observations, the territories they are compared with."""

import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse

from ctg.dates import date_plausible
from ctg.models import Convention, Historique, Quartier, Source
from ctg.models.convention import LienField
from ctg.recherche import Cherchable, CherchableQuerySet, normalise
from ctg.textes import texte_borne, textes_bornes
from evaluation.enums import (
    CumulSerie,
    EtatObservation,
    NatureSerie,
    NiveauTerritoire,
    PeriodeSerie,
    SituationObservation,
)
from evaluation.models.nombres import bornes, nombre_field
from evaluation.veille.periodes import dire_periode, raison_de_la_periode
from fiches.models import Axe, FicheProjet

LONG = {"blank": True, "default": "", "validators": [texte_borne]}
PREMIERE, DERNIERE = datetime.date(1990, 1, 1), datetime.date(2100, 12, 31)
D_AILLEURS = "« {} » n’est pas de cette convention : choisissez dans la liste."


class SerieSociale(Cherchable, Source):
    """One figure followed over time and territories. `is_publique`: published data, read by whoever holds a mandate."""

    convention = models.ForeignKey(
        Convention, models.PROTECT, related_name="series_sociales", verbose_name="convention"
    )
    code = models.SlugField("code", max_length=40, help_text="Par exemple « enfants-moins-3 ».")
    intitule = models.CharField("intitulé", max_length=200)
    theme = models.CharField(
        "thème", max_length=80, blank=True, default="", help_text="Par exemple « Petite enfance »."
    )
    nature = models.CharField("nature", max_length=20, choices=NatureSerie, default=NatureSerie.EFFECTIF)
    unite = models.CharField(
        "unité", max_length=40, blank=True, default="", help_text="Au pluriel : « enfants », « % », « € »."
    )
    definition = models.TextField("définition", **LONG)
    producteur = models.CharField(
        "producteur", max_length=120, blank=True, default="", help_text="Qui publie ces chiffres."
    )
    jeu_de_donnees = models.CharField("jeu de données", max_length=200, blank=True, default="")
    lien = LienField("adresse du jeu de données", blank=True, default="")
    licence = models.CharField("licence", max_length=120, blank=True, default="")
    date_donnees = models.DateField("données publiées le", null=True, blank=True, validators=[date_plausible])
    cumul = models.CharField(
        "comment les quartiers font la ville", max_length=20, choices=CumulSerie, default=CumulSerie.SOMME
    )
    periode = models.CharField("période", max_length=20, choices=PeriodeSerie, default=PeriodeSerie.ANNEE)
    is_publique = models.BooleanField(
        "données publiques",
        default=False,
        help_text="Cochée : la série est lue par tous ceux qui ont un mandat. Sinon, par l’équipe et la Caf.",
    )
    axes = models.ManyToManyField(Axe, related_name="series_sociales", verbose_name="axes", blank=True)
    fiches = models.ManyToManyField(
        FicheProjet, related_name="series_sociales", verbose_name="fiches", blank=True
    )

    objects = CherchableQuerySet.as_manager()
    historique = Historique(m2m_fields=["axes", "fiches"], excluded_fields=["recherche"])

    class Meta:
        verbose_name = "série sociale"
        verbose_name_plural = "séries sociales"
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "code"],
                name="serie_code_unique_par_convention",
                violation_error_message="Une série de cette convention a déjà ce code.",
            ),
            models.CheckConstraint(
                name="serie_nommee",
                condition=~Q(code="") & ~Q(intitule=""),
                violation_error_message="Donnez un code et un intitulé à la série.",
            ),
            models.CheckConstraint(
                name="serie_nature_connue",
                condition=Q(nature__in=NatureSerie.values),
                violation_error_message="Cette nature de série n’existe pas.",
            ),
            models.CheckConstraint(
                name="serie_cumul_connu",
                condition=Q(cumul__in=CumulSerie.values),
                violation_error_message="Dites comment les quartiers font la ville.",
            ),
            models.CheckConstraint(
                name="serie_periode_connue",
                condition=Q(periode__in=PeriodeSerie.values),
                violation_error_message="Cette période n’existe pas.",
            ),
            models.CheckConstraint(
                name="serie_taux_ne_s_additionne_pas",
                condition=~Q(nature=NatureSerie.TAUX, cumul=CumulSerie.SOMME),
                violation_error_message=(
                    "Des taux ne s’additionnent pas : choisissez « moyenne pondérée » ou « ne se cumulent pas »."
                ),
            ),
            textes_bornes("definition", name="serie_textes_bornes"),
        ]

    def __str__(self):
        return self.intitule

    def get_absolute_url(self):
        return reverse("veille:serie", kwargs={"convention": self.convention.slug, "code": self.code})

    def get_textes_recherche(self):
        return [self.code, self.intitule, self.theme, self.producteur, self.definition, self.jeu_de_donnees]


class TerritoireCompare(Source):
    """A territory that the city is compared with: its département, its région, France, another commune."""

    convention = models.ForeignKey(
        Convention, models.PROTECT, related_name="territoires_compares", verbose_name="convention"
    )
    niveau = models.CharField("niveau", max_length=20, choices=NiveauTerritoire)
    nom = models.CharField("nom", max_length=120)
    code = models.CharField(
        "code", max_length=20, blank=True, default="", help_text="Par exemple le code Insee : 21, 27, 21054."
    )

    historique = Historique()

    class Meta:
        verbose_name = "territoire de comparaison"
        verbose_name_plural = "territoires de comparaison"
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "nom"],
                name="territoire_compare_nom_unique",
                violation_error_message="Un territoire de comparaison a déjà ce nom.",
            ),
            models.CheckConstraint(
                name="territoire_compare_nomme",
                condition=~Q(nom=""),
                violation_error_message="Donnez un nom à ce territoire.",
            ),
            models.CheckConstraint(
                name="territoire_compare_niveau_connu",
                condition=Q(niveau__in=NiveauTerritoire.values),
                violation_error_message="Ce niveau de territoire n’existe pas.",
            ),
        ]

    def __str__(self):
        return self.nom

    def get_absolute_url(self):
        return reverse("veille:territoires", kwargs={"convention": self.convention.slug})

    def clean(self):
        super().clean()
        if self.convention_id and normalise(self.nom) == normalise(self.convention.territoire.nom):
            raise ValidationError({"nom": "C’est le territoire de la convention : on le compare à d’autres."})


HORS_TAUX = "Un taux va de 0 à 100\u00a0% : vérifiez le fichier, ou donnez à la série la nature « autre » si elle peut en sortir."


def un_lieu(nom: str) -> models.CheckConstraint:
    """A quartier, a territory that one compares with, or neither: the city."""
    return models.CheckConstraint(
        name=nom,
        condition=Q(quartier=None) | Q(territoire_compare=None),
        violation_error_message="Un chiffre est d’un quartier ou d’un territoire de comparaison, pas des deux.",
    )


def _verifier_lieu(objet, convention: Convention | None) -> None:
    if convention is None:
        return
    if objet.quartier_id and objet.quartier.decoupage.territoire_id != convention.territoire_id:
        raise ValidationError({"quartier": D_AILLEURS.format(objet.quartier)})
    if objet.territoire_compare_id and objet.territoire_compare.convention_id != convention.pk:
        raise ValidationError({"territoire_compare": D_AILLEURS.format(objet.territoire_compare)})


class AutreNom(models.Model):
    """Another name or code under which producers name the city, a quartier or a territory that one compares with."""

    convention = models.ForeignKey(
        Convention, models.PROTECT, related_name="autres_noms_de_territoire", verbose_name="convention"
    )
    nom = models.CharField("nom ou code dans les fichiers", max_length=120)
    cle = models.CharField("nom sans accents", max_length=120, editable=False)
    quartier = models.ForeignKey(
        Quartier, models.CASCADE, related_name="autres_noms", verbose_name="quartier", null=True, blank=True
    )
    territoire_compare = models.ForeignKey(
        TerritoireCompare,
        models.CASCADE,
        related_name="autres_noms",
        verbose_name="territoire de comparaison",
        null=True,
        blank=True,
    )

    historique = Historique()

    class Meta:
        verbose_name = "autre nom d’un territoire"
        verbose_name_plural = "autres noms des territoires"
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "cle"],
                name="autre_nom_unique",
                violation_error_message="Ce nom désigne déjà un territoire : retirez d’abord l’autre ligne.",
            ),
            models.CheckConstraint(
                name="autre_nom_ecrit",
                condition=~Q(cle=""),
                violation_error_message="Écrivez un nom ou un code, avec des lettres ou des chiffres.",
            ),
            un_lieu("autre_nom_d_un_seul_lieu"),
        ]

    def __str__(self):
        return self.nom

    def save(self, *args, **kwargs):
        self.cle = normalise(self.nom)
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("veille:territoires", kwargs={"convention": self.convention.slug})

    def clean(self):
        super().clean()
        self.cle = normalise(self.nom)
        _verifier_lieu(self, self.convention if self.convention_id else None)


class ObservationQuerySet(models.QuerySet):
    def for_report(self):
        return self.select_related("quartier__decoupage", "territoire_compare")


class Observation(Source):
    """One figure. No observation: the figure is missing, which is neither zero nor withheld.

    `debut`: the first day of what it covers, or the day itself.
    """

    dates_anciennes = ("debut",)  # a series may be older than the conventions (ctg.validations)

    serie = models.ForeignKey(SerieSociale, models.PROTECT, related_name="observations", verbose_name="série")
    debut = models.DateField("période")
    quartier = models.ForeignKey(
        Quartier,
        models.PROTECT,
        related_name="observations",
        verbose_name="quartier",
        null=True,
        blank=True,
    )
    territoire_compare = models.ForeignKey(
        TerritoireCompare,
        models.PROTECT,
        related_name="observations",
        verbose_name="territoire de comparaison",
        null=True,
        blank=True,
    )
    situation = models.CharField(
        "situation", max_length=20, choices=SituationObservation, default=SituationObservation.DIFFUSEE
    )
    valeur = nombre_field("valeur")
    etat = models.CharField(
        "état", max_length=20, choices=EtatObservation, default=EtatObservation.DEFINITIVE
    )

    objects = ObservationQuerySet.as_manager()
    historique = Historique()

    class Meta:
        verbose_name = "observation"
        constraints = [
            models.UniqueConstraint(
                fields=["serie", "debut"],
                condition=Q(quartier=None, territoire_compare=None),
                name="observation_unique_de_la_ville",
                violation_error_message="La ville a déjà un chiffre pour cette période.",
            ),
            models.UniqueConstraint(
                fields=["serie", "debut", "quartier"],
                condition=Q(quartier__isnull=False),
                name="observation_unique_du_quartier",
                violation_error_message="Ce quartier a déjà un chiffre pour cette période.",
            ),
            models.UniqueConstraint(
                fields=["serie", "debut", "territoire_compare"],
                condition=Q(territoire_compare__isnull=False),
                name="observation_unique_du_territoire",
                violation_error_message="Ce territoire a déjà un chiffre pour cette période.",
            ),
            un_lieu("observation_d_un_seul_lieu"),
            models.CheckConstraint(
                name="observation_periode_plausible",
                condition=Q(debut__range=(PREMIERE, DERNIERE)),
                violation_error_message="Écrivez une période entre 1990 et 2100.",
            ),
            models.CheckConstraint(
                name="observation_diffusee_ou_non",
                condition=Q(situation=SituationObservation.DIFFUSEE, valeur__isnull=False)
                | Q(situation=SituationObservation.SECRET, valeur=None),
                violation_error_message=(
                    "Une valeur diffusée est un nombre ; une valeur non diffusée n’en a pas. Ce qui manque ne s’écrit pas."
                ),
            ),
            models.CheckConstraint(
                name="observation_etat_connu",
                condition=Q(etat__in=EtatObservation.values),
                violation_error_message="Une valeur est définitive ou provisoire.",
            ),
            bornes("observation_nombres_bornes", "valeur"),
        ]

    def __str__(self):
        return f"{self.serie}, {self.lieu}, {self.periode}"

    @property
    def periode(self) -> str:
        return dire_periode(self.serie.periode, self.debut)

    @property
    def lieu(self) -> str:
        return str(self.quartier or self.territoire_compare or self.serie.convention.territoire)

    @property
    def is_secrete(self) -> bool:
        return self.situation == SituationObservation.SECRET

    def clean(self):
        super().clean()
        if not self.serie_id:
            return
        if self.debut and (raison := raison_de_la_periode(self.serie.periode, self.debut)):
            raise ValidationError({"debut": raison})
        _verifier_lieu(self, self.serie.convention)
        if self.serie.nature == NatureSerie.EFFECTIF and self.valeur is not None and self.valeur < 0:
            raise ValidationError({"valeur": "Un effectif n’est pas négatif : vérifiez le fichier."})
        if self.serie.nature == NatureSerie.TAUX and self.valeur is not None and not 0 <= self.valeur <= 100:
            raise ValidationError({"valeur": HORS_TAUX})
