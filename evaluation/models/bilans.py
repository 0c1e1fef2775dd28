"""The versions of a year's bilan, and what is said of each. `statut` changes only through `evaluation.transitions_bilan`."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from ctg.models import EMPREINTE, EMPREINTE_FAUSSE, Convention, FichierConserve, Historique
from evaluation.enums import ChampPublic, Sortie, StatutBilan
from evaluation.models.campagnes import COMPTE, Campagne
from evaluation.models.nombres import ANNEE_PLAUSIBLE
from fiches.models import FicheProjet


def compte_field(label: str, related_name: str) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name=related_name,
        verbose_name=label,
        editable=False,
    )


class Bilan(models.Model):
    """One version of the bilan of a year: its frozen content, and how far it has come."""

    convention = models.ForeignKey(
        Convention, models.PROTECT, related_name="bilans", verbose_name="convention"
    )
    annee = models.PositiveSmallIntegerField("année")
    version = models.PositiveSmallIntegerField("version")
    campagne = models.ForeignKey(Campagne, models.PROTECT, related_name="bilans", verbose_name="campagne")
    statut = models.CharField(
        "statut", max_length=20, choices=StatutBilan, default=StatutBilan.FIGEE, editable=False
    )
    contenu = models.TextField("contenu", editable=False)
    empreinte = models.CharField("empreinte", max_length=64, editable=False)
    schema = models.PositiveSmallIntegerField("version du schéma", editable=False)
    date_figement = models.DateTimeField("figement", editable=False)
    figee_par = compte_field("figée par", "bilans_figes")
    date_cloture_debat = models.DateTimeField("clôture du débat", **COMPTE)
    date_transmission = models.DateTimeField("transmission", **COMPTE)
    date_soumission = models.DateTimeField("soumission au COPIL", **COMPTE)
    date_publication = models.DateTimeField("publication", **COMPTE)

    historique = Historique(excluded_fields=["contenu"])

    class Meta:
        verbose_name = "version du bilan"
        verbose_name_plural = "versions du bilan"
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "annee", "version"],
                name="bilan_version_unique",
                violation_error_message="Cette version existe déjà.",
            ),
            models.UniqueConstraint(
                fields=["convention", "annee"],
                condition=Q(statut=StatutBilan.PUBLIEE),
                name="bilan_une_version_publiee",
                violation_error_message="Une version de ce bilan est déjà publiée.",
            ),
            models.CheckConstraint(
                name="bilan_statut_connu",
                condition=Q(statut__in=StatutBilan.values),
                violation_error_message="Cet état de bilan n’existe pas.",
            ),
            models.CheckConstraint(
                name="bilan_version_positive",
                condition=Q(version__gte=1, schema__gte=1) & ANNEE_PLAUSIBLE,
                violation_error_message="La première version porte le numéro 1.",
            ),
            models.CheckConstraint(
                name="bilan_empreinte", condition=EMPREINTE, violation_error_message=EMPREINTE_FAUSSE
            ),
            models.CheckConstraint(
                name="bilan_transmission_coherente",
                condition=Q(statut=StatutBilan.REMPLACEE)
                | Q(statut__in=sorted(StatutBilan.AVANT_TRANSMISSION), date_transmission=None)
                | (
                    ~Q(statut__in=sorted(StatutBilan.AVANT_TRANSMISSION)) & Q(date_transmission__isnull=False)
                ),
                violation_error_message="Une version transmise dit quand.",
            ),
            models.CheckConstraint(
                name="bilan_publication_coherente",
                condition=Q(statut=StatutBilan.REMPLACEE)
                | Q(statut=StatutBilan.PUBLIEE, date_publication__isnull=False)
                | (~Q(statut=StatutBilan.PUBLIEE) & Q(date_publication=None)),
                violation_error_message="Une version publiée dit quand.",
            ),
            models.CheckConstraint(
                name="bilan_publie_transmis",
                condition=Q(date_publication=None) | Q(date_publication__gte=F("date_transmission")),
                violation_error_message="Une version est transmise avant d’être publiée.",
            ),
        ]

    def __str__(self):
        return f"Bilan {self.annee}, version {self.version}"

    def get_absolute_url(self):
        return reverse("evaluation:bilan_version", kwargs=self.adresse)

    @property
    def adresse(self) -> dict:
        return {"convention": self.convention.slug, "annee": self.annee, "version": self.version}

    @property
    def conclusion_rendue(self):
        """The conclusions of the COPIL, or None."""
        return getattr(self, "conclusion", None)


class ActePublication(models.Model):
    """The acte of a published version: canonical JSON E, and its SHA-256 over the content's and its own."""

    bilan = models.OneToOneField(Bilan, models.PROTECT, related_name="acte", verbose_name="bilan")
    contenu = models.TextField("contenu", editable=False)
    empreinte = models.CharField("empreinte", max_length=64, editable=False)

    historique = Historique(excluded_fields=["contenu"])

    class Meta:
        verbose_name = "acte de publication"
        verbose_name_plural = "actes de publication"
        constraints = [
            models.CheckConstraint(
                name="acte_empreinte", condition=EMPREINTE, violation_error_message=EMPREINTE_FAUSSE
            ),
        ]

    def __str__(self):
        return f"Acte {self.bilan_id}"


