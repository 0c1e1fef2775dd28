"""The one writer of a year's values: forms, grid, workbook and import come here."""

import datetime
from collections.abc import Mapping
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.functional import cached_property

from ctg.models import Personne
from ctg.permissions import check
from evaluation.campagnes import champ_de
from evaluation.equipe import collect_equipe
from evaluation.models import (
    Avancement,
    Effet,
    Indicateur,
    LigneSaisie,
    Mesure,
    ModaliteIndicateur,
    ValeurVentilee,
)
from evaluation.protocole.preuves import exiger_pas_une_preuve
from evaluation.transitions import commencer
from evaluation.verrous import VerrouError, champs_ouverts, ouvrir_saisie, verrou_du_champ
from fiches.models import FicheProjet


class Ecriture:
    """What one person writes in the entry of a fiche: rights and locks are judged once, when it begins.

    Begin it in a transaction, which keeps the entry locked. Raises PermissionDenied and VerrouError; each method
    raises VerrouError on a field that is not open, and answers whether it changed something.

    `parts_seules`: by somebody who has no right on the fiche, but on parts of its values (those of a quartier).
    Each part is then judged, and nothing else is written.
    """

    def __init__(
        self, fiche: FicheProjet, annee: int, *, user, now: datetime.datetime, parts_seules: bool = False
    ):
        self.fiche, self.annee, self.user, self.now = fiche, annee, user, now
        self.parts_seules = parts_seules
        if not parts_seules:
            self._juger("evaluation.saisir", fiche)
        self.saisie = ouvrir_saisie(fiche, annee, now=now)
        self.ouverts = champs_ouverts(self.saisie)
        self.responsables = {
            ligne.indicateur_id: ligne.responsable
            for ligne in LigneSaisie.objects.filter(saisie=self.saisie).select_related("responsable")
        }

    def mesure(self, indicateur: Indicateur, changements: Mapping, mesure: Mesure | None = None) -> bool:
        """`changements`: {field of Mesure: value}, those that the person changed."""
        if not changements:
            return False
        self._exiger(champ_de(indicateur))
        mesure = mesure or self._mesure(indicateur)
        for name, valeur in changements.items():
            setattr(mesure, name, valeur)
        mesure.saisie_par, mesure.updated_at = self.user, self.now
        mesure.pour_le_compte_de = self._pour_le_compte_de(indicateur)
        mesure.source = ""  # what a person enters is no longer a value of the demonstration
        mesure.save()
        commencer(self.saisie)
        return True

    def parts(self, indicateur: Indicateur, valeurs: Mapping[ModaliteIndicateur, Decimal | None]) -> bool:
        """The parts of a detailed value; None takes a part away. The total is another thing: see `mesure`."""
        for modalite in valeurs:
            self._juger("evaluation.saisir_part", modalite)
        self._exiger_ouvert(champ_de(indicateur))
        mesure = self._mesure(indicateur)
        if mesure.pk is None:
            if not any(valeur is not None for valeur in valeurs.values()):
                return False
            mesure.saisie_par, mesure.updated_at = self.user, self.now
            mesure.situation = "non_renseignee"
            mesure.save()
        change = [self._part(mesure, modalite, valeur) for modalite, valeur in valeurs.items()]
        if any(change):
            commencer(self.saisie)
        return any(change)

    def avancement(self, changements: Mapping) -> bool:
        """`changements`: {field of Avancement: value}, those that the person changed."""
        if not changements:
            return False
        for name in changements:
            self._exiger(name)
        avancement = Avancement.objects.filter(fiche=self.fiche, annee=self.annee).first()
        avancement = avancement or Avancement(fiche=self.fiche, annee=self.annee)
        for name, valeur in changements.items():
            setattr(avancement, name, valeur)
        avancement.saisie_par, avancement.updated_at, avancement.source = self.user, self.now, ""
        avancement.save()
        commencer(self.saisie)
        return True

    def effet(self, effet: Effet, *, supprimer: bool = False) -> bool:
        """Keep, or take away, one observed effect of this fiche and year."""
        self._exiger("effets")
        if supprimer:
            exiger_pas_une_preuve(effet)
            effet.delete()
        else:
            effet.convention_id, effet.fiche, effet.annee = self.fiche.convention_id, self.fiche, self.annee
            effet.saisi_par, effet.updated_at, effet.source = self.user, self.now, ""
            effet.full_clean()
            effet.save()
        commencer(self.saisie)
        return True

    def etape(self, etape, *, is_faite: bool) -> bool:
        """Tick a step of the fiche, or take the tick away."""
        if etape.is_faite == is_faite:
            return False
        self._exiger("etapes")
        etape.is_faite = is_faite
        etape.save()
        commencer(self.saisie)
        return True

    def moyen_realise(self, moyen, realise: Decimal | None) -> bool:
        """What was really spent of a means of this fiche and year."""
        if moyen.realise == realise:
            return False
        self._exiger("moyens")
        moyen.realise = realise
        moyen.full_clean()
        moyen.save()
        commencer(self.saisie)
        return True

    def est_ouvert(self, champ: str) -> bool:
        return verrou_du_champ(champ, self.ouverts) is None

    def _juger(self, permission: str, objet) -> None:
        if not (access := check(self.user, permission, objet)):
            raise PermissionDenied(access.reason)

    def _exiger(self, champ: str) -> None:
        if self.parts_seules:
            self._juger("evaluation.saisir", self.fiche)
        self._exiger_ouvert(champ)

    def _exiger_ouvert(self, champ: str) -> None:
        if ferme := verrou_du_champ(champ, self.ouverts):
            raise VerrouError(ferme)

    def _mesure(self, indicateur: Indicateur) -> Mesure:
        mesure = Mesure.objects.filter(indicateur=indicateur, annee=self.annee).first()
        return mesure or Mesure(indicateur=indicateur, annee=self.annee)

    def _part(self, mesure: Mesure, modalite: ModaliteIndicateur, valeur: Decimal | None) -> bool:
        part = ValeurVentilee.objects.filter(mesure=mesure, modalite=modalite).first()
        if valeur is None:
            if part is not None:
                part.delete()
            return part is not None
        if part is not None and part.valeur == valeur:
            return False
        part = part or ValeurVentilee(mesure=mesure, modalite=modalite)
        part.valeur, part.saisie_par = valeur, self.user
        part.save()
        return True

    def _pour_le_compte_de(self, indicateur: Indicateur):
        """Who owes that value, where it is somebody else: the person of its line, else the only référent."""
        responsable = self.responsables.get(indicateur.pk) or self._redevable
        return responsable if responsable and responsable.utilisateur_id != self.user.pk else None

    @cached_property
    def _redevable(self) -> Personne | None:
        """None where several owe it, of whom nobody says which, or where this person is one of them."""
        equipe = collect_equipe(self.fiche.convention, today=timezone.localdate(self.now))
        redevables = equipe.redevables(self.fiche)
        if len(redevables) != 1:
            return None
        return Personne.objects.filter(
            convention=self.fiche.convention_id, utilisateur=redevables[0], is_anonyme=False
        ).first()


@transaction.atomic
def enregistrer_saisie(fiche: FicheProjet, annee: int, formulaire, *, user, now: datetime.datetime) -> int:
    """Write the fields that changed in the valid forms of a fiche that the caller has locked; the number of rows."""
    ecriture = Ecriture(fiche, annee, user=user, now=now)
    nb = 0
    for form in formulaire.mesures:
        nb += ecriture.mesure(form.indicateur, form.get_changements(), form.mesure)
        if parts := form.detail.get_changements():
            nb += ecriture.parts(form.indicateur, parts)
    avancement = formulaire.avancement
    nb += ecriture.avancement({name: avancement.cleaned_data[name] for name in avancement.changed_data})
    nb += sum(ecriture.etape(f.etape, is_faite=f.cleaned_data["faite"]) for f in formulaire.etapes)
    return nb + sum(ecriture.moyen_realise(f.moyen, f.cleaned_data["realise"]) for f in formulaire.moyens)
