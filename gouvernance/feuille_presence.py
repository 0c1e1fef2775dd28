"""Who sits at a meeting and who came, label by label: only the seats that sit for a label count for it.

A seat has a line for each person who holds it that day, titulaires first; it counts once, whoever came for it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ctg.models import Fonction, Personne
from gouvernance.composition import is_appele
from gouvernance.enums import EtatPresence, QualiteMandat
from gouvernance.models import Invite, Label, MandatMembre, Membre, Presence, Reunion

# A seat is what the first of these says that one of its lines is.
ORDRE = (EtatPresence.PRESENT, EtatPresence.REPRESENTE, EtatPresence.EXCUSE, EtatPresence.ABSENT)
TITRES = ("Présents", "Représentés", "Excusés", "Absents")
INVITES = "Autres personnes présentes"


@dataclass(frozen=True, slots=True)
class Ligne:
    """One holder of a seat, or the seat alone. `fonction`: the person's own that day; `presence` None: not noted yet."""

    membre: Membre
    personne: Personne | None
    is_suppleant: bool
    fonction: str
    presence: Presence | None

    @property
    def cle(self) -> tuple[int, int | None]:
        return self.membre.pk, self.personne.pk if self.personne else None

    @property
    def etat(self) -> str:
        return self.presence.etat if self.presence else ""

    @property
    def nom(self) -> str:
        """As the minutes name who came: « Paul Durand, président de la Caf »; by the seat where nobody is known."""
        siege = self.membre.fonction.strip(" ,.;")
        qui = str(self.personne or (self.presence.nom if self.presence else ""))
        if self.is_suppleant:
            qui += " (en suppléance)"
        dit = f"{qui}, {self.fonction or siege}" if qui else siege
        par = self.presence.represente_par if self.presence else ""
        return f"{dit}, représenté par {par}" if par else dit


@dataclass(frozen=True, slots=True)
class Siege:
    """`is_compte`: not so a seat that is associated in another year, kept because something was noted of it."""

    membre: Membre
    lignes: tuple[Ligne, ...]
    is_compte: bool

    @property
    def etat(self) -> str:
        etats = {ligne.etat for ligne in self.lignes}
        return next((etat for etat in ORDRE if etat in etats), "")

    def siege_pour(self, label: Label | None) -> bool:
        return self.membre.label_id is None or label is None or self.membre.label_id == label.pk


@dataclass(frozen=True, slots=True)
class Compte:
    """Of the seats that sit for a label (None: all): how many deliberate, are excused, are away, are not noted."""

    label: Label | None
    nb_sieges: int
    nb_presents: int
    nb_representes: int
    nb_excuses: int
    nb_absents: int

    @property
    def nb_siegent(self) -> int:
        return self.nb_presents + self.nb_representes

    @property
    def nb_non_notes(self) -> int:
        return self.nb_sieges - self.nb_siegent - self.nb_excuses - self.nb_absents


@dataclass(frozen=True, slots=True)
class Feuille:
    sieges: tuple[Siege, ...]
    comptes: tuple[Compte, ...]
    invites: tuple[Invite, ...]

    @property
    def is_notee(self) -> bool:
        return bool(self.invites) or any(siege.etat for siege in self.sieges)

    def groupes(self, label: Label | None = None) -> list[tuple[str, list[str]]]:
        """(title, names) of those who sit for the label, and of those who came without a seat; no empty group."""
        lignes = [ligne for siege in self.sieges if siege.siege_pour(label) for ligne in siege.lignes]
        groupes = [
            (titre, [ligne.nom for ligne in lignes if ligne.etat == etat])
            for etat, titre in zip(ORDRE, TITRES, strict=True)
        ]
        groupes.append((INVITES, [str(invite) for invite in self.invites]))
        return [(titre, noms) for titre, noms in groupes if noms]


