"""From what a cell says to what the form of the page would receive."""

from collections import Counter

from django import forms

from ctg.recherche import normalise

OUI, NON = frozenset({"oui", "x", "vrai"}), frozenset({"", "non", "faux"})
PLUSIEURS = "Plusieurs s’appellent « {noms} » : choisissez sur la page de la fiche."
HORS_LISTE = "« {noms} » n’est pas dans la liste : écrivez-le comme dans l’application."


def lire_mots(field: forms.Field, texte: str) -> tuple[list[str], str]:
    """(what a browser would send, why it cannot be read). Names and words are read without accents or case."""
    if isinstance(field, forms.ModelMultipleChoiceField):
        return _noms(field, [nom.strip() for nom in texte.split(";") if nom.strip()])
    if isinstance(field, forms.ModelChoiceField):
        return _noms(field, [texte] if texte else [])
    if isinstance(field, forms.ChoiceField):
        return _choix(field, texte)
    if isinstance(field, forms.BooleanField):
        return _oui(texte)
    return [texte], ""


def _choix(field: forms.ChoiceField, texte: str) -> tuple[list[str], str]:
    choix = {normalise(str(label)): str(value) for value, label in field.choices}
    if not texte or normalise(texte) in choix:
        return [choix[normalise(texte)] if texte else ""], ""
    dits = ", ".join(str(label) for value, label in field.choices if value != "")
    return [""], f"« {texte} » n’est pas dans la liste : écrivez l’un de {dits}."


def _oui(texte: str) -> tuple[list[str], str]:
    if normalise(texte) in OUI:
        return ["on"], ""
    return [], "" if normalise(texte) in NON else "Écrivez « oui », ou laissez vide."


def _noms(field: forms.ModelChoiceField, noms: list[str]) -> tuple[list[str], str]:
    objets = [(normalise(getattr(objet, "nom", str(objet))), str(objet.pk)) for objet in field.queryset]
    combien, connus = Counter(nom for nom, _ in objets), dict(objets)
    inconnus = [nom for nom in noms if normalise(nom) not in connus]
    partages = [nom for nom in noms if combien[normalise(nom)] > 1]
    raison = (
        HORS_LISTE.format(noms=", ".join(inconnus))
        if inconnus
        else PLUSIEURS.format(noms=", ".join(partages))
        if partages
        else ""
    )
    return [connus[normalise(nom)] for nom in noms if normalise(nom) in connus], raison
