"""The means of a fiche, of each signataire, by year and nature."""

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from ctg.models import Contractuel, Convention, Historique, Signataire, Source
from ctg.models.contrat import COMPLETER, RECTIFIER
from fiches.enums import NatureMoyen
from fiches.models.fiche import FicheProjet, exiger_actuelle
from fiches.verrous import raison


class Moyen(Contractuel, Source):
    """Means of one signataire for one fiche, year and nature: planned, granted, spent. Missing is not zero."""

    CONTRACTUELS = ("prevu",)

    fiche = models.ForeignKey(FicheProjet, models.CASCADE, related_name="moyens", verbose_name="fiche")
    signataire = models.ForeignKey(
        Signataire, models.PROTECT, related_name="moyens", verbose_name="signataire"
    )
    annee = models.PositiveSmallIntegerField("année")
    nature = models.CharField("nature", max_length=20, choices=NatureMoyen)
    prevu = models.DecimalField(
        "prévu", max_digits=12, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    accorde = models.DecimalField(
        "accordé", max_digits=12, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    realise = models.DecimalField(
        "réalisé", max_digits=12, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )

    historique = Historique()

    class Meta:
        verbose_name = "moyen"
        constraints = [
            models.UniqueConstraint(
                fields=["fiche", "signataire", "annee", "nature"],
                name="moyen_unique_par_nature_et_annee",
                violation_error_message="Ce moyen est déjà saisi pour cette année.",
            ),
            models.CheckConstraint(
                name="moyen_nature_connue",
                condition=Q(nature__in=NatureMoyen.values),
                violation_error_message="Cette nature de moyen n’existe pas.",
            ),
            models.CheckConstraint(
                name="moyen_montants_positifs",
                condition=(Q(prevu=None) | Q(prevu__gte=0))
                & (Q(accorde=None) | Q(accorde__gte=0))
                & (Q(realise=None) | Q(realise__gte=0)),
                violation_error_message="Un moyen ne peut pas être négatif.",
            ),
            models.CheckConstraint(
                name="moyen_annee_plausible",
                condition=Q(annee__range=(2000, 2100)),
                violation_error_message="Cette année n’est pas plausible.",
            ),
        ]

    def clean(self):
        """What was spent is entered with the year: it does not change beside an entry that is locked."""
        super().clean()
        exiger_actuelle(self)
        avant = Moyen.objects.filter(pk=self.pk).exclude(realise=None).values_list("annee", "realise")
        apres = [] if self.realise is None else [(self.annee, self.realise)]
        # Of the year that loses an amount, and of the one that receives it.
        for annee, _ in {*avant} ^ {*apres} if self.fiche_id else ():
            if annee is not None and (motif := raison(self.fiche, annee, "moyens")):
                raise ValidationError({"realise": motif})

    def verifier_contrat(self) -> str:
        """A planned amount that is added says where it comes from, like one that fills an empty cell."""
        if self._state.adding and self.prevu is not None and not self.source:
            if not self._source_contrat:
                raise ValidationError({"prevu": COMPLETER})
            self.source = self._source_contrat
        return self._verifier_place() or super().verifier_contrat()

    def get_convention(self) -> Convention:
        return self.fiche.convention

    def _verifier_place(self) -> str:
        """A planned amount does not slip to another year, signataire or nature without a reason."""
        noms = {"annee": "annee", "signataire_id": "signataire", "nature": "nature"}
        avant = Moyen.objects.filter(pk=self.pk).exclude(prevu=None).values(*noms).first()
        if avant is None:
            return ""
        deplaces = [nom for attname, nom in noms.items() if avant[attname] != getattr(self, attname)]
        if deplaces and self.is_projet:
            return ""
        if deplaces and not self._rectification:
            raise ValidationError(dict.fromkeys(deplaces, RECTIFIER))
        return f"Rectification matérielle : {self._rectification}" if deplaces else ""

    def delete(self, *args, **kwargs):
        if self.realise is not None and (motif := raison(self.fiche, self.annee, "moyens")):
            raise ValidationError(motif)
        if self.prevu is not None and not self._rectification and not self.is_projet:
            raise ValidationError(RECTIFIER)
        return super().delete(*args, **kwargs)

    def __str__(self):
        return f"{self.get_nature_display()} {self.annee}"
