"""The minutes drafted from what was noted: attendance, then each point with its notes and its decisions."""

import datetime
import re

from django.core.exceptions import ValidationError
from django.db import transaction

from ctg.templatetags.affichage import date_longue
from ctg.textes import TEXTE_MAX
from gouvernance.feuille_presence import TITRES, Feuille, collect_feuille
from gouvernance.models import Decision, Reunion
from gouvernance.ordre_du_jour import OrdreDuJour, collect_ordre_du_jour
from gouvernance.services import enregistrer_reunion


def composer(reunion: Reunion, *, au: datetime.date) -> str:
    """The text that the officer then corrects."""
    decisions: dict[int | None, list[Decision]] = {}
    for decision in Decision.objects.filter(reunion=reunion).for_list():
        decisions.setdefault(decision.point_id, []).append(decision)
    blocs = [
        *_presences(collect_feuille(reunion)),
        *_points(collect_ordre_du_jour(reunion, au=au), decisions),
    ]
    return "\n".join(blocs).strip()


def _presences(feuille: Feuille) -> list[str]:
    lignes = []
    for titre, noms in feuille.groupes():
        lignes += [f"**{titre}**", *(f"- {nom}" for nom in noms)]
    return [*lignes, ""] if lignes else []


def dit_les_presences(texte: str) -> bool:
    """Whether these minutes begin with who came, as they are drafted."""
    return any(f"**{titre}**" in texte for titre in TITRES)


def _points(ordre: OrdreDuJour, decisions: dict[int | None, list[Decision]]) -> list[str]:
    lignes = []
    for place in ordre.places:
        point = place.point
        pour = f" ({point.label})" if point.label else ""
        lignes.append(f"**Point {place.numero} : {point.intitule}{pour}**")
        lignes += point.notes.splitlines()
        lignes += [*_decisions(decisions.get(point.pk, [])), ""]
    if autres := decisions.get(None):
        lignes += ["**Autres décisions**" if ordre.places else "**Décisions**", *_decisions(autres)]
    return lignes


def _decisions(decisions: list[Decision]) -> list[str]:
    return [f"- Décision {decision.numero} : {_phrase(decision)}" for decision in decisions]


def _phrase(decision: Decision) -> str:
    texte = " ".join(decision.texte.split()).rstrip(".")
    qui = str(decision.responsable or decision.service or "")
    suite = [mot for mot in (qui, decision.echeance and f"pour le {date_longue(decision.echeance)}") if mot]
    return f"{texte} ({', '.join(suite)})." if suite else f"{texte}."


# « - Décision 2026-02-D02 : Écrire la charte (Service, pour le 2 décembre 2026). »
LIGNE = re.compile(r"^- Décision ([0-9]{4}-[0-9]{2,3}-D[0-9]{2,3}) : (.*)$", re.MULTILINE)
ECHEANCE = re.compile(r"pour le ([0-9]{1,2}(?:er)? \w+ [0-9]{4})\)\.?$")


def decisions_contredites(reunion: Reunion) -> list[str]:
    """Where the minutes, as they were drafted, say a decision that is there no more, or another due date than it has."""
    decisions = {
        decision.numero: decision for decision in Decision.objects.filter(reunion=reunion).for_list()
    }
    fautes = []
    for numero, texte in LIGNE.findall(reunion.compte_rendu.replace("\r\n", "\n")):
        dite = ECHEANCE.search(" ".join(texte.split()))
        if numero not in decisions:
            fautes.append(f"{numero} n’est plus une décision de cette réunion")
        elif dite and dite[1] != (jour := _echeance(decisions[numero])):
            fautes.append(f"{numero} est dite pour le {dite[1]}, son échéance est {jour or 'vide'}")
    return fautes


def _echeance(decision: Decision) -> str:
    return " ".join(date_longue(decision.echeance).split()) if decision.echeance else ""


@transaction.atomic
def rediger(reunion: Reunion, *, au: datetime.date) -> Reunion:
    """Put the composed text in the place of the minutes; the history keeps what was there. Raises ValidationError."""
    texte = composer(reunion, au=au)
    if not texte:
        raise ValidationError(
            "Il n’y a rien à reprendre : notez d’abord les présences, les points ou les décisions."
        )
    if len(texte) > TEXTE_MAX:
        raise ValidationError(
            f"Les notes font {len(texte)} caractères, et le compte rendu en a au plus {TEXTE_MAX} : raccourcissez-les."
        )
    reunion.compte_rendu = texte
    reunion._change_reason = "Compte rendu repris des points"
    return enregistrer_reunion(reunion)
