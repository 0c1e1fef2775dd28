"""The states of a fiche's form (as opened, as it is now, as typed) and their merging."""

import datetime
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils import timezone

from ctg.fusion import Champ, Conflit, Etat, champ, fusionner, gardes_des_autres
from ctg.jetons import Jeton, signer_jeton
from fiches.forms import FicheForm, parties
from fiches.models import Etape, FicheProjet, Implication, Moyen

MODELES = {"etapes": Etape, "moyens": Moyen, "implications": Implication}
NOMS = {"etapes": "Étape", "moyens": "Moyen", "implications": "Acteur"}
# The fields by which a person knows a row.
NOMMENT = {
    "etapes": ("intitule",),
    "moyens": ("signataire", "annee", "nature"),
    "implications": ("organisme", "structure", "role"),
}
LIGNE = ""  # the pseudo-field that says whether a row stays
GARDEE, SUPPRIMEE = (
    Champ((), "gardée", "la ligne reste"),
    Champ(("on",), "supprimée", "la ligne est supprimée"),
)


@dataclass(slots=True)
class Fusion:
    """`data` is what to save once there are no conflicts; `leurs` says what the others changed meanwhile."""

    data: QueryDict
    conflits: list[Conflit] = field(default_factory=list)
    leurs: list[str] = field(default_factory=list)
    auteurs: list[str] = field(default_factory=list)


def a_bouge(fiche: FicheProjet, jeton: Jeton | None) -> bool:
    """Whether anything of the fiche, by whatever door, changed since the form was opened."""
    if jeton is None or jeton.version != fiche.version:
        return True
    return any(
        modele.historique.filter(fiche_id=fiche.pk, history_date__gt=jeton.ouverture).exists()
        for modele in MODELES.values()
    )


def fusionner_fiche(fiche, jeton: Jeton | None, data: QueryDict, *, lit_notes: bool) -> Fusion:
    """Merge what was typed (`data`) with the fiche as it is now; `choix-…` of `data` settle the conflicts."""
    form_mien = FicheForm(data, instance=_copie(fiche), lit_notes=lit_notes)
    formsets_miens = parties(fiche, data)
    form_leur = FicheForm(instance=_copie(fiche), lit_notes=lit_notes)
    formsets_leurs = parties(fiche)
    miennes, libelles = _etat(form_mien, formsets_miens, data)
    leurs, libelles_leurs = _etat(form_leur, formsets_leurs, None)
    libelles |= libelles_leurs  # a row is named as it is saved
    base = _base(fiche, jeton, lit_notes=lit_notes)
    _lignes_deja_ajoutees(base, leurs, miennes)
    gardes, conflits = fusionner(base, leurs, miennes)
    _lignes_disparues(base, leurs, miennes, gardes, conflits)
    restants = []
    for cle in conflits:
        nom = "-".join(part for part in cle if part) or "fiche"
        mien, leur = miennes[cle], leurs.get(cle, SUPPRIMEE)
        choix = data.get(f"choix-{nom}")
        vu = data.get(f"vu-{nom}")
        if choix in {"mien", "leur", "texte"} and vu == leur.empreinte:
            ecrit = data.get(f"texte-{nom}", "")
            gardes[cle] = {"mien": mien, "leur": leur, "texte": Champ((ecrit,), ecrit)}[choix]
        else:
            origine = base.get(cle) if base else None
            libelle, est_long = libelles[cle]
            if cle[0] and cle[2] == LIGNE:  # the row itself is asked: it is shown whole
                origine, leur, mien = (
                    _ligne_entiere(etat, cle, libelles, champ)
                    for etat, champ in ((base or {}, origine), (leurs, leur), (miennes, mien))
                )
            restants.append(Conflit(cle, libelle, origine, leur, mien, est_long))
    return Fusion(
        data=_composer(fiche, data, gardes, leurs, miennes),
        conflits=restants,
        leurs=[libelles[cle][0] for cle in gardes_des_autres(base, leurs, gardes) if cle in libelles],
        auteurs=_auteurs(fiche, jeton),
    )


def _copie(fiche: FicheProjet) -> FicheProjet:
    """A form writes its values on its instance while it validates: never on the one that is locked."""
    return FicheProjet.objects.select_related("convention__territoire").get(pk=fiche.pk)


