"""What the evaluation shows on the pages of a fiche and of a convention."""

from django.utils import timezone

from ctg.panneaux import Panneau, register
from ctg.permissions import check
from evaluation.editions import edition_de
from evaluation.lecture_bilan import sorties_lisibles, visible_to
from evaluation.models import Avancement, Indicateur
from evaluation.reports import collect_bilan, ligne_indicateur


def _annee_courante(convention) -> int | None:
    """The last year of the convention that has begun."""
    return max((annee for annee in convention.annees if annee <= timezone.localdate().year), default=None)


def _annee(request, convention):
    annee = _annee_courante(convention)
    if annee is None:
        return None
    bilan = collect_bilan(convention, annee, now=timezone.localtime())
    precedente = annee - 1 if annee - 1 in convention.annees else None
    return {"bilan": bilan, "precedente": precedente}


def _indicateurs(request, fiche):
    annee = _annee_courante(request.convention)
    if annee is None:
        return None
    indicateurs = Indicateur.objects.filter(fiche=fiche).en_vigueur(au=timezone.localdate())
    lignes = [ligne_indicateur(i, annee) for i in indicateurs.for_entry()]
    return {
        "lignes": lignes,
        "annee": annee,
        "annees": [a for a in request.convention.annees if a <= annee],
        "droit": check(request.user, "evaluation.saisir", fiche),
    }


def _avancements(request, fiche):
    avancements = list(Avancement.objects.filter(fiche=fiche).order_by("-annee", "pk"))
    return {"avancements": avancements} if avancements else None


def _bilan(request, convention):
    """The latest version that this person may read."""
    versions = visible_to(request.user, convention).select_related("convention").defer("contenu")
    bilan = versions.order_by("-annee", "-version").first()
    if bilan is None:
        return None
    return {"bilan": bilan, "sortie": sorties_lisibles(request.user, convention)[0]}


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
register(Panneau("tableau_de_bord", "bilan", "Bilan annuel", "evaluation/_panneau_bilan.html", _bilan, 15))
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
