"""Two bilans side by side, per fiche and indicator, with what changed. Pure: two contents in, plain rows out."""

from dataclasses import dataclass
from decimal import Decimal

from evaluation.bilan import Contenu, LigneFiche, LigneIndicateur
from evaluation.ecriture import ecrire_valeur
from evaluation.enums import ChampPublic

NOUVEAU, PARTI, CHANGE, EGAL = "apparaît", "n’y est plus", "change", "sans changement"


@dataclass(frozen=True, slots=True)
class LigneComparee:
    """One thing said by both: in words, with the difference where both are numbers."""

    code: str
    nom: str
    avant: str
    apres: str
    difference: Decimal | None
    unite: str
    etat: str

    @property
    def is_change(self) -> bool:
        return self.etat != EGAL


@dataclass(frozen=True, slots=True)
class FicheComparee:
    code: str
    titre: str
    axe_rang: int
    etat: str
    lignes: tuple[LigneComparee, ...]
    textes: tuple[LigneComparee, ...]
    indicateurs: tuple[LigneComparee, ...]

    @property
    def nb_changements(self) -> int:
        return sum(ligne.is_change for ligne in (*self.lignes, *self.textes, *self.indicateurs))


def comparer(a: Contenu, b: Contenu) -> tuple[FicheComparee, ...]:
    """In the order of the second; what only the first has comes last."""
    avant, apres = {f.code: f for f in a.fiches}, {f.code: f for f in b.fiches}
    return tuple(
        _fiche(avant.get(code), apres.get(code)) for code in [*apres, *(c for c in avant if c not in apres)]
    )


def _fiche(a: LigneFiche | None, b: LigneFiche | None) -> FicheComparee:
    reste = b or a
    indicateurs_a = {i.code: i for i in a.indicateurs} if a else {}
    indicateurs_b = {i.code: i for i in b.indicateurs} if b else {}
    codes = [*indicateurs_b, *(c for c in indicateurs_a if c not in indicateurs_b)]
    return FicheComparee(
        code=reste.code,
        titre=reste.titre,
        axe_rang=reste.axe_rang,
        etat=PARTI if b is None else NOUVEAU if a is None else "",
        lignes=_lignes(a, b),
        textes=tuple(
            _ligne("", ChampPublic(champ).label, getattr(a, champ, ""), getattr(b, champ, ""))
            for champ in ChampPublic.D_UNE_FICHE
            if getattr(a, champ, "") or getattr(b, champ, "")
        ),
        indicateurs=tuple(_indicateur(indicateurs_a.get(c), indicateurs_b.get(c)) for c in codes),
    )


def _lignes(a: LigneFiche | None, b: LigneFiche | None) -> tuple[LigneComparee, ...]:
    taux_a, taux_b = a.taux_avancement if a else None, b.taux_avancement if b else None
    return (
        _ligne("", "Statut", a.statut if a else "", b.statut if b else ""),
        _ligne(
            "",
            "Avancement",
            _pourcent(taux_a),
            _pourcent(taux_b),
            difference=_difference(taux_a, taux_b),
            unite="points",
        ),
        _ligne("", "Étapes faites", _etapes(a), _etapes(b)),
    )


def _pourcent(taux: int | None) -> str:
    return "" if taux is None else f"{taux}\u202f%"


def _etapes(fiche: LigneFiche | None) -> str:
    return f"{fiche.nb_etapes_faites} sur {fiche.nb_etapes}" if fiche and fiche.nb_etapes else ""


def _indicateur(a: LigneIndicateur | None, b: LigneIndicateur | None) -> LigneComparee:
    reste = b or a
    return _ligne(
        reste.code,
        reste.intitule,
        ecrire_valeur(a.valeur, a) if a else "",
        ecrire_valeur(b.valeur, b) if b else "",
        difference=_difference(_nombre(a), _nombre(b)),
        unite=reste.unite_ecart,
    )


def _nombre(ligne: LigneIndicateur | None) -> Decimal | None:
    if ligne is None or ligne.valeur is None or ligne.nature == "oui_non":
        return None
    return ligne.valeur.nombre


def _difference(a, b) -> Decimal | None:
    return None if a is None or b is None else Decimal(b) - Decimal(a)


def _ligne(code: str, nom: str, avant: str, apres: str, *, difference=None, unite: str = "") -> LigneComparee:
    if avant == apres:
        etat = EGAL
    elif not avant:
        etat = NOUVEAU
    else:
        etat = CHANGE if apres else PARTI
    return LigneComparee(code, nom, avant, apres, difference, unite, etat)
