"""Forms and pages of an entry whose fiche an avenant has replaced: the year goes with one fiche, its address stays.

A page that was opened before the avenant names its fields by the rows of the replaced fiche; those of its successor
take them, so that nothing that was typed is dropped.
"""

import datetime
from collections.abc import Iterable

from django.http import QueryDict

from ctg.models import Convention
from evaluation.models import Indicateur, Saisie
from fiches.models import FicheProjet

UN_JOUR = datetime.timedelta(days=1)


def fiche_de_la_saisie(convention: Convention, code: str, annee: int, *, today: datetime.date) -> int | None:
    """The fiche of that code that carries the entry of the year; where none does, the one that the year ended with."""
    saisies = Saisie.objects.filter(
        campagne__convention=convention, campagne__annee=annee, fiche__code=code, fiche__convention=convention
    )
    if (saisie := saisies.order_by("-campagne__nature", "-pk").first()) is not None:
        return saisie.fiche_id
    au = min(datetime.date(annee, 12, 31), today)
    fiches = FicheProjet.objects.filter(convention=convention, code=code)
    return fiches.en_vigueur(au=au).values_list("pk", flat=True).first() or (
        fiches.en_vigueur(au=today).values_list("pk", flat=True).first()
    )


def jour_de(fiche: FicheProjet, today: datetime.date) -> datetime.date:
    """Today, or the nearest day on which the fiche is in force: what hangs on it is read as of then."""
    if fiche.date_effet and today < fiche.date_effet:
        return fiche.date_effet
    if fiche.date_fin and today >= fiche.date_fin:
        return fiche.date_fin - UN_JOUR
    return today


def anciens_noms(fiches: Iterable[FicheProjet]) -> dict[str, str]:
    """{« i12 »: « i34 »}: by what rows of the replaced fiches were called, and are now; nothing for most."""
    noms: dict[str, str] = {}
    for fiche in fiches:
        if fiche.succede_a_id is not None:
            noms |= _noms(fiche)
    return noms


def renommer(data: QueryDict, fiches: Iterable[FicheProjet]) -> QueryDict:
    """`data` with the fields of replaced rows under the names of those that succeed them; itself where none is there."""
    noms = anciens_noms(fiches)
    if not noms or not any(partie in noms for name in data for partie in name.split("-")):
        return data
    renomme = QueryDict(mutable=True)
    for name, valeurs in data.lists():
        nouveau = "-".join(noms.get(partie, partie) for partie in name.split("-"))
        if nouveau not in data or nouveau == name:  # what the form names itself comes first
            renomme.setlist(nouveau, valeurs)
    return renomme


def _noms(fiche: FicheProjet) -> dict[str, str]:
    """{« i12 »: « i34 »} of the progress, indicators, parts, steps and means, from each fiche of the lineage to this one."""
    siens = _reperes(fiche)
    noms = {f"a{ancienne.pk}": f"a{fiche.pk}" for ancienne in fiche.lignee()[1:]}
    for ancienne in fiche.lignee()[1:]:
        for repere, cle in _reperes(ancienne).items():
            if repere in siens:
                noms[cle] = siens[repere]
    return noms | {
        f"d{ancien[1:]}": f"d{nouveau[1:]}" for ancien, nouveau in noms.items() if ancien[0] == "i"
    }


def _reperes(fiche: FicheProjet) -> dict[tuple, str]:
    """{what stays the same from a row to the one that succeeds it: the name of its field}."""
    reperes: dict[tuple, str] = {}
    for indicateur in Indicateur.objects.filter(fiche=fiche).prefetch_related("modalites"):
        reperes["indicateur", indicateur.code] = f"i{indicateur.pk}"
        for modalite in indicateur.modalites.all():
            reperes["part", indicateur.code, modalite.libelle] = f"p{modalite.pk}"
    for etape in fiche.etapes.all():
        reperes["etape", etape.ordre, etape.intitule] = f"e{etape.pk}"
    for moyen in fiche.moyens.all():
        reperes["moyen", moyen.signataire_id, moyen.annee, moyen.nature] = f"m{moyen.pk}"
    return reperes