class DocumentPublie(FichierConserve):
    """A file as it was published: it is served for ever, byte for byte."""

    bilan = models.ForeignKey(Bilan, models.PROTECT, related_name="documents", verbose_name="bilan")
    sortie = models.CharField("sortie", max_length=10, choices=Sortie)
    extension = models.CharField("format", max_length=5)
    fichier = models.FileField("fichier", upload_to="bilans/", max_length=255)

    historique = Historique()

    class Meta:
        verbose_name = "document publié"
        verbose_name_plural = "documents publiés"
        constraints = [
            models.UniqueConstraint(
                fields=["bilan", "sortie", "extension"],
                name="document_publie_unique",
                violation_error_message="Ce document est déjà publié.",
            ),
            models.CheckConstraint(
                name="document_publie_connu",
                condition=Q(sortie__in=Sortie.values, extension__in=["pdf", "xlsx", "json"]),
                violation_error_message="Ce document n’existe pas.",
            ),
            models.CheckConstraint(
                name="document_publie_empreinte",
                condition=EMPREINTE,
                violation_error_message=EMPREINTE_FAUSSE,
            ),
        ]


class TextePublic(models.Model):
    """A text for the public, approved by itself; what was written during the year is never published as it is."""

    convention = models.ForeignKey(
        Convention, models.PROTECT, related_name="textes_publics", verbose_name="convention"
    )
    fiche = models.ForeignKey(
        FicheProjet,
        models.PROTECT,
        related_name="textes_publics",
        verbose_name="fiche",
        null=True,
        blank=True,
    )
    annee = models.PositiveSmallIntegerField("année")
    champ = models.CharField("champ", max_length=20, choices=ChampPublic)
    texte = models.TextField("texte pour le public")
    approuve_par = compte_field("approuvé par", "textes_publics_approuves")
    date_approbation = models.DateTimeField("approbation", editable=False)

    historique = Historique()

    class Meta:
        verbose_name = "texte public"
        verbose_name_plural = "textes publics"
        constraints = [
            models.UniqueConstraint(
                fields=["fiche", "annee", "champ"],
                name="texte_public_unique_par_fiche",
                violation_error_message="Ce champ a déjà son texte public.",
            ),
            models.UniqueConstraint(
                fields=["convention", "annee", "champ"],
                condition=Q(fiche=None),
                name="texte_public_unique_par_convention",
                violation_error_message="Ce champ a déjà son texte public.",
            ),
            models.CheckConstraint(
                name="texte_public_champ_connu",
                condition=Q(fiche=None, champ__in=ChampPublic.DE_LA_CONVENTION)
                | Q(fiche__isnull=False, champ__in=ChampPublic.D_UNE_FICHE),
                violation_error_message="Ce champ n’a pas de texte public.",
            ),
            models.CheckConstraint(
                name="texte_public_plausible",
                condition=~Q(texte="") & ANNEE_PLAUSIBLE,
                violation_error_message="Écrivez le texte que le public lira.",
            ),
        ]

    def __str__(self):
        return self.texte[:80]
