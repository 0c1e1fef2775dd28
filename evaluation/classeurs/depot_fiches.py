"""The sheets of the fiches, of their steps, means and actors that came back: through the forms of their page."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.http import QueryDict

from ctg.formsets import DOUBLON
from ctg.fusion import champ
from ctg.models.contrat import RECTIFIER
from ctg.permissions import check
from ctg.recherche import normalise
from evaluation.classeurs.comparaison import Comparaison
from evaluation.classeurs.convention import COLONNES_FICHES, FICHES, comparees, textes_de_fiche
from evaluation.classeurs.feuilles import RangLu, empreinte
from evaluation.classeurs.mots import lire_mots
from evaluation.classeurs.parties import (
    MOYENS,
    PARTIES,
    FeuilleDePartie,
    lignes_du_classeur,
    textes_de_ligne,
)
from fiches.forms import FicheForm, parties
from fiches.models import FicheProjet

INCONNUE = (
    "Cette ligne n’est pas, ou n’est plus, de la convention : téléchargez de nouveau le classeur et reportez-y ce que "
    "vous avez écrit."
)
NOUVELLE_FICHE = (
    "Une fiche ne se crée pas ici : le texte signé la donne, ou un avenant. Effacez cette ligne, et créez la fiche dans "
    "l’administration."
)
FICHE_INCONNUE = "Aucune fiche en vigueur n’a ce code : écrivez par exemple PE-1."
FICHE_FIXE = "Une ligne ne passe pas d’une fiche à une autre : supprimez-la ici, et ajoutez-la là-bas."
EN_DOUBLE = "Une autre ligne de la fiche dit la même chose : gardez-en une."
SUPPRIMER_QUOI = "Écrivez « oui » pour supprimer cette ligne, ou laissez vide."


@dataclass(slots=True)
class LigneTouchee:
    """A step, means or actor. `pk`: empty for a new one; `textes`: what is saved."""

    rang: RangLu
    feuille: FeuilleDePartie
    pk: str
    touches: dict[str, str]
    textes: dict[str, str]
    supprimee: bool = False


@dataclass(slots=True)
class FicheTouchee:
    fiche: FicheProjet
    rang: RangLu | None = None
    touches: dict[str, str] = field(default_factory=dict)
    lignes: list[LigneTouchee] = field(default_factory=list)


class LectureDesFiches:
    """`lire` each row, then `juger`: `a_ecrire` holds (form, formsets) of each fiche that would change."""

    def __init__(self, fiches: dict[str, FicheProjet], comparaison: Comparaison, user):
        self.fiches, self.comparaison, self.user = fiches, comparaison, user
        self.par_code = {normalise(fiche.code): fiche for fiche in fiches.values()}
        self.lignes = {
            titre: lignes_du_classeur(feuille, fiches.values()) for titre, feuille in PARTIES.items()
        }
        self.touchees: dict[int, FicheTouchee] = {}
        self.a_ecrire: list[tuple[FicheForm, dict]] = []

    def lire(self, rang: RangLu) -> None:
        if rang.feuille != FICHES:
            self._lire_ligne(rang, PARTIES[rang.feuille])
        elif rang.cle in self.fiches:
            self._lire_fiche(rang, self.fiches[rang.cle])
        else:
            self._refuser_la_ligne(rang, INCONNUE if rang.cle else NOUVELLE_FICHE)

    def _refuser_la_ligne(self, rang: RangLu, raison: str) -> None:
        self.comparaison.apercu.refuser(rang, next(iter(rang.cellules)), "ligne", raison)

    def _touchee(self, fiche: FicheProjet) -> FicheTouchee:
        return self.touchees.setdefault(fiche.pk, FicheTouchee(fiche))

    def _lire_fiche(self, rang: RangLu, fiche: FicheProjet) -> None:
        touches = self.comparaison.touches(
            rang, COLONNES_FICHES, comparees(COLONNES_FICHES), textes_de_fiche(fiche), fiche.code, {}
        )
        if touches:
            touchee = self._touchee(fiche)
            touchee.rang, touchee.touches = rang, touches

    def _lire_ligne(self, rang: RangLu, feuille: FeuilleDePartie) -> None:
        ligne = self.lignes[feuille.titre].get(rang.cle)
        if ligne is not None:
            self._lire_une_connue(rang, feuille, ligne)
        elif not rang.cle:
            self._lire_une_nouvelle(rang, feuille)
        elif [empreinte(rang.texte(nom)) for nom in feuille.comparees] == rang.vus and not rang.texte(
            "supprimer"
        ):
            self.comparaison.apercu.nb_inchangees += len(
                rang.vus
            )  # taken away meanwhile, and left alone here
        else:
            self._refuser_la_ligne(rang, INCONNUE)

    def _lire_une_connue(self, rang: RangLu, feuille: FeuilleDePartie, ligne) -> None:
        textes = textes_de_ligne(feuille, ligne)
        quoi = f"{ligne.fiche.code}, {feuille.nommer(textes)}"
        supprimee = self._supprimer(rang, feuille, textes, quoi)
        if supprimee is None:
            return
        touches = (
            {}
            if supprimee
            else self.comparaison.touches(
                rang, feuille.colonnes, feuille.comparees, textes, quoi, {"fiche": FICHE_FIXE}
            )
        )
        if touches or supprimee:
            touchee = LigneTouchee(rang, feuille, str(ligne.pk), touches, textes, supprimee)
            self._touchee(ligne.fiche).lignes.append(touchee)

    def _supprimer(self, rang: RangLu, feuille: FeuilleDePartie, textes, quoi: str) -> bool | None:
        """Whether the row goes; None: it is refused, or asked."""
        dit = normalise(rang.texte("supprimer"))
        if rang.cellules["supprimer"].faute or dit in {"", "non"}:
            return False
        faute = (
            SUPPRIMER_QUOI
            if dit != "oui"
            else RECTIFIER
            if feuille is MOYENS and textes["prevu"] and not rang.texte("rectification")
            else ""
        )
        if faute:
            self.comparaison.refuser(rang, feuille.colonnes, "supprimer", quoi, faute)
            return None
        if [empreinte(textes[nom]) for nom in feuille.comparees] == rang.vus:
            return True
        return self._demander_la_suppression(rang, decrire(feuille, textes), quoi)

    def _demander_la_suppression(self, rang: RangLu, actuel: str, quoi: str) -> bool | None:
        """Somebody has changed the row since the workbook was downloaded."""
        cle = f"choix-{rang.cle}-supprimer"
        if self.comparaison.prend_le_mien(cle, empreinte(actuel)):
            return True
        if self.comparaison.choix.get(cle) != f"leur:{empreinte(actuel)}":
            self.comparaison.demander(
                rang, "supprimer", quoi, mien="supprimer la ligne", actuel=actuel, cle=cle
            )
        return None

    def _lire_une_nouvelle(self, rang: RangLu, feuille: FeuilleDePartie) -> None:
        quoi = f"nouveau : {feuille.nom}"
        if self.comparaison.refuser_les_fautes(rang, rang.cellules, feuille.colonnes, quoi):
            return
        fiche = self.par_code.get(normalise(rang.texte("fiche")))
        if fiche is None:
            self.comparaison.refuser(rang, feuille.colonnes, "fiche", quoi, FICHE_INCONNUE)
            return
        touches = {nom: rang.texte(nom) for nom in feuille.comparees if nom != "fiche" and rang.texte(nom)}
        self._touchee(fiche).lignes.append(LigneTouchee(rang, feuille, "", touches, {}))

    def juger(self) -> None:
        """Through the form of each fiche, with its formsets where one of their rows is touched."""
        for touchee in self.touchees.values():
            if access := check(self.user, "fiches.modifier", touchee.fiche):
                self._juger(touchee)
            else:
                rang = touchee.rang or touchee.lignes[0].rang
                nom = next(iter(touchee.touches), next(iter(rang.cellules)))
                self.comparaison.apercu.refuser(rang, nom, touchee.fiche.code, access.reason)

    def _juger(self, touchee: FicheTouchee) -> None:
        fiche = touchee.fiche
        data = QueryDict(mutable=True)
        refuses = self._composer_fiche(touchee, data)
        formsets = self._composer_parties(touchee, data) if touchee.lignes else {}
        form = FicheForm(data, instance=fiche, lit_notes=False)
        if touchee.rang is not None:
            self._dire_la_fiche(touchee, form, refuses)
        justes = [form.is_valid(), *(formset.is_valid() for formset in formsets.values())]
        for ligne in touchee.lignes:
            self._dire_la_ligne(touchee, ligne, formsets)
        if all(justes):
            self.a_ecrire.append((form, formsets))

    def _composer_fiche(self, touchee: FicheTouchee, data: QueryDict) -> set[str]:
        """What the form would receive; the columns whose words are not known."""
        vide, refuses = FicheForm(instance=touchee.fiche, lit_notes=False), set()
        for bound in vide:
            data.setlist(bound.name, list(champ(bound).brut))
        for nom, texte in touchee.touches.items():
            valeurs, raison = lire_mots(vide.fields[nom], texte)
            data.setlist(nom, valeurs)
            if raison:
                refuses.add(nom)
                self.comparaison.refuser(touchee.rang, COLONNES_FICHES, nom, touchee.fiche.code, raison)
        for nom in ("source_contrat", "rectification"):
            data[nom] = touchee.rang.texte(nom) if touchee.rang else ""
        return refuses

    def _dire_la_fiche(self, touchee: FicheTouchee, form: FicheForm, refuses: set[str]) -> None:
        code, rang = touchee.fiche.code, touchee.rang
        actuels = textes_de_fiche(touchee.fiche)
        for nom, fautes in form.errors.items():
            ici = nom if nom in rang.cellules else next(iter(touchee.touches))
            if ici not in refuses:
                self.comparaison.refuser(rang, COLONNES_FICHES, ici, code, " ".join(fautes))
                refuses.add(ici)
        for nom, texte in touchee.touches.items():
            if nom not in refuses:
                self.comparaison.annoncer(rang, COLONNES_FICHES, nom, code, texte, actuels[nom])

    def _composer_parties(self, touchee: FicheTouchee, data: QueryDict) -> dict:
        """All the formsets of the page: what nobody touched is sent back as it is."""
        self._places: dict[int, tuple[str, int]] = {}
        self._illisibles: dict[int, dict[str, str]] = {}
        for partie, formset in parties(touchee.fiche).items():
            lignes = [ligne for ligne in touchee.lignes if ligne.feuille.partie == partie]
            connues = {str(form.instance.pk): rang for rang, form in enumerate(formset.initial_forms)}
            for form in formset.initial_forms:
                for bound in form:
                    data.setlist(bound.html_name, list(champ(bound).brut))
            nouvelles = iter(range(len(connues), len(connues) + len(lignes)))
            total = len(connues)
            for ligne in lignes:
                rang = connues[ligne.pk] if ligne.pk else next(nouvelles)
                total = max(total, rang + 1)
                self._places[id(ligne)] = (partie, rang)
                self._composer_ligne(data, f"{partie}-{rang}", formset.empty_form.fields, ligne)
            data[f"{partie}-INITIAL_FORMS"], data[f"{partie}-TOTAL_FORMS"] = str(len(connues)), str(total)
        formsets = parties(touchee.fiche, data)
        for ligne in touchee.lignes:
            if ligne.feuille is MOYENS:
                moyen = self._form_de(formsets, ligne).instance
                moyen.completer(ligne.rang.texte("source_contrat"))
                moyen.rectifier(ligne.rang.texte("rectification"))
        return formsets

    def _composer_ligne(self, data: QueryDict, prefixe: str, fields, ligne: LigneTouchee) -> None:
        for nom, texte in ligne.touches.items():
            valeurs, raison = lire_mots(fields[nom], texte)
            data.setlist(f"{prefixe}-{nom}", valeurs)
            if raison:
                self._illisibles.setdefault(id(ligne), {})[nom] = raison
        if ligne.supprimee:
            data[f"{prefixe}-DELETE"] = "on"

    def _form_de(self, formsets: dict, ligne: LigneTouchee):
        partie, rang = self._places[id(ligne)]
        return formsets[partie].forms[rang]

    def _dire_la_ligne(self, touchee: FicheTouchee, ligne: LigneTouchee, formsets: dict) -> None:
        rang, feuille = ligne.rang, ligne.feuille
        quoi = f"{touchee.fiche.code}, {feuille.nommer(ligne.textes | ligne.touches)}"
        premiere = next(iter(ligne.touches), "fiche")
        refuses = dict(self._illisibles.get(id(ligne), {}))
        fautes = {} if ligne.supprimee else self._form_de(formsets, ligne).errors.as_data()
        for nom, raisons in fautes.items():
            dites = (EN_DOUBLE if faute.code == DOUBLON else " ".join(faute.messages) for faute in raisons)
            refuses.setdefault(nom if nom in rang.cellules else premiere, " ".join(dites))
        generales: Iterable[str] = formsets[feuille.partie].non_form_errors()
        if not refuses and not fautes:
            for raison in generales:
                refuses.setdefault(premiere, raison)
        for nom, raison in refuses.items():
            self.comparaison.refuser(rang, feuille.colonnes, nom, quoi, raison)
        if ligne.supprimee and not refuses:
            actuel = decrire(feuille, ligne.textes)
            self.comparaison.annoncer(rang, feuille.colonnes, "supprimer", quoi, "(supprimée)", actuel)
        for nom, texte in ligne.touches.items():
            if nom not in refuses:
                self.comparaison.annoncer(rang, feuille.colonnes, nom, quoi, texte, ligne.textes.get(nom, ""))


def decrire(feuille: FeuilleDePartie, textes: dict[str, str]) -> str:
    """All that a row says."""
    return " – ".join(textes[nom] for nom in feuille.comparees if textes[nom])
