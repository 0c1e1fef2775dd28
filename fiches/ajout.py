"""A fiche that an avenant adds: where it hangs, and the number and code that come to it."""

import re
from collections import Counter
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max

from ctg.enums import Numerotation
from ctg.models import Avenant, Convention
from fiches.enums import StatutFiche
from fiches.fins import verifier_jour
from fiches.models import Axe, FicheProjet
from fiches.succession import M2M, verifier_jour_de_l_avenant


@transaction.atomic
def ajouter_fiche(avenant: Avenant, axe: Axe, champs: dict) -> FicheProjet:
    """In force from the date of the avenant, « à engager », under the next number. Raises ValidationError."""
    convention = Convention.objects.select_for_update(of=("self",), no_key=True).get(pk=avenant.convention_id)
    verifier_jour_de_l_avenant(avenant)
    verifier_jour(convention, avenant.date_effet)
    attache = axe_d_attache(convention, axe)
    numero, code = numero_et_code(convention, attache)
    fiche = FicheProjet(
        convention=convention,
        axe=attache,
        numero=numero,
        code=code,
        statut=StatutFiche.A_ENGAGER,
        date_effet=avenant.date_effet,
        source=str(avenant)[:200],
    )
    for nom, valeur in champs.items():
        setattr(fiche, nom, valeur)
    fiche._change_reason = str(avenant)
    fiche.full_clean(exclude=M2M)
    fiche.save()
    fiche.axes.set(axes_portes(attache, [axe]))
    return fiche


def axe_d_attache(convention: Convention, axe: Axe) -> Axe:
    """The axe, or the one above it, of the level on which the fiches of this convention hang."""
    rangs = Counter(FicheProjet.objects.filter(convention=convention).values_list("axe__rang", flat=True))
    rang = rangs.most_common(1)[0][0] if rangs else axe.rang
    while axe.rang > rang:
        axe = axe.parent
    return axe


def axes_portes(attache: Axe, axes: Iterable[Axe]) -> list[Axe]:
    """Where fiches carry the axes below the one that they hang on, as the text of the convention writes it."""
    axes = list(axes)
    portent = FicheProjet.objects.filter(convention=attache.convention_id, axes__isnull=False).exists()
    return axes if portent or axes != [attache] else []


def numero_et_code(convention: Convention, attache: Axe) -> tuple[int, str]:
    """The next number, of the axe or of the whole convention; a number that was given is never given again."""
    fiches = FicheProjet.objects.filter(convention=convention)
    comptees = fiches if convention.numerotation == Numerotation.CONTINUE else fiches.filter(axe=attache)
    numero = (comptees.aggregate(numero=Max("numero"))["numero"] or 0) + 1
    codes = fiches.filter(axe=attache).order_by("-numero").values_list("code", flat=True)
    modele = re.fullmatch(r"(.*?)[0-9]+", next(iter(codes), ""))
    prefixe = modele[1] if modele else f"{re.sub(r'[^A-Za-z0-9_-]', '-', attache.code)}-"
    pris = set(fiches.values_list("code", flat=True))
    while f"{prefixe}{numero}" in pris:
        numero += 1
    return numero, f"{prefixe}{numero}"
