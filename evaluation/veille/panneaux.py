"""What the watch shows on the pages of a fiche, of the tree and of the team."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from ctg.models import Convention
from ctg.panneaux import Panneau, register
from evaluation.etincelles import Etincelle, petits_multiples
from evaluation.models import SerieSociale
from evaluation.veille.alertes import Alerte, alertes_de, collect_alertes, ordonnes
from evaluation.veille.lecture import lit_tout, series_lisibles
from evaluation.veille.reports import SerieLue, collect_series
from fiches.models import Axe

NB_ALERTES = 5


@dataclass(frozen=True, slots=True)
class Contexte:
    """A series in a line; `lien`: by what it is there."""

    lue: SerieLue
    dessin: Etincelle | None
    alertes: tuple[Alerte, ...]
    lien: str = ""


def _contextes(series: Iterable[SerieSociale], user, convention: Convention) -> list[Contexte]:
    series, tout = list(series), lit_tout(user, convention)
    lues = collect_series(series, convention)
    contextes = []
    for serie in series:
        lue = lues[serie.pk]
        dessin = petits_multiples({serie.intitule: lue.ville.valeurs}, lue.periodes, serie.unite)
        alertes = tuple(alertes_de(lue, ordonnes(serie))) if tout else ()
        contextes.append(Contexte(lue, dessin[serie.intitule], alertes, getattr(serie, "lien_dit", "")))
    return contextes


def _lisibles(user, convention: Convention):
    series = series_lisibles(user, convention).select_related("convention").prefetch_related("seuils")
    return series.order_by("theme", "intitule", "pk")


def _de_la_fiche(request, fiche):
    """Its own series, and those of its axes and of what is above them."""
    axes = {axe.pk: axe for axe in (fiche.axe, *fiche.axes.all())}
    ajoutes = list(axes.values())
    while ajoutes:
        ajoutes = [axe.parent for axe in ajoutes if axe.parent_id and axe.parent_id not in axes]
        axes |= {axe.pk: axe for axe in ajoutes}
    liees = SerieSociale.objects.filter(Q(fiches=fiche) | Q(axes__in=axes)).values("pk")
    series = list(
        _lisibles(request.user, request.convention).filter(pk__in=liees).prefetch_related("axes", "fiches")
    )
    for serie in series:
        siens = [axe.code for axe in serie.axes.all() if axe.pk in axes]
        serie.lien_dit = "" if fiche in serie.fiches.all() else f"axe {', '.join(siens)}"
    contextes = _contextes(series, request.user, request.convention)
    return {"contextes": contextes} if contextes else None


def _de_l_arbre(request, convention):
    """By axe, those that are linked to it."""
    axes = Axe.objects.filter(convention=convention).en_vigueur(au=timezone.localdate())
    series = list(
        _lisibles(request.user, convention).filter(axes__in=axes).distinct().prefetch_related("axes")
    )
    contextes = {c.lue.serie.pk: c for c in _contextes(series, request.user, convention)}
    groupes = [
        (axe, [contextes[serie.pk] for serie in series if axe in serie.axes.all()])
        for axe in axes.order_by("code", "pk")
    ]
    groupes = [(axe, siens) for axe, siens in groupes if siens]
    return {"groupes": groupes} if groupes else None


def _alertes(request, convention):
    alertes = collect_alertes(convention)
    if not alertes:
        return None
    return {"alertes": alertes[:NB_ALERTES], "nb_autres": len(alertes[NB_ALERTES:])}


register(
    Panneau(
        "fiche",
        "veille",
        "Contexte : la veille sociale",
        "evaluation/veille/_panneau_fiche.html",
        _de_la_fiche,
        60,
    )
)
register(
    Panneau(
        "arbre",
        "veille",
        "Le contexte des axes : la veille sociale",
        "evaluation/veille/_panneau_arbre.html",
        _de_l_arbre,
        10,
    )
)
register(
    Panneau(
        "tableau_de_bord",
        "veille",
        "Alertes de la veille sociale",
        "evaluation/veille/_panneau_alertes.html",
        _alertes,
        45,
        "evaluation.lire_veille",
    )
)
