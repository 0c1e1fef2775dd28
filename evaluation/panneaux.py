"""What the evaluation shows on the pages of a fiche and of a convention."""

from decimal import Decimal
from types import SimpleNamespace

from django.utils import timezone

from ctg.panneaux import Panneau, register
from ctg.permissions import check
from evaluation.afaire import a_faire
from evaluation.avenants.lecture import collect_a_appliquer
from evaluation.bilan import Point, Rupture
from evaluation.cycle import cycle
from evaluation.editions import edition_de
from evaluation.enums import NatureIndicateur
from evaluation.fiche_de_l_annee import jour_de
from evaluation.lecture import annees_cachees, caches
from evaluation.lecture_bilan import sorties_lisibles, versions_lisibles, visible_to
from evaluation.meteo import meteos_par_axe
from evaluation.mi_parcours.lecture import visible_to as visible_to_revue
from evaluation.models import (
    Avancement,
    ConclusionCopil,
    DecisionFiche,
    DecisionIndicateur,
    Effet,
    EvenementParticipation,
    Indicateur,
    PointBilan,
    Proposition,
)
from evaluation.models.participation import Concernes
from evaluation.protocole.afaire import collect_a_approuver
from evaluation.renouvellement.departs import collect_propositions
from evaluation.reports import collect_bilan, ligne_indicateur
from evaluation.series import collect_anciens
from evaluation.statuts import PROPOSES, est_proposee
from fiches.lecture import collect_faits
from gouvernance.circuit import collect_a_traiter
from gouvernance.lecture import papiers_lisibles
from gouvernance.models import Decision
from gouvernance.verrous import raison_du_verrou


def _exemples(request, objet):
    """Charts of the page of components: whole, with a gap, with a break."""

    def exemple(intitule, valeurs, cibles, ruptures=()):
        serie = tuple(
            Point(2024 + rang, valeur, cible)
            for rang, (valeur, cible) in enumerate(zip(valeurs, cibles, strict=True))
        )
        return SimpleNamespace(
            intitule=intitule, unite="familles", depart=Decimal(1200), serie=serie, ruptures=ruptures
        )

    cibles = [Decimal(1250), Decimal(1400), Decimal(1550), Decimal(1700)]
    rupture = Rupture(2026, "PE-1-01", "Familles reçues", is_prolongee=True)
    return {
        "lignes": [
            exemple("Une valeur chaque année", [Decimal(v) for v in (1310, 1385, 1490, 1720)], cibles),
            exemple("Une année sans valeur", [Decimal(1310), None, Decimal(1490), None], cibles),
            exemple("Une rupture", [Decimal(v) for v in (1310, 1385, 900, 980)], cibles, (rupture,)),
        ]
    }


def _annee_courante(convention) -> int | None:
    """The last year of the convention that has begun."""
    return max((annee for annee in convention.annees if annee <= timezone.localdate().year), default=None)


def _annee(request, convention):
    annee = _annee_courante(convention)
    if annee is None:
        return None
    bilan = collect_bilan(
        convention,
        annee,
        now=timezone.localtime(),
        caches=caches(request.user, convention),
        faits=collect_faits(request.user, convention),
        lecteur=request.user,
    )
    precedente = annee - 1 if annee - 1 in convention.annees else None
    return {"bilan": bilan, "precedente": precedente, "meteos": meteos_par_axe(bilan)}


def _indicateurs(request, fiche):
    annee = _annee_courante(request.convention)
    if annee is None:
        return None
    indicateurs = Indicateur.objects.filter(fiche=fiche).en_vigueur(au=jour_de(fiche, timezone.localdate()))
    anciens = collect_anciens(request.convention, request.user)
    masquees = caches(request.user, request.convention)
    return {
        "lignes": [(i.pk, ligne_indicateur(i, annee, anciens, masquees)) for i in indicateurs.for_entry()],
        "definir": check(request.user, "evaluation.definir", fiche),
        "annee": annee,
        "annees": [a for a in request.convention.annees if a <= annee],
        "droit": check(request.user, "evaluation.saisir", fiche),
    }


