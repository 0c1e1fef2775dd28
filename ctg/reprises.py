"""What the next convention takes over of the convention itself."""

from ctg.renouvellement.reprises import Reprise, register


def _demarche(demarche) -> str:
    return f"{demarche.nom} ({demarche.periode})" if demarche.periode else demarche.nom


register(
    Reprise("niveaux"),
    Reprise("aval"),
    Reprise("signataires", "Signataires"),
    Reprise("demarches", "Démarches liées", nommer=_demarche),
    Reprise("thematiques"),
    Reprise("documents", "Documents de référence"),
    Reprise(
        "textes",
        "Textes des annexes",
        nommer=lambda texte: f"{texte.get_annexe_display()} : {texte.titre}",
    ),
)
