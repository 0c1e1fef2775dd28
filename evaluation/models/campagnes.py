"""The year's campaign, and the entry of each fiche in it. `statut` changes only through `evaluation.transitions`."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from ctg.dates import date_plausible
from ctg.models import Convention, Historique, Personne
from evaluation.enums import NatureCampagne, StatutCampagne, StatutSaisie
from evaluation.models.indicateurs import Indicateur
from evaluation.models.nombres import ANNEE_PLAUSIBLE
from fiches.models import FicheProjet

COMPTE = {"null": True, "blank": True, "editable": False}


class CampagneQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(convention__in=Convention.objects.visible_to(user))


class Campagne(models.Model):
    """One year of entry for a convention. A « campagne de correction » is a child of the year's campaign."""

    convention = models.ForeignKey(
        Convention, models.PROTECT, related_name="campagnes", verbose_name="convention"
    )
    annee = models.PositiveSmallIntegerField("année")
    nature = models.CharField(
        "nature", max_length=12, choices=NatureCampagne, default=NatureCampagne.ANNUELLE, editable=False
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, related_name="corrections", verbose_name="corrige", **COMPTE
    )
    date_limite = models.DateField("date limite de saisie", validators=[date_plausible])
    consigne = models.TextField(
        "message à ceux qui saisissent",
        blank=True,
        default="",
        help_text="Il figure dans l’annonce par courriel.",
    )
    motif = models.TextField("motif", blank=True, default="", help_text="Ce qui est à corriger, et pourquoi.")
    jours_rappel = models.CharField(
        "jours des rappels",
        max_length=60,
        blank=True,
        default="",
        help_text="Par rapport à la date limite : -7 est une semaine avant. Vide : ceux de la convention.",
    )
    is_rappels_automatiques = models.BooleanField("rappels automatiques", default=True)
    statut = models.CharField(
        "statut",
        max_length=20,
        choices=StatutCampagne,
        default=StatutCampagne.EN_PREPARATION,
        editable=False,
    )
    date_ouverture = models.DateTimeField("ouverture", **COMPTE)
    date_cloture = models.DateTimeField("clôture", **COMPTE)
    version = models.PositiveIntegerField("version", default=1, editable=False)

    objects = CampagneQuerySet.as_manager()
    historique = Historique()

    class Meta:
        verbose_name = "campagne"
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "annee"],
                condition=Q(nature=NatureCampagne.ANNUELLE),
                name="campagne_unique_par_annee",
                violation_error_message="Cette année a déjà sa campagne.",
            ),
            models.UniqueConstraint(
                fields=["parent"],
                condition=~Q(statut=StatutCampagne.CLOSE),
                name="campagne_une_correction_a_la_fois",
                violation_error_message="Une campagne de correction est déjà en cours pour cette année.",
            ),
            models.CheckConstraint(
                name="campagne_correction_a_un_parent",
                condition=Q(nature=NatureCampagne.ANNUELLE, parent=None)
                | (Q(nature=NatureCampagne.CORRECTION, parent__isnull=False) & ~Q(motif="")),
                violation_error_message="Une campagne de correction dit ce qu’elle corrige, et pourquoi.",
            ),
            models.CheckConstraint(
                name="campagne_statut_coherent",
                condition=Q(statut=StatutCampagne.EN_PREPARATION, date_ouverture=None, date_cloture=None)
                | Q(statut=StatutCampagne.OUVERTE, date_ouverture__isnull=False, date_cloture=None)
                | Q(
                    statut=StatutCampagne.CLOSE,
                    date_ouverture__isnull=False,
                    date_cloture__gte=F("date_ouverture"),
                ),
                violation_error_message="Une campagne s’ouvre, puis se clôt.",
            ),
            models.CheckConstraint(
                name="campagne_annee_plausible",
                condition=ANNEE_PLAUSIBLE,
                violation_error_message="Cette année n’est pas plausible.",
            ),
        ]

    def __str__(self):
        nom = "Campagne" if self.nature == NatureCampagne.ANNUELLE else "Campagne de correction"
        return f"{nom} {self.annee}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            self.version += 1
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("evaluation:annee", kwargs={"convention": self.convention.slug, "annee": self.annee})


class SaisieQuerySet(models.QuerySet):
    def for_list(self):
        return self.select_related(
            "campagne", "fiche__axe", "fiche__convention", "soumise_par", "validee_par"
        ).order_by("fiche__axe__ordre", "fiche__numero", "pk")

    def en_exception(self, *, au):
        """A named exception lets them be written although their campaign is closed."""
        return self.filter(date_exception__gte=au)


