"""The printed papers of a meeting: convocation, dossier, relevé de décisions and its extract for one label."""

import datetime

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import slugify

from ctg.renderers import html_en_pdf
from gouvernance.compte_rendu import dit_les_presences
from gouvernance.feuille_presence import collect_feuille
from gouvernance.models import Decision, Label, Reunion
from gouvernance.ordre_du_jour import OrdreDuJour, collect_ordre_du_jour

PROJET = "PROJET — NE PAS DIFFUSER"


def nom_de_fichier(document: str, reunion: Reunion, label: Label | None = None) -> str:
    suite = f"-{slugify(label.nom)}" if label else ""
    return f"{document}{suite}-{reunion.numero}.pdf"


def render_convocation(reunion: Reunion, *, now: datetime.datetime) -> bytes:
    return html_en_pdf(_composer("convocation", f"Convocation, {reunion.instance_gouvernance}", reunion, now))


def render_dossier(reunion: Reunion, *, now: datetime.datetime) -> bytes:
    """What one reads before coming: convocation, what was done of former decisions, each point with its papers."""
    titre = f"Dossier de réunion, {reunion.instance_gouvernance}"
    return html_en_pdf(_composer("dossier", titre, reunion, now))


def render_releve(reunion: Reunion, *, now: datetime.datetime, label: Label | None = None) -> bytes:
    return html_en_pdf(composer_releve(reunion, now=now, label=label, is_diffuse=reunion.is_diffusee))


def composer_releve(
    reunion: Reunion, *, now: datetime.datetime, label: Label | None, is_diffuse: bool
) -> str:
    """The page of the minutes with the decisions; for one label, what concerns it and what concerns all."""
    titre = f"Extrait pour {label}" if label else "Compte rendu et relevé de décisions"
    feuille = collect_feuille(reunion)
    ordre = collect_ordre_du_jour(reunion, au=timezone.localdate(now))
    return _composer(
        "releve",
        f"{titre}, {reunion.instance_gouvernance}",
        reunion,
        now,
        label=label,
        presences=feuille.groupes(label),
        is_dit=label is None and dit_les_presences(reunion.compte_rendu),
        comptes=feuille.comptes,
        compte=next((c for c in feuille.comptes if c.label == label), feuille.comptes[0]),
        rubriques=_rubriques(reunion, ordre, label),
        marque="" if is_diffuse else PROJET,
    )


def _composer(gabarit: str, titre: str, reunion: Reunion, now: datetime.datetime, **propres) -> str:
    jour = timezone.localdate(now)
    context = {
        "titre": titre,
        "reunion": reunion,
        "convention": reunion.convention,
        "ordre": collect_ordre_du_jour(reunion, au=jour),
        "jour": jour,
        "marque": "",
    }
    return render_to_string(f"gouvernance/{gabarit}_pdf.html", context | propres)


def _rubriques(reunion: Reunion, ordre: OrdreDuJour, label: Label | None) -> list[dict]:
    """Points with the decisions taken on each; an extract has those without any too.

    Never the notes of a point: what the Caf gives its aval to is the text of the minutes.
    """
    decisions: dict[int | None, list[Decision]] = {}
    for decision in Decision.objects.filter(reunion=reunion).for_list():
        if label is None or decision.label_id in (None, label.pk):
            decisions.setdefault(decision.point_id, []).append(decision)
    rubriques = [
        {"place": place, "decisions": decisions.pop(place.point.pk, [])}
        for place in ordre.places
        if label is None or place.point.label_id in (None, label.pk)
    ]
    if label is None:
        rubriques = [rubrique for rubrique in rubriques if rubrique["decisions"]]
    autres = [decision for du_point in decisions.values() for decision in du_point]
    return [*rubriques, {"place": None, "decisions": autres}] if autres else rubriques
