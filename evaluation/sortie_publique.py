"""The public output of a bilan: texts approved one by one, no small count, nobody named. Pure.

Whatever somebody wrote freely during the year is taken out: what stands for it was approved for the public.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from evaluation.acte import TexteApprouve
from evaluation.bilan import Contenu, LigneFiche, LigneIndicateur, Valeur
from evaluation.enums import ChampPublic, NatureIndicateur
from evaluation.secret import NON_PUBLIE, proteger


def rendre_public(contenu: Contenu, textes: tuple[TexteApprouve, ...]) -> Contenu:
    approuves = {(texte.fiche, texte.champ): texte.texte for texte in textes}
    return replace(
        contenu,
        effets=(),
        reunions=contenu.reunions and tuple(replace(reunion, intitule="") for reunion in contenu.reunions),
        suites=None,
        notes=None,
        effets_axes=None,
        participation=None,
        fiches=tuple(_fiche(fiche, approuves) for fiche in contenu.fiches),
    )


def _fiche(fiche: LigneFiche, approuves: Mapping[tuple[str, str], str]) -> LigneFiche:
    return replace(
        fiche,
        mention="",
        source="",
        source_complements="",
        saisi_par="",
        pour_le_compte_de="",
        etapes=(),
        effets=(),
        rubriques=(),
        a_completer=(),
        indicateurs=tuple(_indicateur(ligne) for ligne in fiche.indicateurs),
        **{champ: approuves.get((fiche.code, champ), "") for champ in ChampPublic.D_UNE_FICHE},
    )


def _indicateur(ligne: LigneIndicateur) -> LigneIndicateur:
    valeur, precedente = _valeur(ligne.valeur, ligne), _valeur(ligne.precedente, ligne)
    cache = valeur is not None and valeur.masque != ""
    return replace(
        ligne,
        definition="",
        producteur="",
        valeur=valeur,
        precedente=precedente,
        ecart=None if cache else ligne.ecart,
        atteinte=None if cache else ligne.atteinte,
        serie=tuple(
            replace(point, valeur=None if point.is_protege else point.valeur, is_protege=False)
            for point in ligne.serie
        ),
    )


def _valeur(valeur: Valeur | None, ligne: LigneIndicateur) -> Valeur | None:
    if valeur is None:
        return None
    libre = valeur.texte != ""  # an answer in words is a free text too
    nue = replace(
        valeur,
        texte="",
        motif="",
        commentaire="",
        saisi_par="",
        pour_le_compte_de="",
        masque=NON_PUBLIE if libre else "",
    )
    if ligne.nature != NatureIndicateur.ENTIER or not valeur.parts:
        return nue
    parts, is_total_cache = proteger(valeur.parts)
    masquees = any(part.masque for part in parts)
    return replace(
        nue,
        parts=parts,
        nombre=None if is_total_cache else valeur.nombre,
        ecart_parts=None if masquees else valeur.ecart_parts,
        masque=NON_PUBLIE if is_total_cache else nue.masque,
    )


def is_protege(nature: str, parts, total: Decimal | None) -> bool:
    """Whether a total, of whatever year, must stay out of what is public."""
    return nature == NatureIndicateur.ENTIER and total is not None and bool(parts) and proteger(parts)[1]
