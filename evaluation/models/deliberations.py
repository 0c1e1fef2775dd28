"""What is said of a version of the bilan before it is published: debates, avals, waivers, conclusions of the COPIL."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from ctg.models import EMPREINTE, EMPREINTE_FAUSSE, Historique, Organisme, Quartier
from evaluation.enums import DecisionAval, EtapeBilan
from evaluation.models.bilans import Bilan, compte_field
from fiches.models import FicheProjet
from gouvernance.models import Reunion


class Debat(models.Model):
    """A meeting at which a version was debated."""

    bilan = models.ForeignKey(Bilan, models.PROTECT, related_name="debats", verbose_name="bilan")
    date = models.DateField("date")
    intitule = models.CharField("réunion", max_length=200, help_text="Par exemple : séminaire de quartier.")
    lieu = models.CharField("lieu", max_length=200, blank=True, default="")
    quartier = models.ForeignKey(
        Quartier, models.PROTECT, related_name="debats", verbose_name="quartier", null=True, blank=True
    )
    remarques = models.TextField("remarques générales", blank=True, default="")
    is_modification_demandee = models.BooleanField("des modifications sont demandées", default=False)

    historique = Historique()

    class Meta:
        verbose_name = "débat"
        constraints = [
            models.CheckConstraint(
                name="debat_nomme",
                condition=~Q(intitule=""),
                violation_error_message="Dites quelle réunion c’était.",
            ),
        ]

    def __str__(self):
        return self.intitule


class RemarqueDebat(models.Model):
    """What a debate said of one fiche."""

    debat = models.ForeignKey(Debat, models.CASCADE, related_name="par_fiche", verbose_name="débat")
    fiche = models.ForeignKey(
        FicheProjet, models.PROTECT, related_name="remarques_debat", verbose_name="fiche"
    )
    texte = models.TextField("remarque")

    historique = Historique()

    class Meta:
        verbose_name = "remarque sur une fiche"
        verbose_name_plural = "remarques sur les fiches"
        constraints = [
            models.CheckConstraint(
                name="remarque_ecrite",
                condition=~Q(texte=""),
                violation_error_message="Écrivez la remarque.",
            ),
        ]

    def __str__(self):
        return self.texte[:80]


class Aval(models.Model):
    """What one organisme answered on one version, by the content that its person had read."""

    bilan = models.ForeignKey(Bilan, models.PROTECT, related_name="avals", verbose_name="bilan")
    organisme = models.ForeignKey(
        Organisme, models.PROTECT, related_name="avals_donnes", verbose_name="organisme"
    )
    decision = models.CharField("décision", max_length=10, choices=DecisionAval)
    motif = models.TextField("motif", blank=True, default="")
    empreinte = models.CharField("empreinte", max_length=64, editable=False)
    rendu_par = compte_field("rendu par", "avals_rendus")
    fonction = models.CharField("fonction", max_length=200, editable=False)
    date = models.DateTimeField("date", editable=False)

    historique = Historique()

    class Meta:
        verbose_name = "aval"
        constraints = [
            models.UniqueConstraint(
                fields=["bilan", "organisme"],
                name="aval_unique_par_organisme",
                violation_error_message="Cet organisme a déjà répondu sur cette version.",
            ),
            models.CheckConstraint(
                name="aval_refus_motive",
                condition=Q(decision=DecisionAval.DONNE) | (Q(decision=DecisionAval.REFUSE) & ~Q(motif="")),
                violation_error_message="Un refus dit pourquoi.",
            ),
            models.CheckConstraint(
                name="aval_empreinte", condition=EMPREINTE, violation_error_message=EMPREINTE_FAUSSE
            ),
        ]

    def __str__(self):
        return f"{self.organisme_id} : {self.get_decision_display()}"


class Dispense(models.Model):
    """A step that did not take place, waived by name and with a reason. The aval is never waived."""

    bilan = models.ForeignKey(Bilan, models.PROTECT, related_name="dispenses", verbose_name="bilan")
    etape = models.CharField("étape", max_length=10, choices=EtapeBilan)
    motif = models.TextField("motif")
    accordee_par = compte_field("accordée par", "dispenses_accordees")
    fonction = models.CharField("fonction", max_length=200, editable=False)
    date = models.DateTimeField("date", editable=False)

    historique = Historique()

    class Meta:
        verbose_name = "dispense"
        constraints = [
            models.UniqueConstraint(
                fields=["bilan", "etape"],
                name="dispense_unique_par_etape",
                violation_error_message="Cette étape a déjà sa dispense.",
            ),
            models.CheckConstraint(
                name="dispense_motivee",
                condition=Q(etape__in=EtapeBilan.values) & ~Q(motif=""),
                violation_error_message="Seuls le débat et le COPIL se dispensent, avec un motif écrit.",
            ),
        ]

    def __str__(self):
        return f"{self.get_etape_display()} : {self.motif[:60]}"


class ConclusionCopil(models.Model):
    """What the COPIL concluded on a version."""

    bilan = models.OneToOneField(Bilan, models.PROTECT, related_name="conclusion", verbose_name="bilan")
    reunion = models.ForeignKey(
        Reunion,
        models.PROTECT,
        related_name="conclusions",
        verbose_name="réunion du COPIL",
        null=True,
        blank=True,
    )
    date = models.DateField("date du COPIL")
    texte = models.TextField("conclusions")
    is_modification_demandee = models.BooleanField("des modifications sont demandées", default=False)
    saisie_par = compte_field("saisie par", "conclusions_saisies")
    fonction = models.CharField("fonction", max_length=200, editable=False)

    historique = Historique()

    class Meta:
        verbose_name = "conclusions du COPIL"
        verbose_name_plural = "conclusions du COPIL"
        constraints = [
            models.CheckConstraint(
                name="conclusion_ecrite",
                condition=~Q(texte=""),
                violation_error_message="Écrivez les conclusions du COPIL.",
            ),
        ]

    def __str__(self):
        return self.texte[:80]

    def clean(self):
        super().clean()
        if self.reunion_id is None:
            return
        if self.reunion.convention_id != self.bilan.convention_id:
            raise ValidationError({"reunion": "Cette réunion n’est pas de cette convention."})
        if self.date != self.reunion.date:
            raise ValidationError({"date": "La date des conclusions est celle de la réunion choisie."})
