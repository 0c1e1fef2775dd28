"""Where two people changed the same thing: the page where one chooses, and what one is told afterwards."""

from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import render

from ctg.forms_a_deux import ADeuxForm
from ctg.fusion import Fusion

TECHNIQUES = ("choix-", "vu-", "texte-")


@dataclass(frozen=True, slots=True)
class DeuxVersions:
    """The words of the page. `fil`: (address, label) of what is above."""

    titre: str  # « Deux versions de la fiche PE-1 »
    cet_objet: str  # « cette fiche »
    chacun: str  # « chaque rubrique que vous avez changée tous les deux »
    fil: tuple[tuple[str, str], ...]
    retour: str
    retour_libelle: str = "Revenir à mon brouillon"


def dire_la_reunion(request, fusion: Fusion | ADeuxForm | None) -> None:
    """What the others changed meanwhile, and that stays."""
    if fusion and fusion.leurs:
        qui, quoi = " et ".join(fusion.auteurs) or "quelqu’un", ", ".join(dict.fromkeys(fusion.leurs))
        ont = "ont" if len(fusion.auteurs) > 1 else "a"
        messages.info(request, f"Pendant ce temps, {qui} {ont} modifié : {quoi}. Tout est réuni.")


def demander(request, convention, fusion: Fusion, page: DeuxVersions):
    """What was typed travels with the page."""
    repris = [
        (name, value)
        for name in request.POST
        if name != "csrfmiddlewaretoken" and not name.startswith(TECHNIQUES)
        for value in request.POST.getlist(name)
    ]
    moi = str(request.user)
    context = {
        "fusion": fusion,
        "auteurs": [auteur for auteur in fusion.auteurs if auteur != moi],
        "is_moi": moi in fusion.auteurs,
        "repris": repris,
        "page": page,
        "convention": convention,
    }
    return render(request, "ctg/deux_versions.html", context)
