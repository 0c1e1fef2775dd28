"""Forms and pages of an entry whose fiche an avenant has replaced: the year goes with one fiche, its address stays.

A page that was opened before the avenant names its fields by the rows of the replaced fiche; those of its successor
take them, so that nothing that was typed is dropped.
"""

import datetime
from collections.abc import Iterable, Iterator

from django.http import QueryDict

from ctg.models import Convention
from evaluation.models import Indicateur, ModaliteIndicateur, Saisie
from fiches.models import Etape, FicheProjet, Moyen
from fiches.succession import REPERES, predecesseurs, remonter

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
    """{« i12 »: « i34 »}: by what the rows of replaced fiches were called in a form, and are now.

    Progress, indicators, parts, steps, means. Nothing for most; six queries at most, whatever the number of fiches.
    """
    fiches = list(fiches)
    suites = [fiche for fiche in fiches if fiche.succede_a_id is not None]
    if not suites:
        return {}
    avant = predecesseurs(suites[0].convention_id)
    membres = {membre: suite.pk for suite in suites for membre in remonter(suite.pk, avant)}
    membres |= {fiche.pk: fiche.pk for fiche in fiches}  # what has a form of its own keeps its names
    noms = {f"a{membre}": f"a{suite}" for membre, suite in membres.items() if membre != suite}
    for lettre, lignes in _lignes(membres):
        actuels = {(fiche, *dits): pk for pk, fiche, *dits in lignes if membres[fiche] == fiche}
        for pk, fiche, *dits in lignes:
            if membres[fiche] != fiche and (cle := (membres[fiche], *dits)) in actuels:
                noms[f"{lettre}{pk}"] = f"{lettre}{actuels[cle]}"
    details = {f"d{ancien[1:]}": f"d{noms[ancien][1:]}" for ancien in noms if ancien[0] == "i"}
    return noms | details


def _lignes(membres: Iterable[int]) -> Iterator[tuple[str, list[tuple]]]:
    """(letter of the fields, rows: key, fiche, what stays the same from a row to the one copied from it)."""
    indicateurs = Indicateur.objects.filter(fiche__in=membres)
    yield "i", list(indicateurs.values_list("pk", "fiche", "code"))
    parts = ModaliteIndicateur.objects.filter(indicateur__fiche__in=membres)
    yield "p", list(parts.values_list("pk", "indicateur__fiche", "indicateur__code", "libelle"))
    for lettre, modele in (("e", Etape), ("m", Moyen)):
        lignes = modele.objects.filter(fiche__in=membres)
        yield lettre, list(lignes.values_list("pk", "fiche", *REPERES[modele]))


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
