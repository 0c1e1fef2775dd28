"""Who sits at a meeting and who came, label by label: only those who sit for a label count for it."""

from dataclasses import dataclass

from gouvernance.enums import EtatPresence
from gouvernance.models import Label, Membre, Presence, Reunion


@dataclass(frozen=True, slots=True)
class Siege:
    """`presence` None: nothing is noted yet."""

    membre: Membre
    presence: Presence | None

    @property
    def etat(self) -> str:
        return self.presence.etat if self.presence else ""

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

    @property
    def nb_notes(self) -> int:
        return sum(siege.presence is not None for siege in self.sieges)

    def noms(self, etat: str, label: Label | None = None) -> list[str]:
        """The seats in that state that sit for the label, as the minutes name them."""
        return [_nommer(s) for s in self.sieges if s.etat == etat and s.siege_pour(label)]


def collect_feuille(reunion: Reunion) -> Feuille:
    """The seats in force on the day of the meeting, and those noted already; three queries."""
    presences = {
        p.membre_id: p for p in Presence.objects.filter(reunion=reunion).select_related("membre__label")
    }
    membres = list(
        Membre.objects.filter(instance_gouvernance=reunion.instance_gouvernance_id)
        .en_vigueur(au=reunion.date)
        .select_related("label", "organisme")
        .order_by("ordre", "pk")
    )
    connus = {membre.pk for membre in membres}
    membres += [p.membre for pk, p in presences.items() if pk not in connus]  # the date has moved since
    sieges = tuple(Siege(membre, presences.get(membre.pk)) for membre in membres)
    labels = {m.label_id: m.label for m in membres if m.label_id}
    points = Label.objects.filter(points__reunion=reunion).distinct()
    labels |= {label.pk: label for label in points}
    rangees = sorted(labels.values(), key=lambda label: (label.ordre, label.pk))
    return Feuille(sieges, tuple(_compter(sieges, label) for label in (None, *rangees)))


def _compter(sieges: tuple[Siege, ...], label: Label | None) -> Compte:
    etats = [siege.etat for siege in sieges if siege.siege_pour(label)]
    return Compte(label, len(etats), *(etats.count(etat) for etat in _ORDRE))


_ORDRE = (EtatPresence.PRESENT, EtatPresence.REPRESENTE, EtatPresence.EXCUSE, EtatPresence.ABSENT)


def _nommer(siege: Siege) -> str:
    nom = siege.membre.fonction.strip(" ,.;")
    par = siege.presence.represente_par if siege.presence else ""
    return f"{nom}, représenté par {par}" if par else nom
