"""How far it is: indicators, their targets, their yearly values, and the progress of each fiche."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from ctg.models import Historique, Source, Temporel, TemporelQuerySet
from ctg.nombres import CHIFFRES, DECIMALES, LIMITE
from evaluation.enums import (
    EtatMesure,
    NatureIndicateur,
    Periode,
    Periodicite,
    Sens,
    SituationMesure,
    TypeIndicateur,
)
from fiches.enums import StatutFiche
from fiches.models import FicheProjet

ANNEE_PLAUSIBLE = Q(annee__range=(2000, 2100))


def nombre_field(label: str) -> models.DecimalField:
    return models.DecimalField(label, max_digits=CHIFFRES, decimal_places=DECIMALES, null=True, blank=True)


def bornes(nom: str, *champs: str) -> models.CheckConstraint:
    """Every database reads back exactly what was written: SQLite knows no other limit."""
    condition = Q()
    for champ in champs:
        condition &= Q(**{champ: None}) | Q(**{f"{champ}__gt": -LIMITE, f"{champ}__lt": LIMITE})
    return models.CheckConstraint(
        name=nom,
        condition=condition,
        violation_error_message="Un nombre a au plus 11\u00a0chiffres avant la virgule et 4 après.",
    )


class IndicateurQuerySet(TemporelQuerySet):
    def for_entry(self):
        """With the targets and values that a page shows, in the order of the plan."""
        return (
            self.select_related("fiche")
            .prefetch_related("cibles", "mesures")
            .order_by("fiche__axe__ordre", "fiche__numero", "ordre", "pk")
        )


class Indicateur(Source, Temporel):
    """What is counted for a fiche, in which unit, from where and towards what."""

    fiche = models.ForeignKey(FicheProjet, models.PROTECT, related_name="indicateurs", verbose_name="fiche")
    code = models.SlugField("code", max_length=30)
    ordre = models.PositiveSmallIntegerField("ordre")
    intitule = models.CharField("intitulé", max_length=300)
    definition = models.TextField("définition et mode de calcul", blank=True, default="")
    nature = models.CharField("nature", max_length=20, choices=NatureIndicateur)
    type_indicateur = models.CharField("type", max_length=20, choices=TypeIndicateur)
    unite = models.CharField("unité", max_length=40, blank=True, default="")
    periodicite = models.CharField(
        "périodicité", max_length=20, choices=Periodicite, default=Periodicite.ANNUELLE
    )
    periode = models.CharField(
        "période couverte", max_length=20, choices=Periode, default=Periode.ANNEE_CIVILE
    )
    sens = models.CharField("sens souhaité", max_length=20, choices=Sens, default=Sens.HAUSSE)
    valeur_depart = nombre_field("valeur de départ")
    date_depart = models.DateField("date de la valeur de départ", null=True, blank=True)
    borne_min = nombre_field("plus petite valeur plausible")
    borne_max = nombre_field("plus grande valeur plausible")
    producteur = models.CharField("source et producteur de la donnée", max_length=200, blank=True, default="")

    objects = IndicateurQuerySet.as_manager()
    historique = Historique()

    class Meta(Temporel.Meta):
        verbose_name = "indicateur"
        constraints = [
            *Temporel.Meta.constraints,
            models.UniqueConstraint(
                fields=["fiche", "code"],
                condition=Q(date_fin=None),
                name="indicateur_code_unique_en_vigueur",
                violation_error_message="Un indicateur de cette fiche a déjà ce code.",
            ),
            models.CheckConstraint(
                name="indicateur_nature_connue",
                condition=Q(nature__in=NatureIndicateur.values),
                violation_error_message="Cette nature d’indicateur n’existe pas.",
            ),
            models.CheckConstraint(
                name="indicateur_bornes_ordonnees",
                condition=Q(borne_min=None) | Q(borne_max=None) | Q(borne_max__gte=F("borne_min")),
                violation_error_message="La plus grande valeur plausible est inférieure à la plus petite.",
            ),
            bornes("indicateur_nombres_bornes", "valeur_depart", "borne_min", "borne_max"),
        ]

    def __str__(self):
        return f"{self.code} – {self.intitule}"

    @property
    def unite_affichee(self) -> str:
        if self.nature == NatureIndicateur.POURCENTAGE:
            return "%"
        return self.unite or ("€" if self.nature == NatureIndicateur.MONTANT else "")


class Cible(Source):
    """The target of one year."""

    indicateur = models.ForeignKey(
        Indicateur, models.CASCADE, related_name="cibles", verbose_name="indicateur"
    )
    annee = models.PositiveSmallIntegerField("année")
    valeur = models.DecimalField("cible", max_digits=CHIFFRES, decimal_places=DECIMALES)

    historique = Historique()

    class Meta:
        verbose_name = "cible"
        constraints = [
            models.UniqueConstraint(
                fields=["indicateur", "annee"],
                name="cible_unique_par_annee",
                violation_error_message="Cet indicateur a déjà une cible pour cette année.",
            ),
            models.CheckConstraint(
                name="cible_annee_plausible",
                condition=ANNEE_PLAUSIBLE,
                violation_error_message="Cette année n’est pas plausible.",
            ),
            bornes("cible_nombres_bornes", "valeur"),
        ]

    def __str__(self):
        return f"{self.annee} : {self.valeur}"


class Mesure(Source):
    """The value of one indicator for one year. Zero is a value; a missing value is never zero."""

    indicateur = models.ForeignKey(
        Indicateur, models.PROTECT, related_name="mesures", verbose_name="indicateur"
    )
    annee = models.PositiveSmallIntegerField("année")
    situation = models.CharField(
        "situation", max_length=20, choices=SituationMesure, default=SituationMesure.RENSEIGNEE
    )
    valeur = nombre_field("valeur")
    valeur_texte = models.TextField("valeur en toutes lettres", blank=True, default="")
    numerateur = nombre_field("numérateur")
    denominateur = nombre_field("dénominateur")
    motif = models.TextField(
        "motif", blank=True, default="", help_text="Pourquoi sans objet, ou non renseignée."
    )
    etat = models.CharField("état", max_length=20, choices=EtatMesure, default=EtatMesure.DEFINITIVE)
    commentaire = models.TextField("commentaire", blank=True, default="")
    saisie_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="mesures",
        verbose_name="saisie par",
        null=True,
        blank=True,
        editable=False,
    )
    updated_at = models.DateTimeField("dernière saisie", null=True, editable=False)

    historique = Historique()

    class Meta:
        verbose_name = "mesure"
        constraints = [
            models.UniqueConstraint(
                fields=["indicateur", "annee"],
                name="mesure_unique_par_annee",
                violation_error_message="Cet indicateur a déjà une valeur pour cette année.",
            ),
            models.CheckConstraint(
                name="mesure_annee_plausible",
                condition=ANNEE_PLAUSIBLE,
                violation_error_message="Cette année n’est pas plausible.",
            ),
            models.CheckConstraint(
                name="mesure_situation_coherente",
                condition=Q(situation=SituationMesure.RENSEIGNEE, valeur__isnull=False, valeur_texte="")
                | (Q(situation=SituationMesure.RENSEIGNEE, valeur=None) & ~Q(valeur_texte=""))
                | (Q(situation=SituationMesure.SANS_OBJET, valeur=None, valeur_texte="") & ~Q(motif=""))
                | Q(situation=SituationMesure.NON_RENSEIGNEE, valeur=None, valeur_texte=""),
                violation_error_message=(
                    "Une valeur renseignée est un nombre ou un texte ; « sans objet » demande un motif."
                ),
            ),
            models.CheckConstraint(
                name="mesure_fraction_complete",
                condition=Q(numerateur=None, denominateur=None)
                | Q(
                    numerateur__isnull=False,
                    denominateur__isnull=False,
                    denominateur__gt=0,
                    valeur__isnull=False,
                ),
                violation_error_message="Numérateur et dénominateur vont ensemble, et on ne divise pas par zéro.",
            ),
            models.CheckConstraint(
                name="mesure_etat_connu",
                condition=Q(etat__in=EtatMesure.values),
                violation_error_message="Cet état de mesure n’existe pas.",
            ),
            bornes("mesure_nombres_bornes", "valeur", "numerateur", "denominateur"),
        ]

    def __str__(self):
        return f"{self.indicateur_id} {self.annee}"


class Avancement(Source):
    """What one year did to one fiche, in figures and in words."""

    fiche = models.ForeignKey(FicheProjet, models.PROTECT, related_name="avancements", verbose_name="fiche")
    annee = models.PositiveSmallIntegerField("année")
    statut = models.CharField("statut", max_length=20, choices=StatutFiche, blank=True, default="")
    taux_avancement = models.PositiveSmallIntegerField(
        "avancement (%)", null=True, blank=True, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    realisations = models.TextField("réalisations de l’année", blank=True, default="")
    publics_touches = models.TextField("publics touchés", blank=True, default="")
    difficultes = models.TextField("difficultés", blank=True, default="")
    ajustements = models.TextField("ajustements", blank=True, default="")
    decision_demandee = models.TextField("décision demandée au COPIL", blank=True, default="")
    saisie_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="avancements",
        verbose_name="saisi par",
        null=True,
        blank=True,
        editable=False,
    )
    updated_at = models.DateTimeField("dernière saisie", null=True, editable=False)

    historique = Historique()

    class Meta:
        verbose_name = "avancement"
        constraints = [
            models.UniqueConstraint(
                fields=["fiche", "annee"],
                name="avancement_unique_par_annee",
                violation_error_message="Cette fiche a déjà un avancement pour cette année.",
            ),
            models.CheckConstraint(
                name="avancement_taux_entre_0_et_100",
                condition=Q(taux_avancement=None) | Q(taux_avancement__range=(0, 100)),
                violation_error_message="L’avancement va de 0 à 100 %.",
            ),
            models.CheckConstraint(
                name="avancement_annee_plausible",
                condition=ANNEE_PLAUSIBLE,
                violation_error_message="Cette année n’est pas plausible.",
            ),
            models.CheckConstraint(
                name="avancement_statut_connu",
                condition=Q(statut="") | Q(statut__in=StatutFiche.values),
                violation_error_message="Ce statut n’existe pas.",
            ),
        ]

    def __str__(self):
        return f"{self.fiche_id} {self.annee}"