def collect_feuille(reunion: Reunion) -> Feuille:
    """The seats in force on the day of the meeting with who holds them, and what is noted already; six queries."""
    presences = _presences(reunion)
    sieges = Membre.objects.filter(instance_gouvernance=reunion.instance_gouvernance_id)
    sieges = sieges.select_related("label", "organisme").order_by("ordre", "pk")
    annees = reunion.convention.annees
    en_vigueur = list(sieges.en_vigueur(au=reunion.date))
    appeles = {membre.pk for membre in en_vigueur if is_appele(membre, annees, au=reunion.date)}
    noms_notes = {membre_id for membre_id, _ in presences}
    membres = [membre for membre in en_vigueur if membre.pk in appeles | noms_notes]
    connus = {membre.pk for membre in membres}
    ailleurs = {p.membre_id: p.membre for p in presences.values() if p.membre_id not in connus}
    membres += ailleurs.values()  # the date has moved since
    tenants = _tenants(reunion)
    fonctions = _fonctions(reunion, {p.pk for ps in tenants.values() for p, _ in ps} | _notees(presences))
    feuille = tuple(
        Siege(
            membre,
            tuple(_lignes(membre, tenants.get(membre.pk, []), presences, fonctions)),
            membre.pk in appeles or membre.pk in ailleurs,
        )
        for membre in membres
    )
    labels = {m.label_id: m.label for m in membres if m.label_id}
    labels |= {label.pk: label for label in Label.objects.filter(points__reunion=reunion).distinct()}
    rangees = sorted(labels.values(), key=lambda label: (label.ordre, label.pk))
    return Feuille(
        feuille,
        tuple(_compter(feuille, label) for label in (None, *rangees)),
        tuple(Invite.objects.filter(reunion=reunion).order_by("pk")),
    )


def _presences(reunion: Reunion) -> dict[tuple[int, int | None], Presence]:
    presences = Presence.objects.filter(reunion=reunion).select_related("membre__label", "personne")
    return {presence.cle: presence for presence in presences.order_by("pk")}


def _notees(presences: dict[tuple[int, int | None], Presence]) -> set[int]:
    return {personne_id for _, personne_id in presences if personne_id}


def _tenants(reunion: Reunion) -> dict[int, list[tuple[Personne, bool]]]:
    """{seat: (who holds it that day, whether as suppléant), titulaires first}."""
    mandats = MandatMembre.objects.filter(
        membre__instance_gouvernance=reunion.instance_gouvernance_id
    ).en_cours(au=reunion.date)
    tenants: dict[int, list[tuple[Personne, bool]]] = {}
    for mandat in mandats.select_related("personne").order_by("date_debut", "personne__nom", "pk"):
        is_suppleant = mandat.qualite == QualiteMandat.SUPPLEANT
        tenants.setdefault(mandat.membre_id, []).append((mandat.personne, is_suppleant))
    return {membre: sorted(personnes, key=lambda p: p[1]) for membre, personnes in tenants.items()}


def _fonctions(reunion: Reunion, personne_ids: set[int]) -> dict[int, str]:
    """{person: what they do on the day of the meeting}."""
    fonctions = Fonction.objects.filter(personne__in=personne_ids).en_vigueur(au=reunion.date)
    return {f.personne_id: f.intitule for f in fonctions.order_by("-pk")}  # the first noted wins


def _lignes(membre: Membre, tenants: list, presences: dict, fonctions: dict[int, str]) -> Iterable[Ligne]:
    """Who holds the seat, then whom something is noted of; the seat alone where nobody is known."""
    personnes = dict(tenants)
    for (membre_id, _), presence in presences.items():
        if membre_id == membre.pk and presence.personne:
            personnes.setdefault(presence.personne, False)
    personnes = {p: est for p, est in personnes.items() if not p.is_anonyme or (membre.pk, p.pk) in presences}
    for personne, is_suppleant in personnes.items():
        presence = presences.get((membre.pk, personne.pk))
        yield Ligne(membre, personne, is_suppleant, fonctions.get(personne.pk, ""), presence)
    seule = presences.get((membre.pk, None))
    if seule or not personnes:
        yield Ligne(membre, None, is_suppleant=False, fonction="", presence=seule)


def _compter(sieges: tuple[Siege, ...], label: Label | None) -> Compte:
    etats = [siege.etat for siege in sieges if siege.is_compte and siege.siege_pour(label)]
    return Compte(label, len(etats), *(etats.count(etat) for etat in ORDRE))