def _definitions(request, fiche):
    """For those who do not read the figures: what is counted, and towards what."""
    if check(request.user, "ctg.lire_chiffres", request.convention):
        return None
    indicateurs = Indicateur.objects.filter(fiche=fiche).en_vigueur(au=jour_de(fiche, timezone.localdate()))
    return {"indicateurs": list(indicateurs.order_by("ordre", "pk"))}


def _avancements(request, fiche):
    masquees = annees_cachees(request.user, fiche)
    avancements = Avancement.objects.filter(fiche=fiche).exclude(annee__in=masquees)
    avancements = list(avancements.order_by("-annee", "pk"))
    if not avancements:
        return None
    jour = getattr(request, "au", None)  # of a page that is read at another day
    if jour == timezone.localdate() or not check(request.user, "ctg.lire_chiffres", request.convention):
        jour = None
    return {"avancements": avancements, "autre_jour": jour}


def _decisions(request, fiche):
    """What was decided on the fiche, and what still waits for a decision."""
    lues = Decision.objects.visible_to(request.user)
    liens = DecisionFiche.objects.filter(fiche=fiche, decision__in=lues)
    liens = liens.select_related("decision__reunion__convention")
    liens = list(
        liens.order_by("-decision__reunion__annee", "-decision__reunion__rang", "decision__rang", "pk")
    )
    droit = check(request.user, "evaluation.lier_decision", fiche)
    lit = check(request.user, "ctg.lire_chiffres", request.convention)
    proposes = [
        avancement
        for avancement in Avancement.objects.filter(fiche=fiche, statut__in=sorted(PROPOSES)).order_by(
            "annee"
        )
        if lit and est_proposee(avancement)
    ]
    if not liens and not proposes and not droit:
        return None
    decisions = lues.filter(reunion__convention=request.convention).for_list() if droit else []
    annees = [annee for annee in request.convention.annees if annee <= timezone.localdate().year]
    return {"liens": liens, "proposes": proposes, "droit": droit, "decisions": decisions, "annees": annees}


def _plan(request, decision):
    """Of a decision: the fiches and the indicators that it touches."""
    droit = check(request.user, "evaluation.lier_decision", decision)
    fiches = DecisionFiche.objects.filter(decision=decision).select_related("fiche")
    indicateurs = DecisionIndicateur.objects.filter(decision=decision).select_related("indicateur__fiche")
    lies = [lien.indicateur for lien in indicateurs.order_by("indicateur__code", "pk")]
    a_lier = Indicateur.objects.filter(fiche__convention=request.convention)
    a_lier = a_lier.en_vigueur(au=timezone.localdate()).exclude(pk__in=[i.pk for i in lies])
    return {
        "fiches": list(fiches.order_by("fiche__code", "annee", "pk")),
        "indicateurs": lies,
        "a_lier": list(a_lier.order_by("code", "pk")) if droit else [],
        "droit": droit,
    }


def _effets(request, fiche):
    masquees = annees_cachees(request.user, fiche)
    effets = list(Effet.objects.filter(fiche=fiche).exclude(annee__in=masquees).order_by("-annee", "pk"))
    return {"effets": effets} if effets else None


def _participation(request, fiche):
    """Nothing to show and nothing to do: no panel."""
    evenements = EvenementParticipation.objects.filter(fiches=fiche).for_list().order_by("-date_debut", "-pk")
    noter = check(
        request.user,
        "evaluation.noter_participation",
        Concernes.de(fiche.convention_id, [fiche], [], []),
    )
    lit = check(request.user, "ctg.lire_chiffres", request.convention)
    if not evenements and not noter:
        return None
    return {"evenements": list(evenements), "noter": noter, "lit_chiffres": lit}


def _revues_de_la_reunion(request, reunion):
    lisibles = visible_to_revue(request.user, request.convention)
    revues = lisibles.filter(point__reunion=reunion).select_related("convention", "point").order_by("rang")
    return {"revues": list(revues)} if revues else None


