"""A form of one object that carries what it was opened on: two people who change different fields both succeed."""

import datetime
from dataclasses import dataclass

from django import forms
from django.core import signing
from django.core.exceptions import FieldDoesNotExist
from django.utils import timezone

from ctg.fusion import (
    Conflit,
    Etat,
    champ,
    fusionner,
    gardes_des_autres,
    initial_de,
    lire_champ,
    noms_des_auteurs,
)

SEL = "etat-de-formulaire"


class JetonField(forms.CharField):
    """Signed anew at each page: it never makes a change of its own."""

    widget = forms.HiddenInput

    def has_changed(self, initial, data):
        return False


@dataclass(frozen=True, slots=True)
class Ouverture:
    """When a form was opened, and what it showed."""

    moment: datetime.datetime
    etat: Etat


class ADeuxForm(forms.ModelForm):
    """Who saves locks the row, and reads it, before: then `leurs` (labels) is what `auteurs` changed meanwhile.

    A missing, empty or forged token proves nothing: what differs from what is saved is asked. Files, and what is
    written in several controls, are not compared.
    """

    jeton = JetonField(required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.conflits: list[Conflit] = []
        self.leurs: list[str] = []
        self.auteurs: list[str] = []
        if self.instance.pk and not self.is_bound:
            self.initial["jeton"] = self._signer(self._etat())

    def full_clean(self):
        self.conflits = []
        if self.is_bound and self.instance.pk:
            self._reunir()
        super().full_clean()
        for conflit in self.conflits:
            self.add_error(conflit.cle[2], self.dire_conflit(conflit))

    def dire_conflit(self, conflit: Conflit) -> str:
        qui = " et ".join(self.auteurs) or "Quelqu’un"
        ecrit = f"« {conflit.leur.affichage} »" if conflit.leur.affichage else "rien"
        vu = (
            ""
            if conflit.base is None
            else f"En ouvrant la page, on lisait : « {conflit.base.affichage or '(vide)'} ». "
        )
        return (
            f"{qui} a écrit ici, pendant que vous écriviez : {ecrit}. {vu}Votre version est gardée dans le champ : "
            "reprenez-y ce qui doit l’être, puis enregistrez de nouveau."
        )

    def _compares(self):
        for bound in self:
            try:
                self.instance._meta.get_field(bound.name)
            except FieldDoesNotExist:
                continue  # asked of the person, not of the object
            controle = getattr(bound.field.widget, "widget", bound.field.widget)
            if not (
                bound.field.disabled
                or isinstance(bound.field, forms.FileField)
                or isinstance(controle, forms.MultiWidget)
            ):
                yield bound

    def _etat(self, data=None) -> Etat:
        """What is saved, or what `data` holds."""
        return {
            ("", "", bound.name): initial_de(bound) if data is None else champ(bound, data)
            for bound in self._compares()
        }

    def _signer(self, etat: Etat) -> str:
        brut = {cle[2]: lu.brut for cle, lu in etat.items()}
        vu = [self.instance._meta.label, self.instance.pk, timezone.now().isoformat(), brut]
        return signing.dumps(vu, salt=SEL, compress=True)

    def _lire(self) -> Ouverture | None:
        try:
            label, pk, moment, brut = signing.loads(self.data.get(self.add_prefix("jeton"), ""), salt=SEL)
        except (signing.BadSignature, ValueError, TypeError):
            return None
        if (label, pk) != (self.instance._meta.label, self.instance.pk):
            return None
        etat = {
            ("", "", bound.name): lire_champ(bound.field, tuple(brut[bound.name]))
            for bound in self._compares()
            if bound.name in brut
        }
        return Ouverture(datetime.datetime.fromisoformat(moment), etat)

    def _reunir(self) -> None:
        """`data` becomes what somebody would send who had seen everything before typing."""
        vu, leurs, miennes = self._lire(), self._etat(), self._etat(self.data)
        base = vu.etat if vu else None
        gardes, conflits = fusionner(base, leurs, miennes)
        self.leurs = [str(self[cle[2]].label) for cle in gardes_des_autres(base, leurs, gardes)]
        self.auteurs = self._lire_auteurs(vu) if self.leurs or conflits else []
        self.conflits = [
            Conflit(
                cle,
                str(self[cle[2]].label),
                base.get(cle) if base else None,
                leurs[cle],
                miennes[cle],
            )
            for cle in conflits
        ]
        if base == leurs:
            return
        self.data = self.data.copy()
        for cle, garde in gardes.items():
            if garde.canonique != miennes[cle].canonique:
                self.data.setlist(self.add_prefix(cle[2]), list(garde.brut))
        self.data[self.add_prefix("jeton")] = self._signer(leurs)

    def _lire_auteurs(self, vu: Ouverture | None) -> list[str]:
        historique = getattr(type(self.instance), "historique", None)
        if vu is None or historique is None:
            return []
        lignes = historique.filter(id=self.instance.pk, history_date__gt=vu.moment)
        return noms_des_auteurs(lignes.select_related("history_user").order_by("history_id"))