class Saisie(models.Model):
    """The entry of one fiche in one campaign."""

    campagne = models.ForeignKey(Campagne, models.CASCADE, related_name="saisies", verbose_name="campagne")
    fiche = models.ForeignKey(FicheProjet, models.PROTECT, related_name="saisies", verbose_name="fiche")
    statut = models.CharField(
        "statut", max_length=20, choices=StatutSaisie, default=StatutSaisie.A_SAISIR, editable=False
    )
    soumise_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="saisies_soumises",
        verbose_name="soumise par",
        **COMPTE,
    )
    date_soumission = models.DateTimeField("soumission", **COMPTE)
    validee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="saisies_validees",
        verbose_name="validée par",
        **COMPTE,
    )
    date_validation = models.DateTimeField("validation", **COMPTE)
    derogation = models.TextField(
        "motif de validation par qui a soumis", blank=True, default="", editable=False
    )
    date_exception = models.DateField("exception jusqu’au", validators=[date_plausible], **COMPTE)
    motif_exception = models.TextField("motif de l’exception", blank=True, default="", editable=False)
    version = models.PositiveIntegerField("version", default=1, editable=False)

    objects = SaisieQuerySet.as_manager()
    historique = Historique()

    class Meta:
        verbose_name = "saisie"
        constraints = [
            models.UniqueConstraint(
                fields=["campagne", "fiche"],
                name="saisie_unique_par_fiche",
                violation_error_message="Cette fiche est déjà dans cette campagne.",
            ),
            models.CheckConstraint(
                name="saisie_statut_connu",
                condition=Q(statut__in=StatutSaisie.values),
                violation_error_message="Cet état de saisie n’existe pas.",
            ),
            models.CheckConstraint(
                name="saisie_soumission_coherente",
                condition=~Q(statut__in=sorted(StatutSaisie.REMISES))
                | Q(soumise_par__isnull=False, date_soumission__isnull=False),
                violation_error_message="Une saisie soumise dit par qui et quand.",
            ),
            models.CheckConstraint(
                name="saisie_validation_coherente",
                condition=Q(
                    statut=StatutSaisie.VALIDEE, validee_par__isnull=False, date_validation__isnull=False
                )
                | (~Q(statut=StatutSaisie.VALIDEE) & Q(validee_par=None, date_validation=None)),
                violation_error_message="Une saisie validée dit par qui et quand.",
            ),
            # Four eyes: who submitted does not validate, unless it is said why.
            models.CheckConstraint(
                name="saisie_validee_par_un_autre",
                condition=Q(validee_par=None) | ~Q(validee_par=F("soumise_par")) | ~Q(derogation=""),
                violation_error_message="Qui a soumis ne valide pas, sauf exception écrite.",
            ),
            models.CheckConstraint(
                name="saisie_exception_motivee",
                condition=Q(date_exception=None) | ~Q(motif_exception=""),
                violation_error_message="Une exception a son motif.",
            ),
        ]

    def __str__(self):
        return f"{self.fiche_id} {self.campagne_id}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            self.version += 1
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse(
            "evaluation:saisie",
            kwargs={
                "convention": self.fiche.convention.slug,
                "annee": self.campagne.annee,
                "code": self.fiche.code,
            },
        )


class LigneSaisie(models.Model):
    """An indicator that is due in a campaign, and who enters it."""

    saisie = models.ForeignKey(Saisie, models.CASCADE, related_name="lignes", verbose_name="saisie")
    indicateur = models.ForeignKey(
        Indicateur, models.PROTECT, related_name="lignes_saisie", verbose_name="indicateur"
    )
    responsable = models.ForeignKey(
        Personne,
        models.SET_NULL,
        related_name="lignes_saisie",
        verbose_name="saisi par",
        null=True,
        blank=True,
    )

    historique = Historique()

    class Meta:
        verbose_name = "indicateur attendu"
        verbose_name_plural = "indicateurs attendus"
        constraints = [
            models.UniqueConstraint(
                fields=["saisie", "indicateur"],
                name="ligne_saisie_unique",
                violation_error_message="Cet indicateur est déjà attendu dans cette saisie.",
            ),
        ]

    def __str__(self):
        return f"{self.saisie_id} {self.indicateur_id}"


class ChampRenvoye(models.Model):
    """A field sent back, with what is asked of it: only these open again. Answered at the next submission.

    `champ`: « i12 » is the value of the indicator 12; else a field of the progress, « etapes », « moyens » or
    « effets ».
    """

    saisie = models.ForeignKey(Saisie, models.CASCADE, related_name="renvois", verbose_name="saisie")
    champ = models.SlugField("champ", max_length=40)
    commentaire = models.TextField("ce qui est demandé")
    demande_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="champs_renvoyes",
        verbose_name="demandé par",
        **COMPTE,
    )
    created_at = models.DateTimeField("demande", editable=False)
    date_reponse = models.DateTimeField("réponse", **COMPTE)

    historique = Historique()

    class Meta:
        verbose_name = "champ renvoyé"
        verbose_name_plural = "champs renvoyés"
        constraints = [
            models.UniqueConstraint(
                fields=["saisie", "champ"],
                condition=Q(date_reponse=None),
                name="champ_renvoye_une_fois",
                violation_error_message="Ce champ est déjà renvoyé.",
            ),
            models.CheckConstraint(
                name="champ_renvoye_commente",
                condition=~Q(commentaire=""),
                violation_error_message="Dites ce que vous demandez pour ce champ.",
            ),
        ]

    def __str__(self):
        return self.champ
