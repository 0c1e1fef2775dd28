"""Which column of a file gives which field: by likeness of the titles, or as it was said the last time."""

import difflib
import hashlib
from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError

from ctg.imports.fichiers import PROBLEME
from ctg.imports.importable import ColonneImport, Importable
from ctg.models import Convention, CorrespondanceColonnes
from ctg.recherche import normalise

RESSEMBLANCE = 0.8
IGNOREE = ""


def empreinte(titres: Sequence[str]) -> str:
    """The same titles in another order, case or accents are the same kind of file."""
    return hashlib.sha256("\n".join(sorted(map(normalise, titres))).encode()).hexdigest()


def proposer(colonnes: Sequence[ColonneImport], titres: Sequence[str]) -> list[str]:
    """The field of each title, or nothing; a field is given once, to the title that is most like it."""
    notes = sorted(
        (
            (_note(titre, colonne), rang, colonne.champ)
            for rang, titre in enumerate(titres)
            for colonne in colonnes
        ),
        key=lambda note: (-note[0], note[1]),
    )
    proposes: dict[int, str] = {}
    for note, rang, champ in notes:
        if note >= RESSEMBLANCE and rang not in proposes and champ not in proposes.values():
            proposes[rang] = champ
    return [proposes.get(rang, IGNOREE) for rang in range(len(titres))]


def est_sans_doute(importable: Importable, titres: Sequence[str], champs: Sequence[str]) -> bool:
    """Every title is the very name of its column, or of one that our lists add: nobody needs to be asked."""
    connues = {colonne.champ: colonne for colonne in importable.toutes}
    autres = {normalise(titre) for titre in (PROBLEME, *importable.hors_import)}
    utiles = [(t, c) for t, c in zip(titres, champs, strict=True) if t and (c or normalise(t) not in autres)]
    return all(champ and _note(titre, connues[champ]) == 1 for titre, champ in utiles)


def _note(titre: str, colonne: ColonneImport) -> float:
    lu = normalise(titre)
    if not lu or lu == normalise(PROBLEME):
        return 0
    noms = [normalise(nom) for nom in (colonne.titre, colonne.champ, *colonne.synonymes)]
    return max(difflib.SequenceMatcher(None, lu, nom, autojunk=False).ratio() for nom in noms)


def retrouver(importable: Importable, convention: Convention, titres: Sequence[str]) -> list[str] | None:
    """As the same titles were matched last; none where they never were, or name a field that there is no more."""
    gardees = CorrespondanceColonnes.objects.filter(
        convention=convention, ressource=importable.code, empreinte=empreinte(titres)
    ).first()
    if gardees is None:
        return None
    champs = [gardees.colonnes.get(normalise(titre), IGNOREE) for titre in titres]
    connus = {colonne.champ for colonne in importable.toutes}
    return champs if set(champs) - {IGNOREE} <= connus else None


def retenir(
    importable: Importable, convention: Convention, titres: Sequence[str], champs: Sequence[str]
) -> None:
    CorrespondanceColonnes.objects.update_or_create(
        convention=convention,
        ressource=importable.code,
        empreinte=empreinte(titres),
        defaults={"colonnes": dict(zip(map(normalise, titres), champs, strict=True))},
    )


def verifier(importable: Importable, champs: Sequence[str]) -> None:
    """Raises ValidationError: a field given twice, one that is unknown, one that is missing."""
    titres = {colonne.champ: colonne.titre for colonne in importable.toutes}
    pris = [champ for champ in champs if champ != IGNOREE]
    if any(champ not in titres for champ in pris):
        raise ValidationError("Choisissez chaque colonne dans la liste.")
    if doubles := sorted({titres[champ] for champ in pris if pris.count(champ) > 1}):
        raise ValidationError(f"Deux colonnes donnent « {doubles[0]} » : gardez-en une, ignorez l’autre.")
    for groupe in importable.exige:
        if not set(groupe) & set(pris):
            noms = " ou ".join(f"« {titres[champ]} »" for champ in groupe)
            raise ValidationError(
                f"Dites quelle colonne donne {noms} : sans elle, une ligne ne se reconnaît pas. Si votre fichier n’a pas "
                "de ligne de titres, ajoutez-en une."
            )


def par_titre(champs: Sequence[str], valeurs: Sequence[str]) -> Mapping[str, str]:
    """{field: text} of a row."""
    return {champ: valeur for champ, valeur in zip(champs, valeurs, strict=True) if champ != IGNOREE}