def _revue_de_la_decision(request, decision):
    lisibles = visible_to_revue(request.user, request.convention)
    propositions = Proposition.objects.filter(decision=decision, revue__in=lisibles)
    propositions = propositions.select_related("revue__convention", "axe", "fiche").order_by("pk")
    return {"propositions": list(propositions)} if propositions else None


def _a_faire(request, convention):
    """Who has no part in the campaign is shown what waits for them, if anything does."""
    comptes_rendus = collect_a_traiter(request.user, convention)
    approbations = collect_a_approuver(request.user, convention)
    avenants = collect_a_appliquer(request.user, convention, today=timezone.localdate())
    suit = check(request.user, "evaluation.suivre", convention)
    if not suit and not comptes_rendus and not approbations:
        return None
    campagne = a_faire(request.user, convention, today=timezone.localdate()) if suit else {}
    return {
        "suit": suit,
        "comptes_rendus": comptes_rendus,
        "approbations": approbations,
        "avenants": avenants,
        **campagne,
    }


register(
    Panneau(
        "tableau_de_bord_tete",
        "a-faire",
        "À faire",
        "evaluation/_panneau_a_faire.html",
        _a_faire,
        10,
    )
)


def _cycle(request, convention):
    today = timezone.localdate()
    trouve = cycle(request.user, convention, today=today)
    if trouve is None:
        return None
    annee, jalons = trouve
    rang = next(
        (i for i, jalon in enumerate(jalons) if jalon.etat in {"en cours", "a venir", "refus"}), len(jalons)
    )
    lit_bilan = (
        bool(check(request.user, "evaluation.travailler_bilan", convention))
        or versions_lisibles(request.user, convention, annee).exists()
    )
    return {"annee": annee, "jalons": jalons, "rang": rang, "today": today, "lit_bilan": lit_bilan}


register(
    Panneau(
        "tableau_de_bord_tete",
        "cycle",
        "Où en est l’année",
        "evaluation/_panneau_cycle.html",
        _cycle,
        20,
        "evaluation.suivre",
    )
)


def _bilan(request, convention):
    """The latest version that this person may read."""
    versions = visible_to(request.user, convention).select_related("convention")
    bilan = versions.order_by("-annee", "-version").first()
    if bilan is None:
        return None
    sortie = sorties_lisibles(request.user, convention)[0]
    context = {"bilan": bilan, "sortie": sortie}
    if not check(request.user, "ctg.lire_chiffres", convention):  # they read the year nowhere else
        edition = edition_de(bilan, sortie)
        context["meteos"] = meteos_par_axe(edition.complet, edition.contenu)
    return context


def _bilans_de_la_reunion(request, reunion):
    """What this person may read of what the meeting examines; and what one may put on its agenda."""
    if not papiers_lisibles(request.user, reunion).ordre_du_jour:
        return None
    lisibles = visible_to(request.user, request.convention).select_related("convention")
    liens = PointBilan.objects.filter(point__reunion=reunion, bilan__in=lisibles)
    conclusions = ConclusionCopil.objects.filter(reunion=reunion, bilan__in=lisibles)
    tient = check(request.user, "gouvernance.tenir", request.convention)
    droit = bool(tient) and not raison_du_verrou(reunion) and not reunion.is_annulee
    context = {
        "liens": list(liens.select_related("point", "bilan__convention").order_by("point__ordre", "pk")),
        "conclusions": list(conclusions.select_related("bilan__convention").order_by("pk")),
        "droit": droit,
        "points": list(reunion.points.order_by("ordre", "pk")) if droit else [],
        "bilans": list(lisibles.order_by("-annee", "-version")) if droit else [],
    }
    a_porter = context["points"] and context["bilans"]
    return context if context["liens"] or context["conclusions"] or a_porter else None


