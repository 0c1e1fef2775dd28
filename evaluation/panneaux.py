"""What the evaluation shows on the pages of a fiche and of a convention."""

from django.utils import timezone

from ctg.panneaux import Panneau, register
from ctg.permissions import check
from evaluation.models import Avancement, Indicateur
from evaluation.reports import collect_bilan, ligne_indicateur
from evaluation.series import collect_anciens


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
    anciens = collect_anciens(request.convention)
    return {
        "lignes": [(i.pk, ligne_indicateur(i, annee, anciens)) for i in indicateurs.for_entry()],
        "definir": check(request.user, "evaluation.definir", fiche),
        "annee": annee,
        "annees": [a for a in request.convention.annees if a <= annee],
        "droit": check(request.user, "evaluation.saisir", fiche),
    }


def _definitions(request, fiche):
    """For those who do not read the figures: what is counted, and towards what."""
    if check(request.user, "ctg.lire_chiffres", request.convention):
        return None
    indicateurs = Indicateur.objects.filter(fiche=fiche).en_vigueur(au=timezone.localdate())
    return {"indicateurs": list(indicateurs.order_by("ordre", "pk"))}


def _avancements(request, fiche):
    avancements = list(Avancement.objects.filter(fiche=fiche).order_by("-annee", "pk"))
    return {"avancements": avancements} if avancements else None


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