def _etat(form, formsets, data) -> tuple[Etat, dict]:
    etat: Etat = {}
    libelles = {}
    for bound in form:
        if bound.name != "version" and not bound.field.disabled:
            etat["", "", bound.name] = champ(bound, data)
            libelles["", "", bound.name] = (_titre(bound), bound.widget_type == "textarea")
    for partie, formset in formsets.items():
        for rang, ligne in enumerate(formset.forms):
            pk = data.get(f"{ligne.prefix}-id", "") if data is not None else str(ligne.instance.pk or "")
            if not pk and (data is None or not ligne.has_changed()):
                continue
            numero = pk or f"n{rang}"
            champs = {
                bound.name: (_minuscule(bound.label), champ(bound, data))
                for bound in ligne
                if bound.name not in {"id", "fiche", "DELETE"}
            }
            nom = _nom_ligne(partie, {name: lu for name, (_, lu) in champs.items()})
            for name, (label, lu) in champs.items():
                etat[partie, numero, name] = lu
                libelles[partie, numero, name] = (f"{nom} : {label}", False)
            libelles[partie, numero, LIGNE] = (nom, False)
            retiree = data is not None and data.get(f"{ligne.prefix}-DELETE")
            etat[partie, numero, LIGNE] = SUPPRIMEE if retiree else GARDEE
    return etat, libelles


def _nom_ligne(partie: str, champs: dict[str, Champ]) -> str:
    """« Étape « Ouvrir le relais » », « Moyen « Caf, 2025, ETP » »: as the person knows it."""
    dits = [champs[name].affichage for name in NOMMENT[partie] if name in champs and champs[name].affichage]
    return f"{NOMS[partie]} « {', '.join(dits)} »" if dits else NOMS[partie]


def _ligne_entiere(etat: Etat, cle, libelles: dict, presence: Champ | None) -> Champ | None:
    """The presence of a row, shown with all that the row says."""
    if presence is None or presence == SUPPRIMEE:
        return presence
    dits = [
        f"{libelles[autre][0].rpartition(' : ')[2]} : {lu.affichage}"
        for autre, lu in etat.items()
        if autre[:2] == cle[:2] and autre[2] != LIGNE and autre in libelles and lu.affichage
    ]
    return Champ(presence.brut, presence.canonique, "\n".join(dits) or presence.affichage)


def _lignes_deja_ajoutees(base: Etat | None, leurs: Etat, miennes: Etat) -> None:
    """A row that I add, and that was added word for word since the form was opened, is the same row."""

    def lignes(etat):
        reunies: dict = {}
        for (partie, numero, name), lu in etat.items():
            if partie and name != LIGNE:
                reunies.setdefault((partie, numero), {})[name] = lu.canonique
        return reunies

    if base is None:
        return
    connues = lignes(base)
    ajoutees = [(cle, valeurs) for cle, valeurs in lignes(leurs).items() if cle not in connues]
    for (partie, numero), valeurs in lignes(miennes).items():
        if not numero.startswith("n"):
            continue
        meme = next((a for a in ajoutees if (a[0][0], a[1]) == (partie, valeurs)), None)
        if meme is not None:
            ajoutees.remove(meme)
            for cle in [cle for cle in miennes if cle[:2] == (partie, numero)]:
                del miennes[cle]


def _minuscule(label) -> str:
    return str(label)[:1].lower() + str(label)[1:]


def _titre(bound) -> str:
    return str(bound.label)[:1].upper() + str(bound.label)[1:]


def _moment(fiche: FicheProjet, jeton: Jeton) -> datetime.datetime:
    """The last instant of what the form was opened on: before whoever moved the version next."""
    suivante = fiche.historique.filter(version__gt=jeton.version).order_by("history_date").first()
    if suivante is None:
        return jeton.ouverture
    return min(jeton.ouverture, suivante.history_date - datetime.timedelta(microseconds=1))