def _fiche_au_bilan(request, fiche):
    """Who reads no live figure reads the fiche as in the latest version open to them."""
    if check(request.user, "ctg.lire_chiffres", request.convention):
        return None
    versions = visible_to(request.user, request.convention).select_related("convention")
    bilan = versions.order_by("-annee", "-version").first()
    if bilan is None:
        return None
    contenu = edition_de(bilan, sorties_lisibles(request.user, request.convention)[0]).contenu
    ligne = next((ligne for ligne in contenu.fiches if ligne.code == fiche.code), None)
    return {"bilan": bilan, "ligne": ligne} if ligne else None


register(
    Panneau("fiche", "bilan", "Au dernier bilan", "evaluation/_panneau_fiche_bilan.html", _fiche_au_bilan, 35)
)
register(
    Panneau(
        "reunion",
        "bilans",
        "Bilans examinés",
        "evaluation/_panneau_reunion_bilans.html",
        _bilans_de_la_reunion,
        10,
    )
)
register(Panneau("tableau_de_bord", "bilan", "Bilan annuel", "evaluation/_panneau_bilan.html", _bilan, 5))
register(
    Panneau(
        "tableau_de_bord",
        "annee",
        "L’année en cours",
        "evaluation/_panneau_annee.html",
        _annee,
        10,
        "ctg.lire_chiffres",
    )
)
register(
    Panneau(
        "fiche",
        "indicateurs",
        "Indicateurs",
        "evaluation/_panneau_indicateurs.html",
        _indicateurs,
        30,
        "ctg.lire_chiffres",
    )
)
register(
    Panneau("fiche", "definitions", "Indicateurs", "evaluation/_panneau_definitions.html", _definitions, 30)
)
register(
    Panneau(
        "fiche",
        "avancement",
        "Avancement par année",
        "evaluation/_panneau_avancements.html",
        _avancements,
        40,
        "ctg.lire_chiffres",
    )
)
register(
    Panneau("decision", "plan", "Fiches et indicateurs", "evaluation/_panneau_decision_plan.html", _plan, 10)
)
register(Panneau("fiche", "decisions", "Décisions", "evaluation/_panneau_decisions.html", _decisions, 50))
register(
    Panneau(
        "fiche",
        "effets",
        "Effets observés",
        "evaluation/_panneau_effets.html",
        _effets,
        45,
        "ctg.lire_chiffres",
    )
)
register(
    Panneau(
        "fiche",
        "participation",
        "Participation des habitants",
        "evaluation/participation/_panneau.html",
        _participation,
        47,
        "evaluation.lire_participation",
    )
)
register(
    Panneau(
        "reunion",
        "mi-parcours",
        "Revue à mi-parcours",
        "evaluation/mi_parcours/_panneau_reunion.html",
        _revues_de_la_reunion,
        20,
        "evaluation.lire_revue",
    )
)
register(
    Panneau(
        "decision",
        "mi-parcours",
        "Revue à mi-parcours",
        "evaluation/mi_parcours/_panneau_decision.html",
        _revue_de_la_decision,
        20,
        "evaluation.lire_revue",
    )
)
register(Panneau("styleguide", "graphiques", "Graphiques", "evaluation/_exemples.html", _exemples, 10))


def _reprise(request, convention):
    """What remains to be said of the indicators of a convention that has just been opened."""
    indicateurs = Indicateur.objects.filter(fiche__convention=convention).non_clos(au=timezone.localdate())
    chiffres = indicateurs.exclude(nature__in=sorted(NatureIndicateur.SANS_ECART))
    return {
        "nb": indicateurs.count(),
        "nb_sans_depart": chiffres.filter(valeur_depart=None).count(),
        "nb_sans_cible": chiffres.filter(cibles=None).count(),
        "nb_proposees": len(collect_propositions(convention, request.user))
        if check(request.user, "evaluation.reprendre_departs", convention)
        else 0,
    }


register(
    Panneau(
        "reprise",
        "indicateurs",
        "Les indicateurs",
        "evaluation/renouvellement/_panneau_reprise.html",
        _reprise,
        20,
    )
)
