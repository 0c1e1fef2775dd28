"""What one person has to do about the entries of a convention, today: the first thing on the dashboard."""

import datetime

from ctg.enums import Role
from ctg.models import Convention
from ctg.perimetres import droits
from ctg.permissions import check
from evaluation.enums import NatureCampagne, StatutBilan, StatutCampagne, StatutSaisie
from evaluation.lecture_bilan import visible_to
from evaluation.models import Bilan, Campagne
from evaluation.parcours_bilan import suite
from evaluation.suivi import a_suivre, collect_devoirs, collect_suivi


def a_faire(user, convention: Convention, *, today: datetime.date) -> dict:
    """Context of the panel; whoever only reads is told so."""
    bilans = _bilans(user, convention, today=today)
    if not check(user, "evaluation.lire_en_cours", convention):
        soumises = a_suivre(convention, today=today).filter(statut__in=StatutSaisie.REMISES)
        return {"lecteur": True, "nb_soumises": soumises.count(), "bilans": bilans}
    suivis = collect_suivi(a_suivre(convention, today=today), convention, today=today)
    devoirs = [devoir for devoir in collect_devoirs(suivis) if devoir.compte.pk == user.pk]
    conduit = check(user, "evaluation.campagne", convention)
    # The chargé validates too; the coordinateurs are asked first.
    deja = {devoir.suivi.saisie.pk for devoir in devoirs}
    a_valider = [d.suivi for d in devoirs if d.nature == "valider"]
    if conduit:
        a_valider += [
            s
            for s in suivis
            if s.saisie.statut == StatutSaisie.SOUMISE
            and s.saisie.pk not in deja
            and s.saisie.soumise_par_id != user.pk
        ]
    return {
        "lecteur": False,
        "bilans": bilans,
        "grille": _grille_des_parts(user, convention),
        "a_saisir": sorted(
            (d for d in devoirs if d.nature != "valider"),
            key=lambda d: (d.suivi.echeance, d.suivi.fiche.code),
        ),
        "a_valider": a_valider,
        "campagnes": _campagnes(suivis, convention, today=today) if conduit else [],
        "today": today,
        "saisit": conduit or droits(user, convention.pk).has(Role.COORDINATEUR_THEMATIQUE, Role.REFERENT),
    }


def _bilans(user, convention: Convention, *, today: datetime.date) -> list[tuple[int, str]]:
    """(year, next step) of each year that is closed and not published, where the step is this person's."""
    closes = Campagne.objects.filter(
        convention=convention, nature=NatureCampagne.ANNUELLE, statut=StatutCampagne.CLOSE
    )
    lisibles = visible_to(user, convention).select_related("convention").order_by("annee", "version")
    derniers = {bilan.annee: bilan for bilan in lisibles}
    publies = set(
        Bilan.objects.filter(convention=convention, statut=StatutBilan.PUBLIEE).values_list(
            "annee", flat=True
        )
    )
    lignes = []
    for annee in closes.exclude(annee__in=publies).order_by("annee").values_list("annee", flat=True):
        boutons = suite(user, convention, annee, derniers.get(annee), today=today).boutons
        boutons = [bouton for bouton in boutons if bouton.action != "annee"]  # to look at, not to do
        if boutons:
            lignes.append((annee, boutons[0].label))
    return lignes


def _grille_des_parts(user, convention: Convention) -> int | None:
    """The open year in which a coordinateur territorial enters the parts of the quartier."""
    if not droits(user, convention.pk).has(Role.COORDINATEUR_TERRITORIAL):
        return None
    ouvertes = Campagne.objects.filter(convention=convention, statut=StatutCampagne.OUVERTE)
    return ouvertes.order_by("-annee").values_list("annee", flat=True).first()


def _campagnes(suivis, convention: Convention, *, today: datetime.date) -> list[dict]:
    """For who leads: what to prepare, to open, to remind, to close."""
    campagnes = list(
        Campagne.objects.filter(convention=convention)
        .exclude(statut=StatutCampagne.CLOSE)
        .order_by("annee", "pk")
    )
    lignes = []
    for campagne in campagnes:
        siens = [s for s in suivis if s.saisie.campagne_id == campagne.pk]
        dus = [s for s in siens if s.is_due]
        en_retard = campagne.date_limite < today
        if campagne.statut == StatutCampagne.EN_PREPARATION:
            lignes.append({"campagne": campagne, "quoi": "ouvrir", "nb": 0})
        elif en_retard and dus:
            lignes.append({"campagne": campagne, "quoi": "relancer", "nb": len(dus)})
        elif siens and all(s.saisie.statut == StatutSaisie.VALIDEE for s in siens):
            lignes.append({"campagne": campagne, "quoi": "clore", "nb": len(siens)})
    annees = [annee for annee in convention.annees if annee <= today.year]
    connues = set(
        Campagne.objects.filter(convention=convention, nature=NatureCampagne.ANNUELLE).values_list(
            "annee", flat=True
        )
    )
    if annees and annees[-1] not in connues:
        lignes.append({"campagne": None, "annee": annees[-1], "quoi": "preparer", "nb": 0})
    return lignes
