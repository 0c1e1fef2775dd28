"""What a year was, for an indicator and for a fiche: values, progress, observed effects."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from ctg.models import Convention, Historique, Personne, Source
from ctg.recherche import Cherchable, CherchableQuerySet
from ctg.textes import texte_borne, textes_bornes
from evaluation.enums import EtatMesure, OrigineEffet, SensEffet, SituationMesure
from evaluation.models.indicateurs import Indicateur, ModaliteIndicateur
from evaluation.models.nombres import ANNEE_PLAUSIBLE, bornes, nombre_field
from fiches.enums import StatutFiche
from fiches.models import Axe, FicheProjet

LONG = {"blank": True, "default": "", "validators": [texte_borne]}


class MesureQuerySet(models.QuerySet):
    def for_report(self):
        """With its parts, and whom it was entered for."""
        return self.select_related("saisie_par", "pour_le_compte_de").prefetch_related("parts__modalite")


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
    valeur_texte = models.TextField("valeur en toutes lettres", **LONG)
    numerateur = nombre_field("numérateur")
    denominateur = nombre_field("dénominateur")
    motif = models.TextField("motif", **LONG, help_text="Pourquoi sans objet, ou non renseignée.")
    etat = models.CharField("état", max_length=20, choices=EtatMesure, default=EtatMesure.DEFINITIVE)
    commentaire = models.TextField("commentaire", **LONG)
    saisie_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="mesures",
        verbose_name="saisie par",
        null=True,
        blank=True,
        editable=False,
    )
    pour_le_compte_de = models.ForeignKey(
        Personne,
        models.SET_NULL,
        related_name="mesures_confiees",
        verbose_name="saisie pour le compte de",
        null=True,
        blank=True,
        editable=False,
    )
    updated_at = models.DateTimeField("dernière saisie", null=True, editable=False)

    objects = MesureQuerySet.as_manager()
    historique = Historique()

    class Meta:
        verbose_name = "mesure"
        constraints = [
            models.UniqueConstraint(
                fields=["indicateur", "annee"],
                name="mesure_unique_par_annee",
                violation_error_message="Cet indicateur a déjà une valeur pour cette année.",
            ),
            textes_bornes("valeur_texte", "motif", "commentaire", name="mesure_textes_bornes"),
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


class ValeurVentilee(models.Model):
    """The part of a year's value that one quartier, structure, age band or sex has. Missing is not zero."""

    mesure = models.ForeignKey(Mesure, models.CASCADE, related_name="parts", verbose_name="mesure")
    modalite = models.ForeignKey(
        ModaliteIndicateur, models.PROTECT, related_name="valeurs", verbose_name="part"
    )
    valeur = nombre_field("valeur")
    saisie_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="valeurs_ventilees",
        verbose_name="saisie par",
        null=True,
        blank=True,
        editable=False,
    )

    historique = Historique()

    class Meta:
        verbose_name = "valeur d’une part"
        verbose_name_plural = "valeurs des parts"
        constraints = [
            models.UniqueConstraint(
                fields=["mesure", "modalite"],
                name="valeur_ventilee_unique",
                violation_error_message="Cette part a déjà une valeur pour cette année.",
            ),
            bornes("valeur_ventilee_nombres_bornes", "valeur"),
        ]

    def __str__(self):
        return f"{self.modalite_id} : {self.valeur}"


