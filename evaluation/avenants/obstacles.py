"""What forbids an avenant to apply: what changed since it was drawn up, line by line. Reads only."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from ctg.templatetags.affichage import date_longue
from evaluation.avenants.contenu import lire_lignes
from evaluation.avenants.enums import EtatProjet, NatureChangement
from evaluation.enums import SituationMesure
from evaluation.models import ChangementProjete, Indicateur, Mesure, ProjetAvenant
from evaluation.models.regles_avenants import lire_champ, nom_du_champ
from fiches.fins import verifier_jour
from fiches.models import Axe
from fiches.succession_arbre import ce_qui_y_tient
from structures.models import Inscription

N = NatureChangement


@dataclass(frozen=True, slots=True)
class Obstacle:
    """`ligne`: the key of the line that it stops; none: the whole projet."""

    phrase: str
    ligne: int | None = None


def collect_obstacles(projet: ProjetAvenant) -> list[Obstacle]:
    """Of a projet that is not applied yet; its day is another matter."""
    if projet.statut in {EtatProjet.APPLIQUE, EtatProjet.ABANDONNE}:
        return []
    lignes = lire_lignes(projet)
    obstacles = [Obstacle(phrase) for phrase in _du_jour(projet)]
    for ligne in lignes:
        obstacles += [Obstacle(phrase, ligne.pk) for phrase in _de_la_ligne(ligne, lignes, projet.date_effet)]
    return obstacles


def _du_jour(projet: ProjetAvenant) -> Iterator[str]:
    try:
        verifier_jour(projet.convention, projet.date_effet)
    except ValidationError as error:
        yield from error.messages


def _de_la_ligne(
    ligne: ChangementProjete, lignes: list[ChangementProjete], jour: datetime.date
) -> Iterator[str]:
    cible = ligne.cible
    fin, debut = getattr(cible, "date_fin", None), getattr(cible, "date_effet", None)
    if fin is not None:
        yield f"« {cible} » prend fin le {date_longue(fin)}."
        return
    if debut is not None and debut >= jour and ligne.change_sa_cible:
        yield f"« {cible} » a déjà changé le {date_longue(debut)} : choisissez un jour suivant."
    if ligne.change_sa_cible:
        for nom, avant in ligne.avant.items():
            if lire_champ(cible, nom) != avant:
                champ = nom_du_champ(ligne.regle.modele, nom)
                yield f"« {cible} » : {champ} a changé depuis la rédaction. Reprenez la ligne, relisez, enregistrez-la."
    yield from _propres(ligne, lignes, jour)


def _propres(ligne: ChangementProjete, lignes: list[ChangementProjete], jour: datetime.date) -> Iterator[str]:
    """What this kind of change asks."""
    if ligne.nature in {N.AXE_AJOUTER, N.INDICATEUR_AJOUTER}:
        yield from _du_code(ligne, lignes)
    elif ligne.nature == N.AXE_CLORE:
        yield from _de_l_axe_clos(ligne.axe, lignes, jour)
    elif ligne.nature == N.STRUCTURE_INSCRIRE:
        siennes = Inscription.objects.filter(convention=ligne.projet.convention_id, structure=ligne.structure)
        if siennes.exclude(date_fin__lte=jour).exists():
            yield f"« {ligne.structure} » est déjà inscrite ce jour-là : c’est sa ligne qui change."
    elif ligne.nature == N.SIGNATAIRE_AJOUTER:
        signent = ligne.projet.convention.signataires.filter(organisme=ligne.organisme, date_fin=None)
        if signent.exists():
            yield f"« {ligne.organisme} » signe déjà cette convention."
    elif ligne.nature in {N.INDICATEUR_CLORE, N.INDICATEUR_REMPLACER}:
        valeurs = Mesure.objects.filter(indicateur=ligne.indicateur, annee__gte=jour.year)
        valeurs = valeurs.exclude(situation=SituationMesure.NON_RENSEIGNEE)
        if annees := sorted(set(valeurs.values_list("annee", flat=True))):
            yield (
                f"{ligne.indicateur.code} a une valeur pour {annees[-1]}, qui ne figurerait plus au bilan : "
                f"l’avenant peut prendre effet le 1er janvier {annees[-1] + 1}."
            )


def _du_code(ligne: ChangementProjete, lignes: Iterable[ChangementProjete]) -> Iterator[str]:
    """Two things in force do not bear the same code. Without one, it is given when the line applies."""
    if not (code := ligne.valeurs.get("code")):
        return
    if ligne.nature == N.AXE_AJOUTER:
        pris, quoi = Axe.objects.filter(convention=ligne.projet.convention_id), "axe"
    else:
        pris, quoi = Indicateur.objects.filter(fiche=ligne.fiche), "indicateur"
    memes = [
        autre
        for autre in lignes
        if (autre.nature, autre.cible, autre.sous_id) == (ligne.nature, ligne.cible, ligne.sous_id)
        or (autre.nature == ligne.nature == N.AXE_AJOUTER)
    ]
    if pris.filter(code=code, date_fin=None).exists():
        yield f"Un {quoi} en vigueur a déjà le code {code} : choisissez-en un autre."
    elif any(autre.valeurs.get("code") == code for autre in memes if autre.pk != ligne.pk):
        yield f"Deux lignes de ce projet ajoutent un {quoi} de code {code} : changez l’un des deux codes."


def _de_l_axe_clos(axe: Axe, lignes: Iterable[ChangementProjete], jour: datetime.date) -> Iterator[str]:
    """All that hangs on it closes or moves in the same projet."""
    partent = set()
    for ligne in lignes:
        if ligne.nature == N.AXE_CLORE:
            partent.add(ligne.axe.code)
        elif ligne.nature == N.FICHE_CLORE or (ligne.nature == N.FICHE_RATTACHER and _quitte(ligne, axe)):
            partent.add(ligne.fiche.code)
        elif ligne.nature in {N.AXE_AJOUTER, N.OBJECTIF_AJOUTER, N.FICHE_AJOUTER} and ligne.axe_id == axe.pk:
            yield f"Le même projet ajoute quelque chose à l’axe {axe.code}, qu’il clôt."
    if restent := [code for code in ce_qui_y_tient(axe, au=jour) if code not in partent]:
        yield (
            f"L’axe {axe.code} ne peut pas être clos : {', '.join(restent)} en dépendent encore. Le même projet doit "
            "aussi les clore ou les rattacher ailleurs."
        )


def _quitte(ligne: ChangementProjete, axe: Axe) -> bool:
    """Whether the fiche neither carries that axe any more nor hangs below it."""
    portes = Axe.objects.filter(pk__in=ligne.valeurs["axes"])
    if not portes and ligne.sous_id:
        return True
    return axe.pk not in {ancetre for porte in portes for ancetre in _ligne_de(porte)}


def _ligne_de(axe: Axe) -> Iterator[int]:
    while axe is not None:
        yield axe.pk
        axe = axe.parent