def _base(fiche: FicheProjet, jeton: Jeton | None, *, lit_notes: bool) -> Etat | None:
    if jeton is None:
        return None
    moment = _moment(fiche, jeton)
    ligne = fiche.historique.filter(history_date__lte=moment).order_by("-history_date", "-history_id").first()
    if ligne is None:
        return None
    ancienne = _copie(fiche)
    for name in FicheForm.base_fields:
        if name not in {"version", "quartiers", "source_contrat", "rectification"}:
            attname = FicheProjet._meta.get_field(name).attname
            setattr(ancienne, attname, getattr(ligne, attname))
    quartiers = list(ligne.quartiers.values_list("quartier_id", flat=True))
    form = FicheForm(instance=ancienne, lit_notes=lit_notes, initial={"quartiers": quartiers})
    etat, _ = _etat(form, {}, None)
    for partie, formset in parties(fiche).items():
        for ancien in MODELES[partie].historique.as_of(moment).filter(fiche_id=fiche.pk):
            formulaire = formset.form(instance=ancien, prefix="ancien", **formset.form_kwargs)
            for bound in formulaire:
                etat[partie, str(ancien.pk), bound.name] = champ(bound)
            etat[partie, str(ancien.pk), LIGNE] = GARDEE
    return etat


def _lignes_disparues(base, leurs, miennes, gardes, conflits) -> None:
    """A row that one removed and the other changed is asked; a row that only one touched is as they left it."""
    for partie, numero, name in list(miennes):
        if name != LIGNE or numero.startswith("n"):
            continue
        champs = [cle for cle in miennes if cle[:2] == (partie, numero) and cle[2] != LIGNE]
        cle = (partie, numero, LIGNE)
        mienne_intacte = base is not None and all(
            c in base and base[c].canonique == miennes[c].canonique for c in champs
        )
        leur_intacte = base is not None and all(
            c in base and c in leurs and base[c].canonique == leurs[c].canonique for c in champs
        )
        if cle not in leurs:  # they removed it
            if mienne_intacte or miennes[cle] == SUPPRIMEE:
                gardes[cle] = SUPPRIMEE
            else:
                gardes.pop(cle, None)
                conflits.append(cle)
        elif miennes[cle] == SUPPRIMEE:  # I remove it: its fields no longer matter
            for autre in champs:
                if autre in conflits:
                    conflits.remove(autre)
            if leur_intacte:
                gardes[cle] = SUPPRIMEE
            else:
                gardes.pop(cle, None)
                if cle not in conflits:
                    conflits.append(cle)


def _composer(fiche, data: QueryDict, gardes: Etat, leurs: Etat, miennes: Etat) -> QueryDict:
    """The POST of somebody who would have seen everything before typing."""
    compose = data.copy()
    for (partie, _, name), garde in gardes.items():
        if not partie:
            compose.setlist(name, list(garde.brut))
    compose["version"] = signer_jeton(fiche, now=timezone.now())
    etat = miennes | leurs | gardes
    for partie in MODELES:
        for name in [name for name in compose if name.startswith(f"{partie}-")]:
            del compose[name]
        _composer_partie(compose, partie, etat, leurs)
    return compose


def _composer_partie(compose: QueryDict, partie: str, etat: Etat, leurs: Etat) -> None:
    """The rows that exist, in their order, then the new ones and those that are put back."""
    existantes = [numero for p, numero, name in leurs if p == partie and name == LIGNE]
    ajoutees = [
        numero
        for (p, numero, name), garde in etat.items()
        if p == partie and name == LIGNE and numero not in existantes and garde != SUPPRIMEE
    ]
    for rang, numero in enumerate([*existantes, *ajoutees]):
        prefixe = f"{partie}-{rang}"
        compose[f"{prefixe}-id"] = numero if numero in existantes else ""
        for (p, n, name), valeur in etat.items():
            if (p, n) == (partie, numero) and name != LIGNE:
                compose.setlist(f"{prefixe}-{name}", list(valeur.brut))
        if etat[partie, numero, LIGNE] == SUPPRIMEE:
            compose[f"{prefixe}-DELETE"] = "on"
    compose[f"{partie}-TOTAL_FORMS"] = str(len(existantes) + len(ajoutees))
    compose[f"{partie}-INITIAL_FORMS"] = str(len(existantes))


def _auteurs(fiche: FicheProjet, jeton: Jeton | None) -> list[str]:
    if jeton is None:
        return []
    noms = []
    for modele in (FicheProjet, *MODELES.values()):
        cle = {"id": fiche.pk} if modele is FicheProjet else {"fiche_id": fiche.pk}
        lignes = modele.historique.filter(**cle, history_date__gt=_moment(fiche, jeton))
        for ligne in lignes.select_related("history_user"):
            nom = str(ligne.history_user) if ligne.history_user else "une commande"
            if nom not in noms:
                noms.append(nom)
    return noms