class Avancement(Source):
    """What one year did to one fiche, in figures and in words."""

    fiche = models.ForeignKey(FicheProjet, models.PROTECT, related_name="avancements", verbose_name="fiche")
    annee = models.PositiveSmallIntegerField("année")
    statut = models.CharField("statut", max_length=20, choices=StatutFiche, blank=True, default="")
    taux_avancement = models.PositiveSmallIntegerField(
        "avancement (%)", null=True, blank=True, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    realisations = models.TextField("réalisations de l’année", **LONG)
    publics_touches = models.TextField("publics touchés", **LONG)
    difficultes = models.TextField("difficultés", **LONG)
    ajustements = models.TextField("ajustements", **LONG)
    decision_demandee = models.TextField("décision demandée au COPIL", **LONG)
    saisie_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="avancements",
        verbose_name="saisi par",
        null=True,
        blank=True,
        editable=False,
    )
    pour_le_compte_de = models.ForeignKey(
        Personne,
        models.SET_NULL,
        related_name="avancements_confies",
        verbose_name="saisi pour le compte de",
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
            textes_bornes(
                "realisations",
                "publics_touches",
                "difficultes",
                "ajustements",
                "decision_demandee",
                name="avancement_textes_bornes",
            ),
        ]

    def __str__(self):
        return f"{self.fiche_id} {self.annee}"


class EffetQuerySet(CherchableQuerySet):
    def for_list(self):
        """All that the register touches."""
        return self.select_related("convention", "fiche__axe", "axe").prefetch_related("fiche__axes")


class Effet(Source, Cherchable):
    """An observed effect (annexe 5): on a fiche, on an axe, or on the whole convention; wished for or not."""

    convention = models.ForeignKey(
        Convention, models.PROTECT, related_name="effets", verbose_name="convention"
    )
    fiche = models.ForeignKey(
        FicheProjet,
        models.PROTECT,
        related_name="effets",
        verbose_name="fiche",
        null=True,
        blank=True,
    )
    axe = models.ForeignKey(
        Axe,
        models.PROTECT,
        related_name="effets",
        verbose_name="axe",
        null=True,
        blank=True,
        help_text="Ni fiche ni axe : un effet de la convention entière.",
    )
    annee = models.PositiveSmallIntegerField("année")
    constat = models.TextField("effet observé", validators=[texte_borne])
    sens = models.CharField("sens", max_length=10, choices=SensEffet)
    is_attendu = models.BooleanField("attendu")
    origine = models.CharField("lien avec l’action", max_length=10, choices=OrigineEffet)
    parties_prenantes = models.TextField("pour qui", **LONG)
    preuve = models.TextField(
        "à quoi on le voit",
        **LONG,
        help_text="Témoignage, chiffre, réunion, document : ce sur quoi le constat s’appuie.",
    )
    saisi_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="effets",
        verbose_name="saisi par",
        null=True,
        blank=True,
        editable=False,
    )
    updated_at = models.DateTimeField("dernière saisie", null=True, editable=False)

    objects = EffetQuerySet.as_manager()
    historique = Historique(excluded_fields=["recherche"])

    class Meta:
        verbose_name = "effet observé"
        verbose_name_plural = "effets observés"
        constraints = [
            models.CheckConstraint(
                name="effet_vocabulaire_connu",
                condition=Q(sens__in=SensEffet.values, origine__in=OrigineEffet.values),
                violation_error_message="Dites si l’effet est positif ou négatif, direct ou indirect.",
            ),
            models.CheckConstraint(
                name="effet_constate",
                condition=~Q(constat=""),
                violation_error_message="Écrivez l’effet observé.",
            ),
            models.CheckConstraint(
                name="effet_d_une_fiche_ou_d_un_axe",
                condition=Q(fiche=None) | Q(axe=None),
                violation_error_message="Un effet est celui d’une fiche, d’un axe ou de la convention : choisissez-en un.",
            ),
            models.CheckConstraint(
                name="effet_annee_plausible",
                condition=ANNEE_PLAUSIBLE,
                violation_error_message="Cette année n’est pas plausible.",
            ),
        ]

    def __str__(self):
        return self.constat[:80]

    def clean(self):
        super().clean()
        if self.objet is not None and self.objet.convention_id != self.convention_id:
            raise ValidationError("Choisissez une fiche ou un axe de cette convention.")

    def get_textes_recherche(self):
        return [self.constat, self.parties_prenantes, self.preuve]

    @property
    def objet(self) -> FicheProjet | Axe | None:
        """What it is of; None: the whole convention."""
        return self.fiche or self.axe
