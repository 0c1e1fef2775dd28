"""Two bilans side by side, per fiche and indicator, with what changed. Pure: two contents in, plain rows out."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from ctg.templatetags.affichage import avec_unite, date_longue, montant, nombre
from evaluation.bilan import (
    Contenu,
    LigneEffet,
    LigneEtape,
    LigneFiche,
    LigneIndicateur,
    LigneMoyen,
    LigneParticipation,
)
from evaluation.ecriture import ecrire_part, ecrire_valeur
from evaluation.enums import ChampPublic, NatureIndicateur

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
    comparees = []
    for code in _reunir(avant, apres):
        comparee = _fiche(avant.get(code), apres.get(code))
        if a.annee == b.annee and not comparee.etat and not comparee.nb_changements:
            comparee = _ailleurs(comparee, avant[code], apres[code])
        comparees.append(comparee)
    return tuple(comparees)


def comparer_l_ensemble(a: Contenu, b: Contenu) -> tuple[LigneComparee, ...]:
    """What is said of no fiche: effects of the convention and of its axes, participation of the inhabitants."""
    avant, apres = _ensemble(a), _ensemble(b)
    return tuple(_ligne("", nom, avant.get(nom, ""), apres.get(nom, "")) for nom in _reunir(avant, apres))


def _ensemble(contenu: Contenu) -> dict[str, str]:
    """{name: text}, in the order of the report."""
    effets = [("Effets observés de toute la convention", contenu.effets)]
    effets += [
        (f"Effets observés de l’axe {axe.code} {axe.intitule}", axe.effets)
        for axe in contenu.effets_axes or ()
    ]
    dits = {nom: "\n\n".join(map(_effet, siens)) for nom, siens in effets if siens}
    for temps in contenu.participation or ():
        nom = f"Participation\u00a0: {temps.intitule}, {date_longue(temps.date_debut)}"
        dits[nom] = "\n\n".join([*filter(None, [dits.get(nom)]), _temps(temps)])
    return dits


def _effet(effet: LigneEffet) -> str:
    attendu = "attendu" if effet.is_attendu else "inattendu"
    mots = (effet.sens, attendu, effet.origine, effet.parties_prenantes, effet.preuve)
    return f"{effet.constat} ({', '.join(filter(None, mots))})"


def _temps(temps: LigneParticipation) -> str:
    connues = "" if temps.nb_personnes is None else f"{nombre(temps.nb_personnes)} personnes"
    lieux = ", ".join((*temps.publics, *temps.quartiers, *temps.axes, *temps.fiches))
    dits = (temps.niveau, lieux, connues, temps.paroles, temps.changements, temps.decision)
    return "\n\n".join(filter(None, dits))


def _reunir(avant: dict, apres: dict) -> list:
    """The keys of both, in the order of the second."""
    return [*apres, *(cle for cle in avant if cle not in apres)]


def _ailleurs(comparee: FicheComparee, a: LigneFiche, b: LigneFiche) -> FicheComparee:
    """Two versions of a year that differ in what has no line of its own: it is said, never passed over."""
    if a == b:
        return comparee
    autres = LigneComparee("", "Définitions, sources ou saisie", "", "ont changé", None, "", CHANGE)
    return replace(comparee, lignes=(*comparee.lignes, autres))


def _fiche(a: LigneFiche | None, b: LigneFiche | None) -> FicheComparee:
    reste = b or a
    indicateurs_a = {i.code: i for i in a.indicateurs} if a else {}
    indicateurs_b = {i.code: i for i in b.indicateurs} if b else {}
    codes = _reunir(indicateurs_a, indicateurs_b)
    textes_a, textes_b = _textes(a), _textes(b)
    return FicheComparee(
        code=reste.code,
        titre=reste.titre,
        axe_rang=reste.axe_rang,
        etat=PARTI if b is None else NOUVEAU if a is None else "",
        lignes=_lignes(a, b),
        textes=tuple(
            _ligne("", nom, textes_a.get(nom, ""), textes_b.get(nom, ""))
            for nom in _reunir(textes_a, textes_b)
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
        *_paires(
            "Étape", _par_nom(a, "etapes", _nom_etape, _etape), _par_nom(b, "etapes", _nom_etape, _etape)
        ),
        *_paires(
            "Moyen", _par_nom(a, "moyens", _nom_moyen, _moyen), _par_nom(b, "moyens", _nom_moyen, _moyen)
        ),
        _ligne("", "Pilote", _pilote(a), _pilote(b)),
        _ligne("", "Acteurs", _acteurs(a), _acteurs(b)),
        _ligne("", "Quartiers", _quartiers(a), _quartiers(b)),
    )


def _paires(quoi: str, avant: dict[str, str], apres: dict[str, str]) -> list[LigneComparee]:
    return [
        _ligne("", f"{quoi}\u00a0: {nom}", avant.get(nom, ""), apres.get(nom, ""))
        for nom in _reunir(avant, apres)
    ]


def _par_nom(fiche: LigneFiche | None, champ: str, nommer: Callable, dire: Callable) -> dict[str, str]:
    return {nommer(ligne): dire(ligne) for ligne in getattr(fiche, champ, ())}


def _nom_etape(etape: LigneEtape) -> str:
    return etape.intitule


def _etape(etape: LigneEtape) -> str:
    dit = "faite" if etape.is_faite else "en retard" if etape.is_en_retard else "à venir"
    return f"{dit}, échéance le {date_longue(etape.echeance)}" if etape.echeance else dit


def _nom_moyen(moyen: LigneMoyen) -> str:
    return f"{moyen.nature}, {moyen.signataire}"


def _moyen(moyen: LigneMoyen) -> str:
    dire = nombre if moyen.is_etp else montant
    montants = {"prévu": moyen.prevu, "accordé": moyen.accorde, "réalisé": moyen.realise}
    return ", ".join(f"{nom} {dire(valeur)}" for nom, valeur in montants.items() if valeur is not None)


def _pilote(fiche: LigneFiche | None) -> str:
    return ", ".join(filter(None, (fiche.pilote, fiche.service))) if fiche else ""


def _acteurs(fiche: LigneFiche | None) -> str:
    return ", ".join(f"{nom} ({role})" for nom, role in fiche.acteurs) if fiche else ""


def _quartiers(fiche: LigneFiche | None) -> str:
    return ", ".join(fiche.quartiers) if fiche else ""


def _textes(fiche: LigneFiche | None) -> dict[str, str]:
    """{name: text} of what is written at length, in the order of the report."""
    if fiche is None:
        return {}
    ecrits = [(ChampPublic(champ).label, getattr(fiche, champ)) for champ in ChampPublic.D_UNE_FICHE]
    ecrits += [("effets observés", "\n\n".join(effet.constat for effet in fiche.effets)), *fiche.rubriques]
    return {nom: texte for nom, texte in ecrits if texte}


def _pourcent(taux: int | None) -> str:
    return "" if taux is None else f"{taux}\u202f%"


def _etapes(fiche: LigneFiche | None) -> str:
    return f"{fiche.nb_etapes_faites} sur {fiche.nb_etapes}" if fiche and fiche.nb_etapes else ""


def _indicateur(a: LigneIndicateur | None, b: LigneIndicateur | None) -> LigneComparee:
    reste = b or a
    return _ligne(
        reste.code,
        reste.intitule,
        _valeur(a) if a else "",
        _valeur(b) if b else "",
        difference=_difference(_nombre(a), _nombre(b)),
        unite=reste.unite_ecart,
    )


def _valeur(ligne: LigneIndicateur) -> str:
    """The value and what stands with it: two figures that are the same but for their comment are not."""
    dit = ecrire_valeur(ligne.valeur, ligne)
    if ligne.cible is not None and ligne.nature != NatureIndicateur.OUI_NON:
        dit += f" · cible {avec_unite(ligne.cible, ligne.unite)}"
    parts = ligne.valeur.parts if ligne.valeur else ()
    dit += "".join(f" · {part.libelle} {ecrire_part(part, ligne)}" for part in parts)
    commentaire = ligne.valeur.commentaire if ligne.valeur else ""
    return f"{dit} · «\u202f{commentaire}\u202f»" if commentaire else dit


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
