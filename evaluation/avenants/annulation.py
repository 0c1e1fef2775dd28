"""An avenant that was applied by mistake is undone as one act, while nothing was written after it."""

import datetime
from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError

from ctg.models import Signataire
from evaluation.avenants.application import ORDRE
from evaluation.avenants.contenu import lire_lignes
from evaluation.avenants.enums import EtatProjet, NatureChangement
from evaluation.avenants.services import prendre
from evaluation.definitions import supprimer_indicateur
from evaluation.models import ChangementProjete, Indicateur, ProjetAvenant
from evaluation.models.regles_avenants import RUBRIQUES_DE_FICHE
from evaluation.preparation import demander
from fiches import succession, succession_arbre
from fiches.models import Axe, FicheProjet, ObjectifOperationnel
from fiches.services import rouvrir_fiche, supprimer_fiche
from structures import inscriptions

N = NatureChangement


def empechements(projet: ProjetAvenant) -> list[str]:
    """Why it cannot be undone: what was written since, on each thing that it changed."""
    dits = []
    for ligne in lire_lignes(projet):
        objet = ligne.regle.modele.objects.filter(pk=ligne.trace.get("objet")).first()
        if objet is None:
            dits.append(f"« {ligne} » : ce que l’avenant a écrit n’existe plus.")
            continue
        vu = objet.historique.order_by("-history_id").values_list("history_id", flat=True).first()
        if vu != ligne.trace.get("vu"):
            dits.append(f"« {objet} » a changé depuis que l’avenant s’applique.")
        elif ligne.nature == N.FICHE_AJOUTER and (parties := _parties(objet)):
            dits.append(f"La fiche {objet.code} a déjà {', '.join(parties)}.")
    return dits


def _parties(fiche: FicheProjet) -> list[str]:
    parties = (fiche.etapes, fiche.moyens, fiche.implications, fiche.contributions)
    return [str(p.model._meta.verbose_name_plural) for p in parties if p.exists()]


@transaction.atomic
def annuler(projet_id: int, *, motif: str, user, now: datetime.datetime) -> ProjetAvenant:
    """The plan is what it was, and the projet is signed again. Raises ValidationError, with all that forbids it."""
    projet = prendre(projet_id)
    if projet.statut != EtatProjet.APPLIQUE:
        raise ValidationError("Seul un avenant appliqué s’annule.")
    if not motif.strip():
        raise ValidationError("Écrivez le motif : il reste dans l’historique.")
    if dits := empechements(projet):
        raise ValidationError(dits)
    defaire = _Annulation(motif.strip(), user=user, now=now)
    rang = {nature: place for place, nature in enumerate(ORDRE)}
    lignes = sorted(
        lire_lignes(projet),
        key=lambda ligne: (rang[ligne.nature], _profondeur(ligne), ligne.ordre),
        reverse=True,
    )
    for ligne in lignes:
        defaire.une(ligne)
    for ligne in lignes:
        ligne.trace = {}
        ligne.save()
    raison = f"Application annulée : {motif.strip()[:300]}"
    avenant, projet.avenant = projet.avenant, None
    projet.statut, projet._change_reason = EtatProjet.SIGNE, raison
    projet.save()
    avenant._change_reason = raison
    avenant.delete()
    return projet


def _profondeur(ligne: ChangementProjete) -> int:
    return -ligne.axe.rang if ligne.nature == N.AXE_CLORE else 0


class _Annulation:
    def __init__(self, motif: str, *, user, now: datetime.datetime):
        self.motif, self.user, self.now = motif, user, now
        self.fiches: set[int] = set()

    def une(self, ligne: ChangementProjete) -> None:
        objet = ligne.regle.modele.objects.get(pk=ligne.trace["objet"])
        defaire: dict[str, Callable] = {
            N.AXE_AJOUTER: self._supprimer,
            N.OBJECTIF_AJOUTER: self._supprimer,
            N.AXE_MODIFIER: self._reprendre,
            N.OBJECTIF_MODIFIER: self._reprendre,
            N.AXE_CLORE: self._rouvrir,
            N.OBJECTIF_CLORE: self._rouvrir,
            N.FICHE_AJOUTER: supprimer_fiche,
            N.FICHE_MODIFIER: self._texte_de_la_fiche,
            N.FICHE_RATTACHER: self._texte_de_la_fiche,
            N.FICHE_CLORE: lambda fiche: rouvrir_fiche(fiche, motif=self.motif),
            N.INDICATEUR_AJOUTER: supprimer_indicateur,
            N.INDICATEUR_REMPLACER: self._indicateur_remplace,
            N.INDICATEUR_CLORE: self._rouvrir_indicateur,
            N.STRUCTURE_INSCRIRE: self._inscription,
            N.INSCRIPTION_CHANGER: self._inscription,
            N.INSCRIPTION_RETIRER: self._inscription,
            N.SIGNATAIRE_AJOUTER: self._signataire_ajoute,
            N.SIGNATAIRE_RETIRER: self._signataire_retire,
        }
        defaire[ligne.nature](objet)

    def _supprimer(self, noeud: Axe | ObjectifOperationnel) -> None:
        succession_arbre.supprimer(noeud, motif=self.motif)

    def _reprendre(self, noeud: Axe | ObjectifOperationnel) -> None:
        succession_arbre.annuler(noeud, motif=self.motif)

    def _rouvrir(self, noeud: Axe | ObjectifOperationnel) -> None:
        succession_arbre.rouvrir(noeud, motif=self.motif)

    def _texte_de_la_fiche(self, fiche: FicheProjet) -> None:
        if fiche.pk not in self.fiches:  # two lines gave it one text
            self.fiches.add(fiche.pk)
            succession.annuler(fiche.pk, motif=self.motif, rubriques=RUBRIQUES_DE_FICHE)

    def _indicateur_remplace(self, suite: Indicateur) -> None:
        ancien = suite.succede_a
        supprimer_indicateur(suite)
        self._rouvrir_indicateur(Indicateur.objects.get(pk=ancien.pk))

    def _rouvrir_indicateur(self, indicateur: Indicateur) -> None:
        indicateur.date_fin, indicateur._change_reason = None, f"Avenant annulé : {self.motif}"
        indicateur.full_clean()
        indicateur.save()
        demander(indicateur, user=self.user, now=self.now)

    def _inscription(self, inscription) -> None:
        inscriptions.annuler(inscription.pk, motif=self.motif)

    def _signataire_ajoute(self, signataire: Signataire) -> None:
        signataire._change_reason = f"Avenant annulé : {self.motif}"
        try:
            signataire.delete()
        except ProtectedError:
            raise ValidationError(
                f"« {signataire} » a déjà des moyens : il ne se retire plus ainsi."
            ) from None

    def _signataire_retire(self, signataire: Signataire) -> None:
        signataire.date_fin, signataire._change_reason = None, f"Avenant annulé : {self.motif}"
        signataire.full_clean()
        signataire.save()
