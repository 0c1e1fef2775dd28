"""What the page of entry of one fiche shows: each field with what is asked of it, last year's, and its lock."""

import datetime
from dataclasses import dataclass

from django import forms

from ctg.models import Convention
from ctg.permissions import check
from evaluation.campagnes import AVANCEMENT, champ_de
from evaluation.enums import StatutSaisie
from evaluation.forms import FormulaireSaisie, MesureForm
from evaluation.models import Avancement, Effet, Indicateur, Mesure, Saisie
from evaluation.registre import ChiffreDuRegistre, collect_registre
from evaluation.series import collect_anciens, mesure_de
from evaluation.suivi import SuiviFiche, collect_suivi
from evaluation.transitions import SAISIE, possibles
from evaluation.ventilation import EcartDetail, ecart_detail
from evaluation.verrous import champs_ouverts
from fiches.models import FicheProjet


@dataclass(slots=True)
class LigneIndicateurSaisi:
    form: MesureForm
    cible: object
    precedente: Mesure | None
    champ: str
    is_ouvert: bool
    renvoi: str
    confiee: str  # the person who enters it, where one is named
    ecart: EcartDetail | None  # as it is saved
    registre: ChiffreDuRegistre | None  # where it is linked

    @property
    def indicateur(self) -> Indicateur:
        return self.form.indicateur

    @property
    def mesure(self) -> Mesure | None:
        return self.form.mesure


@dataclass(slots=True)
class LigneTexte:
    """A field of the progress: what is typed, what is saved, what last year said."""

    bound: forms.BoundField
    valeur: str
    precedente: str
    champ: str
    is_ouvert: bool
    renvoi: str


@dataclass(frozen=True, slots=True)
class Partie:
    is_ouverte: bool
    renvoi: str


def page_de_saisie(
    fiche: FicheProjet,
    annee: int,
    saisie: FormulaireSaisie,
    courante: Saisie | None,
    *,
    user,
    today: datetime.date,
) -> dict:
    suivi = _suivi(courante, fiche.convention, today=today)
    renvois = {r.champ: r.commentaire for r in suivi.renvois} if suivi else {}
    ouverts = champs_ouverts(courante) if courante else None
    precedent = Avancement.objects.filter(fiche=fiche, annee=annee - 1).first() or Avancement()
    anciens = collect_anciens(fiche.convention, user)
    registre = collect_registre([form.indicateur for form in saisie.mesures], fiche.convention, annee)
    confiees = {ligne.champ: str(ligne.responsable or "") for ligne in suivi.lignes} if suivi else {}

    def est_ouvert(champ: str) -> bool:
        return ouverts is None or champ in ouverts

    lignes = []
    for form in saisie.mesures:
        champ = champ_de(form.indicateur)
        lignes.append(
            LigneIndicateurSaisi(
                form=form,
                cible=next((c.valeur for c in form.indicateur.cibles.all() if c.annee == annee), None),
                precedente=mesure_de(form.indicateur, annee - 1, anciens),
                champ=champ,
                is_ouvert=est_ouvert(champ),
                renvoi=renvois.get(champ, ""),
                confiee=confiees.get(champ, ""),
                ecart=_ecart(form),
                registre=registre.get(form.indicateur.pk),
            )
        )
    textes = [
        LigneTexte(
            bound=saisie.avancement[name],
            valeur=_lire(saisie.avancement.instance, name),
            precedente=_lire(precedent, name),
            champ=name,
            is_ouvert=est_ouvert(name),
            renvoi=renvois.get(name, ""),
        )
        for name in AVANCEMENT
    ]
    return {
        "annee": annee,
        "annee_precedente": annee - 1,
        "lignes": lignes,
        "textes": textes,
        "parties": {
            name: Partie(est_ouvert(name), renvois.get(name, "")) for name in ("etapes", "moyens", "effets")
        },
        "effets": list(Effet.objects.filter(fiche=fiche, annee=annee).order_by("pk")),
        "is_partiel": ouverts is not None,
        "courante": courante,
        "suivi": suivi,
        "actions": possibles(user, courante, today=today) if courante else [],
        "est_auteur": courante is not None and courante.soumise_par_id == user.pk,
        "peut_soumettre": bool(courante and check(user, "evaluation.soumettre", courante.fiche)),
        "refus": _refus(user, courante),
        "today": today,
    }


def _suivi(courante: Saisie | None, convention: Convention, *, today: datetime.date) -> SuiviFiche | None:
    if courante is None:
        return None
    return collect_suivi(Saisie.objects.filter(pk=courante.pk), convention, today=today)[0]


def _refus(user, courante: Saisie | None) -> str:
    """Why the next step is not this person's: said where its button would be."""
    if courante is None:
        return ""
    suite = "valider" if courante.statut == StatutSaisie.SOUMISE else "soumettre"
    if courante.statut == StatutSaisie.A_SAISIR:
        return "Rien n’est encore saisi : commencez, puis soumettez."
    if courante.statut == StatutSaisie.VALIDEE:
        return ""
    return check(user, SAISIE[suite].permission, courante.fiche).reason


def _ecart(form: MesureForm) -> EcartDetail | None:
    if form.mesure is None or not form.detail.modalites:
        return None
    parts = {part.modalite_id: part.valeur for part in form.mesure.parts.all()}
    valeurs = [parts.get(modalite.pk) for modalite in form.detail.modalites.values()]
    return ecart_detail(form.indicateur, form.mesure.valeur, valeurs)


def _lire(avancement: Avancement, name: str) -> str:
    if name == "statut":
        return avancement.get_statut_display()
    valeur = getattr(avancement, name)
    if name == "taux_avancement":
        return "" if valeur is None else f"{valeur}\u202f%"
    return valeur
