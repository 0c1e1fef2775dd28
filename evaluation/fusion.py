"""The states of a year's entry (as opened, as it is now, as typed) and their merging."""

from dataclasses import dataclass

from django.core import signing
from django.db.models import Max
from django.http import QueryDict

from ctg.fusion import Conflit, Etat, Fusion, champ, fusionner, gardes_des_autres, noms_des_auteurs
from evaluation.campagnes import champ_de
from evaluation.forms import VALEUR, AvancementForm, FormulaireSaisie, MesureForm
from evaluation.forms_complements import AVANT, DetailForm, is_technique
from evaluation.models import Avancement, Mesure
from fiches.models import FicheProjet

SEL = "jeton-de-saisie"
INCONNU = object()


@dataclass(frozen=True, slots=True)
class Vu:
    """The last lines of history that a page has shown: an instant that no clock blurs."""

    mesures: int
    avancements: int


def _lignes(fiche: FicheProjet, annee: int):
    return (
        Mesure.historique.filter(indicateur__fiche=fiche, annee=annee),
        Avancement.historique.filter(fiche=fiche, annee=annee),
    )


def signer_etat(fiche: FicheProjet, annee: int) -> str:
    """The token of a form: sign it before reading what the form shows."""
    dernieres = [
        lignes.aggregate(derniere=Max("history_id"))["derniere"] or 0 for lignes in _lignes(fiche, annee)
    ]
    return signing.dumps([fiche.pk, annee, *dernieres], salt=SEL)


def lire_etat(texte: str, fiche: FicheProjet, annee: int) -> Vu | None:
    """A missing, empty or forged token is no token, and so is another form's."""
    try:
        pk, de_annee, mesures, avancements = signing.loads(texte, salt=SEL)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Vu(mesures, avancements) if (pk, de_annee) == (fiche.pk, annee) else None


def fusionner_saisie(fiche: FicheProjet, annee: int, saisie: FormulaireSaisie, data: QueryDict) -> Fusion:
    """Merge what was typed (`data`) with the entry as it is now (`saisie`, unbound).

    `choix-…` of `data` settle the conflicts. What `data` does not hold was not touched.
    """
    vu = lire_etat(data.get("jeton", ""), fiche, annee)
    leurs, miennes = _etat(saisie.formulaires), _etat(saisie.formulaires, data)
    base = None if vu is None else _base(fiche, annee, saisie, vu) | _base_des_complements(saisie, data)
    gardes, conflits = fusionner(base, leurs, miennes)
    conflits = _valeurs_entieres(base, leurs, miennes, conflits)
    libelles = _libelles(saisie)
    restants = []
    for cle in conflits:
        demande = Conflit(
            cle, libelles[cle][0], base.get(cle) if base else None, leurs[cle], miennes[cle], libelles[cle][1]
        )
        if (choisi := demande.choisi(data)) is not None:
            gardes[cle] = choisi
        else:
            restants.append(demande)
    compose = data.copy()
    for (prefixe, _, name), garde in (leurs | gardes).items():
        compose.setlist(f"{prefixe}-{name}", list(garde.brut))
    for form in saisie.complements:  # what is shown again is shown as it is now
        for name in form.noms():
            compose.setlist(f"{form.prefix}-{AVANT}{name}", list(leurs[form.prefix, "", name].brut))
    compose["jeton"] = signer_etat(fiche, annee)
    return Fusion(
        data=compose,
        conflits=restants,
        leurs=[libelles[cle][0] for cle in gardes_des_autres(base, leurs, gardes)],
        auteurs=_auteurs(fiche, annee, vu),
    )


def _etat(formulaires, data: QueryDict | None = None) -> Etat:
    etat: Etat = {}
    for form in formulaires:
        if data is not None and not any(bound.html_name in data for bound in form):
            continue
        for bound in form:
            is_case = bound.widget_type == "checkbox"  # one that is not ticked is not sent
            if not is_technique(bound.name) and (data is None or is_case or bound.html_name in data):
                etat[form.prefix, "", bound.name] = champ(bound, data)
    return etat


