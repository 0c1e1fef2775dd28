"""The one writer of a structure and its parts, and of its yearly activity, from the screens."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from ctg.models import Territoire
from structures.models import Activite, Structure

LONGUEUR_CODE = 40


@transaction.atomic
def enregistrer_structure(form, parties: dict) -> Structure:
    """Save valid forms of a structure that the caller has locked, or of a new one; all or nothing.

    Raises ValidationError.
    """
    structure = form.save(commit=False)
    if structure._state.adding:
        Territoire.objects.select_for_update(no_key=True).get(pk=structure.territoire_id)
        structure.code = code_libre(structure)
    if form.has_changed() or structure._state.adding:
        structure.full_clean()
        structure.save()
    for formset in parties.values():
        formset.instance = structure
        lignes = formset.save(commit=False)
        for ligne in formset.deleted_objects:  # first: the same row may be typed anew
            ligne.delete()
        for ligne in lignes:
            ligne.structure = structure
            ligne.full_clean()
            ligne.save()
    return structure


def code_libre(structure: Structure) -> str:
    """A code of the territoire that no structure has, nor ever had, after its name."""
    base = slugify(structure.nom)[: LONGUEUR_CODE - 4].strip("-") or "structure"
    pris = set(
        Structure.historique.filter(territoire_id=structure.territoire_id, code__startswith=base)
        .values_list("code", flat=True)
        .distinct()
    )
    rang, code = 1, base
    while code in pris:
        rang += 1
        code = f"{base}-{rang}"
    return code


@transaction.atomic
def enregistrer_activite(activite: Activite) -> Activite | None:
    """Save the figures of a year; None where nothing is left of them: the row goes, its history stays.

    Raises ValidationError.
    """
    Structure.objects.select_for_update(of=("self",), no_key=True).get(pk=activite.structure_id)
    if activite.est_vide and activite.pk:
        activite.delete()
        return None
    if activite.est_vide:
        raise ValidationError("Écrivez au moins un chiffre. Laissez vide ce que vous ne savez pas.")
    activite.full_clean()
    activite.save()
    return activite
