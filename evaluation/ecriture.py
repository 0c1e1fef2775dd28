"""How a value is written in a document: never a bare figure where its state is not plain."""

from ctg.templatetags.affichage import avec_unite
from evaluation.enums import EtatMesure, NatureIndicateur, SituationMesure

NON_RENSEIGNE = "non renseigné"
NON_VALIDEE = "non validée"


def ecrire_valeur(valeur, indicateur, *, marques: bool = True) -> str:
    """« 1 234,5 places (provisoire, non validée) », « sans objet », « non renseigné »; `indicateur`: a LigneIndicateur.

    Without `marques`, what stands beside the value says its state.
    """
    if valeur is None or valeur.situation == SituationMesure.NON_RENSEIGNEE:
        return NON_RENSEIGNE
    if valeur.situation == SituationMesure.SANS_OBJET:
        return "sans objet"
    if valeur.masque:
        return valeur.masque
    if valeur.texte:
        texte = valeur.texte
    elif indicateur.nature == NatureIndicateur.OUI_NON:
        texte = "oui" if valeur.nombre else "non"
    else:
        texte = avec_unite(valeur.nombre, indicateur.unite)
    dites = [] if valeur.etat == EtatMesure.DEFINITIVE else [EtatMesure(valeur.etat).label]
    if not valeur.is_validee:
        dites.append(NON_VALIDEE)
    return f"{texte} ({', '.join(dites)})" if dites and marques else texte


def ecrire_part(part, indicateur) -> str:
    """A part of a detailed value; `indicateur`: a LigneIndicateur."""
    if part.masque:
        return part.masque
    return NON_RENSEIGNE if part.valeur is None else avec_unite(part.valeur, indicateur.unite)


def couper(texte: str, longueur: int = 300) -> str:
    """The first characters of a long text, cut at a space where there is one."""
    if len(texte) <= longueur:
        return texte
    debut = texte[:longueur]
    return (debut.rpartition(" ")[0] or debut) + "…"
