"""Signed text: what the contract says is not retyped like a note, whatever the door.

Filling an empty contractual field is free and asks for its source. Changing a filled one is a « rectification
matérielle », with its reason, or the matter of an avenant, which closes that text and gives the next one. What a convention took over from another is a
draft until it is signed.
"""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from ctg.dates import date_plausible, date_plausible_constraint
from ctg.models.convention import Convention
from ctg.models.historique import Historique

COMPLETER = "Dites d’où vient ce que vous complétez (par exemple : fiche signée PE-1, p. 2) : c’est une partie du texte signé."
RECTIFIER = (
    "C’est le texte signé. Pour corriger une erreur de copie, écrivez le motif de la rectification matérielle ; "
    "si le texte a changé, passez par un avenant."
)


class Contractuel(models.Model):
    """`CONTRACTUELS`: the fields that the signed text gives. Doors say `completer(…)` or `rectifier(…)` first."""

    CONTRACTUELS: tuple[str, ...] = ()
    _source_contrat = ""
    _rectification = ""
    _avenant = ""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        motif = self.verifier_contrat()
        if motif and not getattr(self, "_change_reason", ""):
            self._change_reason = motif
        super().save(*args, **kwargs)
        self._change_reason = self._source_contrat = self._rectification = self._avenant = ""

    def completer(self, source: str) -> None:
        """Where what fills an empty field comes from."""
        self._source_contrat = source.strip()

    def rectifier(self, motif: str) -> None:
        """Why a filled field is corrected: an error of copy, never a change of the text."""
        self._rectification = motif.strip()

    def suivre(self, avenant: "Avenant | str") -> None:
        """The text changes as this avenant says, or as it no longer says. Its own service alone says so."""
        self._avenant = str(avenant)

    def clean(self):
        super().clean()
        self.verifier_contrat()

    def get_convention(self) -> Convention | None:
        """Whose text it is; None: of no convention in particular."""
        return getattr(self, "convention", None)

    @property
    def is_projet(self) -> bool:
        """Not signed yet: nothing locks a text that is still being written."""
        convention = self.get_convention()
        return convention is not None and convention.is_projet

    def verifier_contrat(self) -> str:
        """The reason that the history keeps; raises ValidationError, by field, when it is missing."""
        if self._state.adding:
            return ""
        if self._avenant:
            return self._avenant
        noms = {self._meta.get_field(name).attname: name for name in self.CONTRACTUELS}
        avant = type(self)._base_manager.filter(pk=self.pk).values(*noms).first()
        if avant is None:
            return ""
        fautes, motifs = {}, []
        for attname, name in noms.items():
            ancien, nouveau = avant[attname], getattr(self, attname)
            if (ancien or "") == (nouveau or ""):
                continue
            if ancien in (None, ""):
                if not self._source_contrat:
                    fautes[name] = COMPLETER
                motifs.append(f"Complété d’après : {self._source_contrat}")
            else:
                if not self._rectification:
                    fautes[name] = RECTIFIER
                motifs.append(f"Rectification matérielle : {self._rectification}")
        if fautes:
            return self._refuser(fautes)
        return " — ".join(dict.fromkeys(motifs))

    def _refuser(self, fautes: dict[str, str]) -> str:
        if not self.is_projet:
            raise ValidationError(fautes)
        return ""


class Avenant(models.Model):
    """A signed change of the convention, from its date on."""

    convention = models.ForeignKey(
        Convention, models.PROTECT, related_name="avenants", verbose_name="convention"
    )
    numero = models.PositiveSmallIntegerField("numéro")
    intitule = models.CharField("objet", max_length=300, blank=True, default="")
    date_effet = models.DateField("date d’effet", validators=[date_plausible])

    historique = Historique()

    class Meta:
        verbose_name = "avenant"
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "numero"],
                name="avenant_numero_unique",
                violation_error_message="Cette convention a déjà un avenant de ce numéro.",
            ),
            models.CheckConstraint(
                name="avenant_numero_positif",
                condition=Q(numero__gte=1),
                violation_error_message="Le premier avenant porte le numéro 1.",
            ),
            date_plausible_constraint("date_effet", name="avenant_date_plausible"),
        ]

    def __str__(self):
        return f"Avenant n° {self.numero}" + (f" – {self.intitule}" if self.intitule else "")