def _libelles(saisie: FormulaireSaisie) -> dict:
    libelles = {}
    for form in saisie.formulaires:
        for bound in form:
            label = str(bound.label)
            nom = (
                f"{form.indicateur.code} : {label}"
                if isinstance(form, MesureForm | DetailForm)
                else label[:1].upper() + label[1:]
            )
            libelles[form.prefix, "", bound.name] = (nom, bound.widget_type == "textarea")
    return libelles


def _base(fiche: FicheProjet, annee: int, saisie: FormulaireSaisie, vu: Vu) -> Etat:
    """What the page showed when it was opened; what history cannot tell is left out, and then asked."""
    lignes_mesures, lignes_avancement = _lignes(fiche, annee)
    mesures = _anciens(lignes_mesures, vu.mesures, "indicateur_id")
    avancement = _anciens(lignes_avancement, vu.avancements, "fiche_id").get(fiche.pk, saisie.avancement)
    anciens = []
    for form in saisie.mesures:
        mesure = mesures.get(form.indicateur.pk, form.mesure)
        if mesure is not INCONNU:
            anciens.append(MesureForm(indicateur=form.indicateur, mesure=mesure))
    if avancement is saisie.avancement:
        anciens.append(avancement)
    elif avancement is not INCONNU:
        anciens.append(AvancementForm(instance=avancement, prefix=saisie.avancement.prefix))
    return _etat(anciens)


def _base_des_complements(saisie: FormulaireSaisie, data: QueryDict) -> Etat:
    """What the page showed of steps, means and parts: it says so itself."""
    etat: Etat = {}
    for form in saisie.complements:
        for name in form.noms():
            if (origine := form.origine(name, data)) is not None:
                etat[form.prefix, "", name] = origine
    return etat


def ecarts(saisie: FormulaireSaisie, data: QueryDict) -> list[tuple[str, str, str, str]]:
    """(locked as, label, what is saved, what was typed) of each field of `data` that differs from what is saved."""
    leurs, miennes, libelles = _etat(saisie.formulaires), _etat(saisie.formulaires, data), _libelles(saisie)
    verrouilles = {form.prefix: _champ_verrouille(form) for form in saisie.formulaires}
    return [
        (verrouilles[cle[0]] or cle[2], libelles[cle][0], leurs[cle].affichage, mien.affichage)
        for cle, mien in miennes.items()
        if leurs[cle].canonique != mien.canonique
    ]


def _champ_verrouille(form) -> str:
    """The name by which a whole form is locked; empty: each of its fields is."""
    return (
        champ_de(form.indicateur) if isinstance(form, MesureForm | DetailForm) else getattr(form, "champ", "")
    )


def _anciens(lignes, derniere: int, cle: str) -> dict:
    """{object: it as it was then, None where it did not exist, INCONNU where its history begins later}."""
    anciens = {}
    for ligne in lignes.order_by("history_id"):
        if ligne.history_id <= derniere:
            anciens[getattr(ligne, cle)] = None if ligne.history_type == "-" else ligne.instance
        else:
            anciens.setdefault(getattr(ligne, cle), None if ligne.history_type == "+" else INCONNU)
    return anciens


def _valeurs_entieres(base: Etat | None, leurs: Etat, miennes: Etat, conflits: list) -> list:
    """Where both changed a value, each of its controls that differ is asked."""
    demandes = set(conflits)
    for prefixe in {cle[0] for cle in miennes}:
        cles = [cle for cle in miennes if cle[0] == prefixe and cle[2] in VALEUR]

        def ont_change(etat, cles=cles):
            return any(c not in base or etat[c].canonique != base[c].canonique for c in cles)

        if base is not None and ont_change(leurs) and ont_change(miennes):
            demandes |= {c for c in cles if leurs[c].canonique != miennes[c].canonique}
    return [cle for cle in miennes if cle in demandes]


def _auteurs(fiche: FicheProjet, annee: int, vu: Vu | None) -> list[str]:
    if vu is None:
        return []
    return noms_des_auteurs(
        ligne
        for lignes, derniere in zip(_lignes(fiche, annee), (vu.mesures, vu.avancements), strict=True)
        for ligne in lignes.filter(history_id__gt=derniere).select_related("history_user")
    )
