"""What one person has to do about the entries of a convention, today: the first thing on the dashboard."""

import datetime

from ctg.enums import Role
from ctg.models import Convention
from ctg.perimetres import droits
from ctg.permissions import check
from evaluation.enums import NatureCampagne, StatutCampagne, StatutSaisie
from evaluation.models import Campagne
from evaluation.suivi import a_suivre, collect_devoirs, collect_suivi


def a_faire(user, convention: Convention, *, today: datetime.date) -> dict:
    """Context of the panel; whoever only reads is told so."""
    if not check(user, "evaluation.lire_en_cours", convention):
        soumises = a_suivre(convention, today=today).filter(statut__in=StatutSaisie.REMISES)
        return {"lecteur": True, "nb_soumises": soumises.count()}
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
        "a_saisir": sorted(
            (d for d in devoirs if d.nature != "valider"),
            key=lambda d: (d.suivi.echeance, d.suivi.fiche.code),
        ),
        "a_valider": a_valider,
        "campagnes": _campagnes(suivis, convention, today=today) if conduit else [],
        "today": today,
        "saisit": conduit or droits(user, convention.pk).has(Role.COORDINATEUR_THEMATIQUE, Role.REFERENT),
    }


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
