"""All that is held on one person, as readable JSON: what they may ask for (RGPD, article 15)."""

import datetime

from django.db import models
from django.utils import timezone

from ctg.donnees_personnelles import Donnees, donnees, modeles_historiques, occurrences
from ctg.sujets import Sujet

HISTOIRE = {
    "history_date": "modification",
    "history_type": "sorte de modification",
    "history_change_reason": "motif",
    "history_user": "par",
}
SORTES = {"+": "ajout", "~": "modification", "-": "suppression"}
TECHNIQUES = frozenset({"recherche", "history_id", "acte"})


def exporter(sujet: Sujet, *, now: datetime.datetime) -> dict:
    """{kind: rows}, in French. Secrets (password, second factor) are left out: they tell nothing of the person."""
    chercheur, _ = sujet.get_chercheur()
    contenu = {"date de l’export": _valeur(now), "personne": str(sujet)}
    for sorte in donnees():
        contenu[sorte.nom] = [_ligne(ligne, sorte) for ligne in sorte.lignes(sujet)]
        if historique := [_ligne(ligne, sorte) for ligne in sorte.lignes_historique(sujet)]:
            contenu[f"{sorte.nom} : historique"] = historique
    contenu["modifications faites"] = _modifications(sujet)
    contenu["textes qui nomment la personne"] = [
        {"où": nommer(o.objet), "champ": str(o.champ.verbose_name), "extrait": o.extrait}
        for figes in (False, True)
        for o in occurrences(chercheur, sujet, figes=figes)
    ]
    return contenu


def nommer(objet: models.Model) -> str:
    """« fiche projet PE-1 – … », its history included."""
    vivant = getattr(objet, "instance_type", type(objet))
    suite = "" if vivant is type(objet) else " (historique)"
    return f"{vivant._meta.verbose_name} {getattr(objet, 'instance', objet)}{suite}"


def _ligne(ligne: models.Model, sorte: Donnees) -> dict:
    champs = [f for f in ligne._meta.concrete_fields if f.name not in TECHNIQUES | sorte.secrets]
    return {HISTOIRE.get(f.name, str(f.verbose_name)): _lire(f, ligne) for f in champs}


def _lire(champ: models.Field, ligne: models.Model):
    value = getattr(ligne, champ.attname)
    if champ.name == "history_type":
        return SORTES[value]
    if champ.is_relation:
        lie = champ.related_model._base_manager.filter(pk=value).first() if value is not None else None
        return str(lie) if lie is not None else value
    if champ.choices:
        return str(dict(champ.flatchoices).get(value, value))
    return _valeur(value)


def _valeur(value):
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, bool) or value is None or isinstance(value, (int, float, str, list, dict)):
        return value
    return str(value)


def _modifications(sujet: Sujet) -> list[dict]:
    """What the person wrote, by whatever door: which record, when."""
    faites = []
    for modele in modeles_historiques():
        lignes = modele._base_manager.filter(history_user__in=sujet.compte_ids).order_by("history_date", "pk")
        faites += [
            {
                "date": _valeur(ligne.history_date),
                "objet": nommer(ligne).removesuffix(" (historique)"),
                "sorte": SORTES[ligne.history_type],
                "porte": ligne.get_porte_display(),
                "motif": ligne.history_change_reason or "",
            }
            for ligne in lignes
        ]
    return sorted(faites, key=lambda ligne: ligne["date"])
