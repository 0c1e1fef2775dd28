"""What a line of the annexes says of its structure: the line keeps the text as signed, the structure the fact of today."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from ctg.models import Organisme
from ctg.recherche import normalise
from structures.models import Inscription, Structure

CHAMPS = ("nom", "adresse", "gestionnaire")  # of a line, that a structure has too
REPORTES = ("nom", "adresse", "code_postal", "commune", "gestionnaire_id", "source")
_ADRESSE = re.compile(r"(?s)(?P<voie>.*?)[\s,–-]*\b(?P<code>[0-9]{2}\s?[0-9]{3})\s+(?P<commune>.+)")


@dataclass(frozen=True, slots=True)
class Ecart:
    """`valeurs`: {field of the structure: what the line gives}; none, and why in `obstacle`: it is left as it is."""

    titre: str
    avant: str
    apres: str
    valeurs: Mapping
    obstacle: str = ""


def collect_ecarts(
    structure: Structure, ligne: Mapping[str, str], ancienne: Inscription | None
) -> list[Ecart]:
    """What the line changes (of what `ancienne` said) and that the structure does not say yet."""
    lecteurs = {"nom": _nom, "adresse": _adresse, "gestionnaire": _gestionnaire}
    changes = [n for n in CHAMPS if ligne.get(n) and (ancienne is None or ligne[n] != getattr(ancienne, n))]
    return [ecart for nom in changes if (ecart := lecteurs[nom](structure, ligne[nom]))]


def ecarts_de(structure: Structure, inscription: Inscription) -> list[Ecart]:
    """The same, of a line that was written. None of what was signed at first: the registry was made from it."""
    if inscription.date_effet is None:
        return []
    return collect_ecarts(
        structure, {nom: getattr(inscription, nom) for nom in CHAMPS}, inscription.succede_a
    )


def _nom(structure: Structure, dit: str) -> Ecart | None:
    return Ecart("nom", structure.nom, dit, {"nom": dit}) if structure.nom != dit else None


def _adresse(structure: Structure, dite: str) -> Ecart | None:
    avant = structure.adresse_complete
    if normalise(avant) == normalise(dite):
        return None
    lue = _ADRESSE.fullmatch(dite.strip())
    valeurs = {"adresse": dite.strip()}
    if lue:
        valeurs = {
            "adresse": lue["voie"],
            "code_postal": re.sub(r"\s", "", lue["code"]),
            "commune": lue["commune"].strip(),
        }
    apres = Structure(
        **{"code_postal": structure.code_postal, "commune": structure.commune} | valeurs
    ).adresse_complete
    return None if normalise(avant) == normalise(apres) else Ecart("adresse", avant, apres, valeurs)


def _gestionnaire(structure: Structure, dit: str) -> Ecart | None:
    avant, lu = str(structure.gestionnaire or ""), normalise(dit)
    trouves = [organisme for organisme in Organisme.objects.search(dit) if normalise(organisme.nom) == lu]
    if len(trouves) == 1:
        [organisme] = trouves
        if structure.gestionnaire_id == organisme.pk:
            return None
        return Ecart("gestionnaire", avant, str(organisme), {"gestionnaire": organisme})
    if normalise(avant) == lu:
        return None
    return Ecart(
        "gestionnaire",
        avant,
        dit,
        {},
        f"aucun organisme ne s’appelle « {dit} », la fiche garde le sien. Ajoutez l’organisme : la page de la structure "
        "proposera alors de la mettre à jour.",
    )


def motif_de(inscription: Inscription) -> str:
    return f"D’après la ligne de l’{inscription.get_annexe_display().lower()} : {inscription.source}"


@transaction.atomic
def reporter(inscription_id: int, *, au) -> list[Ecart]:
    """The structure says from now on what its line in force says. What was written. Raises ValidationError."""
    inscription = Inscription.objects.select_related("succede_a").get(pk=inscription_id)
    structure = Structure.objects.select_for_update(of=("self",), no_key=True).get(
        pk=inscription.structure_id
    )
    if not Inscription.objects.filter(pk=inscription_id).en_vigueur(au=au).exists():
        raise ValidationError(
            "Cette ligne n’est pas en vigueur aujourd’hui : la fiche dit ce qui est vrai ce jour."
        )
    ecarts = [ecart for ecart in ecarts_de(structure, inscription) if ecart.valeurs]
    if not ecarts:
        return []
    for ecart in ecarts:
        for nom, valeur in ecart.valeurs.items():
            setattr(structure, nom, valeur)
    if inscription.source not in structure.source and not structure.is_demonstration:
        structure.source = " ; ".join(filter(None, (structure.source, inscription.source)))[:200]
    structure.suivre(motif_de(inscription))
    structure.full_clean()
    structure.save()
    return ecarts


def defaire(inscription: Inscription, motif: str) -> bool:
    """The structure as it was before it followed this line. False: it followed it, and was changed since."""
    structure = Structure.objects.select_for_update(of=("self",), no_key=True).get(
        pk=inscription.structure_id
    )
    suivie = structure.historique.filter(history_change_reason=motif_de(inscription)).first()
    if suivie is None:
        return True
    if any(getattr(suivie, nom) != getattr(structure, nom) for nom in REPORTES):
        return False
    avant = suivie.prev_record
    for nom in REPORTES:
        setattr(structure, nom, getattr(avant, nom))
    structure.suivre(motif)
    structure.full_clean()
    structure.save()
    return True
