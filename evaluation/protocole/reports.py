"""What the pages of the protocole and of a question show: approvals, and the chain from the question to the decisions."""

import datetime
from dataclasses import dataclass

from django.utils import timezone

from ctg.models import Convention, Organisme
from ctg.permissions import check
from ctg.templatetags.affichage import avec_unite
from evaluation.bilan import LigneIndicateur
from evaluation.editions import edition_de
from evaluation.lecture import caches, lisibles
from evaluation.lecture_bilan import sorties_lisibles, versions_lisibles
from evaluation.models import Approbation, Mesure, Preuve, QuestionEvaluative, Recommandation
from evaluation.models.approuvables import Approuvable
from evaluation.protocole.approbation import signataires
from evaluation.protocole.enums import NaturePreuve
from gouvernance.models import Decision


@dataclass(frozen=True, slots=True)
class LigneApprobation:
    """`reponse` None: this signataire has not answered."""

    organisme: Organisme
    reponse: Approbation | None
    is_attendue: bool


def collect_approbations(objet: Approuvable, *, au: datetime.date) -> list[LigneApprobation]:
    """Every signataire in force (of a refusal: that day), then those who answered and sign no more."""
    reponses = {
        reponse.organisme_id: reponse
        for reponse in objet.approbations.select_related("organisme", "rendue_par", "document").order_by(
            "date", "pk"
        )
    }
    en_attente = objet.statut == "soumise"
    if objet.date_reponse:
        au = timezone.localdate(objet.date_reponse)
    lignes = []
    if objet.is_a_ecrire or en_attente or objet.statut == "refusee":
        for organisme in signataires(objet.convention, au=au):
            reponse = reponses.pop(organisme.pk, None)
            lignes.append(LigneApprobation(organisme, reponse, en_attente and reponse is None))
    return lignes + [LigneApprobation(reponse.organisme, reponse, False) for reponse in reponses.values()]


@dataclass(frozen=True, slots=True)
class PreuveLue:
    """As this person reads it. `raison`: said in the place of what is not read; `bilan`: where the value was read."""

    preuve: Preuve
    titre: str
    url: str = ""
    mesure: Mesure | None = None
    valeur: str = ""
    bilan: str = ""
    raison: str = ""

    @property
    def icone(self) -> str:
        return NaturePreuve(self.preuve.nature).icone


@dataclass(frozen=True, slots=True)
class RecommandationLue:
    """`decision` None, with a decision: this person does not read it yet."""

    recommandation: Recommandation
    decision: Decision | None


def collect_preuves(user, question: QuestionEvaluative) -> list[PreuveLue]:
    preuves = question.preuves.select_related(
        "indicateur__fiche__convention",
        "effet__fiche",
        "reunion__convention",
        "reunion__instance_gouvernance",
        "decision__reunion__convention",
        "document",
        "evenement__convention",
    )
    lecteur = _Lecteur(user, question.convention, list(preuves.order_by("ordre", "pk")))
    return [lecteur.lire(preuve) for preuve in lecteur.preuves]


def collect_recommandations(user, question: QuestionEvaluative) -> list[RecommandationLue]:
    lues = Decision.objects.visible_to(user).filter(reunion__convention=question.convention_id)
    recommandations = list(question.recommandations.order_by("ordre", "pk"))
    decisions = {
        decision.pk: decision
        for decision in lues.filter(pk__in=[r.decision_id for r in recommandations]).for_list(lues)
    }
    return [
        RecommandationLue(recommandation, decisions.get(recommandation.decision_id))
        for recommandation in recommandations
    ]


