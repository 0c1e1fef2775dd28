"""Two people on one object and its rows (a fiche and its steps, a person and their functions): see `ctg.fusion`."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import FieldDoesNotExist
from django.forms import BaseInlineFormSet, ModelForm
from django.http import QueryDict
from django.utils import timezone

from ctg.fusion import Champ, Conflit, Etat, Fusion, champ, fusionner, gardes_des_autres, noms_des_auteurs
from ctg.jetons import Jeton, signer_jeton

LIGNE = ""  # the pseudo-field that says whether a row stays
GARDEE, SUPPRIMEE = (
    Champ((), "gardée", "la ligne reste"),
    Champ(("on",), "supprimée", "la ligne est supprimée"),
)


@dataclass(frozen=True, slots=True)
class Partie:
    """A kind of row. `nomment`: the fields by which a person knows one."""

    modele: type
    nom: str
    nomment: tuple[str, ...]


class FusionFormulaire:
    """A form of one object and its formsets, as opened, as it is now, as typed. One class for each form."""

    parties: Mapping[str, Partie] = {}
    lien: str  # the foreign key by which a row holds its object
    hors: frozenset[str] = frozenset({"version"})  # fields of the form that are nothing of the object

    def __init__(self, objet):
        self.objet = objet  # locked by who calls

    def formulaire(self, data: QueryDict | None = None, **autres) -> ModelForm:
        """On `autres["instance"]`, or on a copy: a form writes on its instance while it validates."""
        raise NotImplementedError

    def formsets(self, data: QueryDict | None = None) -> dict[str, BaseInlineFormSet]:
        """By the name of their part, which is their prefix."""
        raise NotImplementedError

    def copie(self):
        return type(self.objet)._default_manager.get(pk=self.objet.pk)

    def a_bouge(self, jeton: Jeton | None) -> bool:
        """Whether anything of the object, by whatever door, changed since the form was opened."""
        if jeton is None or jeton.version != self.objet.version:
            return True
        return any(
            lignes.filter(history_date__gt=jeton.ouverture).exists() for lignes in self.lignes_des_parties()
        )

    def suivante(self, jeton: Jeton) -> datetime.datetime | None:
        """When the version of the token was left; None: it is still the one."""
        lignes = self.objet.historique.filter(version__gt=jeton.version).order_by("history_date")
        return lignes.values_list("history_date", flat=True).first()

    def fusionner(self, jeton: Jeton | None, data: QueryDict) -> Fusion:
        """Merge what was typed (`data`) with the object as it is now; `choix-…` of `data` settle the conflicts."""
        miennes, libelles = self._etat(self.formulaire(data), self.formsets(data), data)
        leurs, libelles_leurs = self._etat(self.formulaire(), self.formsets(), None)
        libelles |= libelles_leurs  # a row is named as it is saved
        base = self._base(jeton)
        _oublier_les_deja_ajoutees(base, leurs, miennes)
        gardes, conflits = fusionner(base, leurs, miennes)
        _demander_les_disparues(base, leurs, miennes, gardes, conflits)
        restants = []
        for cle in conflits:
            libelle, est_long = libelles[cle]
            demande = Conflit(
                cle,
                libelle,
                base.get(cle) if base else None,
                leurs.get(cle, SUPPRIMEE),
                miennes[cle],
                est_long,
            )
            if (choisi := demande.choisi(data)) is not None:
                gardes[cle] = choisi
            elif cle[0] and cle[2] == LIGNE:  # the row itself is asked: it is shown whole
                entieres = (
                    _ligne_entiere(etat, cle, libelles, presence)
                    for etat, presence in (
                        (base or {}, demande.base),
                        (leurs, demande.leur),
                        (miennes, demande.mien),
                    )
                )
                restants.append(Conflit(cle, libelle, *entieres))
            else:
                restants.append(demande)
        return Fusion(
            data=self._composer(data, gardes, leurs, miennes),
            conflits=restants,
            leurs=[libelles[cle][0] for cle in gardes_des_autres(base, leurs, gardes) if cle in libelles],
            auteurs=self._auteurs(jeton),
        )

    def lignes_des_parties(self) -> list:
        return [
            partie.modele.historique.filter(**{f"{self.lien}_id": self.objet.pk})
            for partie in self.parties.values()
        ]

    def _etat(self, form, formsets, data) -> tuple[Etat, dict]:
        """What a form says, and {key: (label, whether it is a long text)}."""
        etat: Etat = {}
        libelles = {}
        for bound in form:
            if bound.name not in self.hors and not bound.field.disabled:
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
                    if bound.name not in {"id", self.lien, "DELETE"}
                }
                nom = self._nom_ligne(partie, {name: lu for name, (_, lu) in champs.items()})
                for name, (label, lu) in champs.items():
                    etat[partie, numero, name] = lu
                    libelles[partie, numero, name] = (f"{nom} : {label}", False)
                libelles[partie, numero, LIGNE] = (nom, False)
                retiree = data is not None and data.get(f"{ligne.prefix}-DELETE")
                etat[partie, numero, LIGNE] = SUPPRIMEE if retiree else GARDEE
        return etat, libelles

    def _nom_ligne(self, partie: str, champs: dict[str, Champ]) -> str:
        """« Étape « Ouvrir le relais » », « Moyen « Caf, 2025, ETP » »: as the person knows it."""
        nom, nomment = self.parties[partie].nom, self.parties[partie].nomment
        dits = [champs[name].affichage for name in nomment if name in champs and champs[name].affichage]
        return f"{nom} « {', '.join(dits)} »" if dits else nom

    def _moment(self, jeton: Jeton) -> datetime.datetime:
        """The last instant of what the form was opened on: before whoever moved the version next."""
        suivante = self.suivante(jeton)
        if suivante is None:
            return jeton.ouverture
        return min(jeton.ouverture, suivante - datetime.timedelta(microseconds=1))

    def _base(self, jeton: Jeton | None) -> Etat | None:
        """What the form showed; None where the history does not tell it."""
        if jeton is None:
            return None
        moment = self._moment(jeton)
        lignes = self.objet.historique.filter(history_date__lte=moment)
        ligne = lignes.order_by("-history_date", "-history_id").first()
        if ligne is None:
            return None
        etat, _ = self._etat(self._ancien_formulaire(ligne), {}, None)
        for partie, formset in self.formsets().items():
            historique = self.parties[partie].modele.historique
            for ancien in historique.as_of(moment).filter(**{f"{self.lien}_id": self.objet.pk}):
                numero = str(ancien.pk)
                for bound in formset.form(instance=ancien, prefix="ancien", **formset.form_kwargs):
                    etat[partie, numero, bound.name] = champ(bound)
                etat[partie, numero, LIGNE] = GARDEE
        return etat

    def _ancien_formulaire(self, ligne) -> ModelForm:
        ancien, initial = self.copie(), {}
        for name in self.formulaire().fields:
            if name in self.hors:
                continue
            try:
                colonne = ancien._meta.get_field(name)
            except FieldDoesNotExist:
                continue  # asked of the person, not of the object
            if colonne.many_to_many:
                liens = getattr(ligne, name)
                initial[name] = list(liens.values_list(f"{colonne.m2m_reverse_field_name()}_id", flat=True))
            else:
                setattr(ancien, colonne.attname, getattr(ligne, colonne.attname))
        return self.formulaire(instance=ancien, initial=initial)

    def _composer(self, data: QueryDict, gardes: Etat, leurs: Etat, miennes: Etat) -> QueryDict:
        """The POST of somebody who would have seen everything before typing."""
        compose = data.copy()
        for (partie, _, name), garde in gardes.items():
            if not partie:
                compose.setlist(name, list(garde.brut))
        compose["version"] = signer_jeton(self.objet, now=timezone.now())
        etat = miennes | leurs | gardes
        for partie in self.parties:
            for name in [name for name in compose if name.startswith(f"{partie}-")]:
                del compose[name]
            _composer_partie(compose, partie, etat, leurs)
        return compose

    def _auteurs(self, jeton: Jeton | None) -> list[str]:
        if jeton is None:
            return []
        moment = self._moment(jeton)
        depuis = [
            ligne
            for lignes in (self.objet.historique.all(), *self.lignes_des_parties())
            for ligne in lignes.filter(history_date__gt=moment).select_related("history_user")
        ]
        return noms_des_auteurs(depuis)


class FusionParHistorique(FusionFormulaire):
    """The version of the object counts the lines of history, its own and its parts'."""

    def suivante(self, jeton: Jeton) -> datetime.datetime | None:
        toutes = (self.objet.historique.all(), *self.lignes_des_parties())
        dates = sorted(date for lignes in toutes for date in lignes.values_list("history_date", flat=True))
        return next(iter(dates[jeton.version :]), None)


def _titre(bound) -> str:
    return str(bound.label)[:1].upper() + str(bound.label)[1:]


def _minuscule(label) -> str:
    return str(label)[:1].lower() + str(label)[1:]


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


def _oublier_les_deja_ajoutees(base: Etat | None, leurs: Etat, miennes: Etat) -> None:
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


def _demander_les_disparues(base, leurs, miennes, gardes, conflits) -> None:
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
