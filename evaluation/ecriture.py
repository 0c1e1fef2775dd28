"""How a value is written in a document: never a bare figure where its state is not plain."""

from ctg.templatetags.affichage import avec_unite
from evaluation.enums import EtatMesure, NatureIndicateur, SituationMesure

NON_RENSEIGNE = "non renseigné"


def ecrire_valeur(valeur, indicateur) -> str:
    """« 1 234,5 places (provisoire) », « sans objet », « non renseigné »; `indicateur`: a LigneIndicateur."""
    if valeur is None or valeur.situation == SituationMesure.NON_RENSEIGNEE:
        return NON_RENSEIGNE
    if valeur.situation == SituationMesure.SANS_OBJET:
        return "sans objet"
    if valeur.texte:
        texte = valeur.texte
    elif indicateur.nature == NatureIndicateur.OUI_NON:
        texte = "oui" if valeur.nombre else "non"
    else:
        texte = avec_unite(valeur.nombre, indicateur.unite)
    if valeur.etat != EtatMesure.DEFINITIVE:
        texte = f"{texte} ({EtatMesure(valeur.etat).label})"
    return texte


def couper(texte: str, longueur: int = 300) -> str:
    """The first characters of a long text, cut at a space where there is one."""
    if len(texte) <= longueur:
        return texte
    debut = texte[:longueur]
    return (debut.rpartition(" ")[0] or debut) + "…"