class _Lecteur:
    def __init__(self, user, convention: Convention, preuves: list[Preuve]):
        self.user, self.convention, self.preuves = user, convention, preuves
        self.lit_chiffres = bool(check(user, "ctg.lire_chiffres", convention))
        self.lit_participation = bool(check(user, "evaluation.lire_participation", convention))
        self.caches = caches(user, convention) if self.lit_chiffres else frozenset()
        self.decisions = set(
            Decision.objects.visible_to(user)
            .filter(pk__in=[preuve.decision_id for preuve in preuves])
            .values_list("pk", flat=True)
        )
        self.mesures = {
            (mesure.indicateur_id, mesure.annee): mesure
            for mesure in Mesure.objects.filter(indicateur__in=[p.indicateur_id for p in preuves])
        }
        self.bilans: dict[int, tuple[str, dict[str, LigneIndicateur]]] = {}

    def lire(self, preuve: Preuve) -> PreuveLue:
        return getattr(self, f"_{preuve.nature}")(preuve)

    def _indicateur(self, preuve: Preuve) -> PreuveLue:
        indicateur = preuve.indicateur
        titre, url = (
            f"{indicateur.code} – {indicateur.intitule}, {preuve.annee}",
            indicateur.get_absolute_url(),
        )
        if not self.lit_chiffres:
            return self._du_bilan(preuve, titre, url)
        mesure = self.mesures.get((indicateur.pk, preuve.annee))
        if mesure is not None or (indicateur.fiche_id, preuve.annee) in self.caches:
            lue = mesure or Mesure(indicateur=indicateur, annee=preuve.annee)
            [mesure] = lisibles([lue], indicateur.fiche_id, self.caches)
        return PreuveLue(preuve, titre, url, mesure=mesure)

    def _du_bilan(self, preuve: Preuve, titre: str, url: str) -> PreuveLue:
        """As in the latest version that this person may read of that year."""
        bilan, lignes = self._lire_bilan(preuve.annee)
        ligne = lignes.get(preuve.indicateur.code)
        if ligne is None or ligne.valeur is None:
            raison = f"La valeur se lit dans le bilan {preuve.annee}, une fois qu’il vous est ouvert."
            return PreuveLue(preuve, titre, url, raison=raison)
        return PreuveLue(preuve, titre, url, valeur=_dire(ligne), bilan=bilan)

    def _lire_bilan(self, annee: int) -> tuple[str, dict[str, LigneIndicateur]]:
        if annee not in self.bilans:
            bilan = versions_lisibles(self.user, self.convention, annee).first()
            sorties = sorties_lisibles(self.user, self.convention)
            lignes = {}
            if bilan is not None and sorties:
                contenu = edition_de(bilan, sorties[0]).contenu
                lignes = {ligne.code: ligne for fiche in contenu.fiches for ligne in fiche.indicateurs}
            self.bilans[annee] = (str(bilan or ""), lignes)
        return self.bilans[annee]

    def _effet(self, preuve: Preuve) -> PreuveLue:
        effet = preuve.effet
        cachee = (effet.fiche_id, effet.annee) in self.caches
        if not self.lit_chiffres or cachee:
            raison = "Cet effet se lit dans le bilan de l’année, une fois qu’il vous est ouvert."
            return PreuveLue(preuve, f"Un effet observé en {effet.annee}", raison=raison)
        qui = f"fiche {effet.fiche.code}, " if effet.fiche else ""
        return PreuveLue(preuve, f"{effet.constat} ({qui}{effet.annee}, {effet.get_sens_display()})")

    def _reunion(self, preuve: Preuve) -> PreuveLue:
        reunion = preuve.reunion
        return PreuveLue(
            preuve, f"Réunion {reunion.numero}, {reunion.instance_gouvernance}", reunion.get_absolute_url()
        )

    def _decision(self, preuve: Preuve) -> PreuveLue:
        decision = preuve.decision
        if decision.pk not in self.decisions:
            raison = "Elle se lit une fois le compte rendu diffusé."
            return PreuveLue(preuve, f"Décision {decision.numero}", raison=raison)
        return PreuveLue(preuve, f"Décision {decision.numero} : {decision}", decision.page)

    def _document(self, preuve: Preuve) -> PreuveLue:
        return PreuveLue(preuve, preuve.document.titre, preuve.document.url)

    def _participation(self, preuve: Preuve) -> PreuveLue:
        """Without the number of people: it is on the event's page, for who reads figures."""
        if not self.lit_participation:
            raison = "Les temps de participation se lisent dans l’équipe, à la Caf et au COPIL."
            return PreuveLue(preuve, "Un temps de participation des habitants", raison=raison)
        return PreuveLue(preuve, str(preuve.evenement), preuve.evenement.get_absolute_url())

    def _verbatim(self, preuve: Preuve) -> PreuveLue:
        return PreuveLue(preuve, preuve.auteur_fonction)


def _dire(ligne: LigneIndicateur) -> str:
    valeur = ligne.valeur
    if valeur.masque:
        return valeur.masque
    if valeur.situation == "sans_objet":
        return f"sans objet ({valeur.motif})"
    if valeur.situation != "renseignee":
        return "non renseigné"
    if ligne.nature == "oui_non":
        return "oui" if valeur.nombre else "non"
    return valeur.texte or avec_unite(valeur.nombre, ligne.unite)
