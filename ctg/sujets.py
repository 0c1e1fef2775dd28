"""One human being: an account, and the people of one or several conventions that are that same person."""

import calendar
import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q

from ctg.models import Convention, Fonction, Mandat, Personne, Utilisateur
from ctg.noms import Chercheur, est_recherchable
from ctg.recherche import normalise

CIVILITES = ("M", "Mr", "Mme", "Mlle", "Monsieur", "Madame", "Mademoiselle")  # a point may follow


class SujetError(Exception):
    """Nobody, or more than one, answers to what was asked; a French sentence that names nobody."""


@dataclass(frozen=True, slots=True)
class Sujet:
    compte: Utilisateur | None
    personnes: tuple[Personne, ...]

    def __str__(self):
        """Names nobody: a number."""
        noms = [f"Personne n°\u00a0{p.pk}" for p in self.personnes]
        noms += [f"Compte n°\u00a0{self.compte.pk}"] if self.compte else []
        return ", ".join(noms)

    @property
    def compte_ids(self) -> list[int]:
        return [self.compte.pk] if self.compte else []

    @property
    def personne_ids(self) -> list[int]:
        return [personne.pk for personne in self.personnes]

    @property
    def conventions(self) -> list[Convention]:
        return [personne.convention for personne in self.personnes]

    def get_noms(self) -> set[str]:
        """As it is and was written; what is anonymous already names nobody."""
        anciens = Personne.historique.filter(id__in=self.personne_ids, is_anonyme=False)
        noms = {*anciens.values_list("prenom", "nom")}
        noms |= {(p.prenom, p.nom) for p in self.personnes if not p.is_anonyme}
        if self.compte and not self.compte.is_anonyme:
            noms.add((self.compte.prenom, self.compte.nom))
        return _formes(noms)

    def get_emails(self) -> set[str]:
        anciens = Personne.historique.filter(id__in=self.personne_ids).values_list("email", flat=True)
        emails = {*anciens, *(p.email for p in self.personnes)}
        if self.compte and not self.compte.is_anonyme:
            emails.add(self.compte.email)
        return {email.lower() for email in emails} - {""}

    def get_chercheur(self) -> tuple[Chercheur, list[str]]:
        """What finds the person in texts, and why some words cannot: they are somebody else's too."""
        comptes = Utilisateur.objects.exclude(pk__in=self.compte_ids).values_list("prenom", "nom", "email")
        personnes = Personne.objects.exclude(pk__in=self.personne_ids).values_list("prenom", "nom", "email")
        autres = [*comptes, *personnes]
        noms_pris = {normalise(nom) for nom in _formes((prenom, nom) for prenom, nom, _ in autres)}
        emails_pris = {email.lower() for _, _, email in autres}
        noms, emails = self.get_noms(), self.get_emails()
        restes = []
        if any(normalise(nom) in noms_pris for nom in noms):
            restes.append("quelqu’un d’autre porte le même nom : les textes qui le citent sont à relire.")
        if any(not est_recherchable(nom) for nom in noms):
            restes.append("un nom d’un seul mot ne se cherche pas dans les textes : ils sont à relire.")
        if emails & emails_pris:
            restes.append(
                "quelqu’un d’autre a la même adresse électronique : les textes qui la citent restent."
            )
        return Chercheur([n for n in noms if normalise(n) not in noms_pris], emails - emails_pris), restes


def _formes(noms: Iterable[tuple[str, str]]) -> set[str]:
    """« Zoé Martin », « Martin Zoé », « Z. Martin », « Mme Martin »: as minutes name people."""
    noms = [*noms]
    ecrits = [f"{prenom} {nom}" for prenom, nom in noms] + [f"{nom} {prenom}" for prenom, nom in noms]
    for prenom, nom in noms:
        if prenom and nom:
            ecrits += [f"{avant} {nom}" for avant in (*CIVILITES, prenom[0])]
    return {nom.strip() for nom in ecrits} - {""}


def sujet_de(*, personne: Personne | None = None, compte: Utilisateur | None = None) -> Sujet:
    """The account and every record of the same person: tied to that account, or of the same name and address.

    An address alone is not enough: a service may share one.
    """
    if personne is not None:
        compte = personne.utilisateur or _compte_de(personne)
    connues = [personne] if personne is not None else []
    if compte is not None:
        connues += compte.personnes.select_related("convention", "utilisateur").order_by("pk")
    noms = {normalise(str(p)) for p in connues if not p.is_anonyme}
    emails = {p.email.lower() for p in connues} | ({compte.email.lower()} if compte else set())
    if compte is not None:
        noms.add(normalise(f"{compte.prenom} {compte.nom}"))
    libres = _sans_compte(emails - {""})
    connues += [p for p in libres if normalise(str(p)) in noms - {""}]
    par_pk = {p.pk: p for p in connues}
    return Sujet(compte, tuple(par_pk[pk] for pk in sorted(par_pk)))


def _compte_de(personne: Personne) -> Utilisateur | None:
    """The account that was opened at the address and name of a person who is not tied to it."""
    if not personne.email:
        return None
    compte = Utilisateur.objects.filter(email__iexact=personne.email).first()
    return compte if compte and normalise(str(personne)) == normalise(str(compte)) else None


def _sans_compte(emails: set[str]) -> list[Personne]:
    condition = Q(pk__in=[])
    for email in emails:
        condition |= Q(email__iexact=email)
    personnes = Personne.objects.filter(condition, utilisateur=None).order_by("pk")
    return list(personnes.select_related("convention", "utilisateur"))


def chercher(cle: str, *, convention: Convention | None = None) -> Sujet:
    """By the number of a person (the end of the address of their page) or by an e-mail address."""
    personnes = Personne.objects.select_related("convention", "utilisateur")
    if cle.isascii() and cle.isdigit() and len(cle) < 18:
        sujets = [sujet_de(personne=p) for p in personnes.filter(pk=int(cle))]
    elif "@" in cle:
        sujets = [sujet_de(compte=c) for c in Utilisateur.objects.filter(email__iexact=cle)]
        sujets += [sujet_de(personne=p) for p in personnes.filter(email__iexact=cle).order_by("pk")]
    else:
        raise SujetError(
            "Donnez le numéro de la personne (à la fin de l’adresse de sa page) ou son adresse électronique."
        )
    if convention is not None:
        sujets = [s for s in sujets if convention in s.conventions]
    distincts = {str(s): s for s in sujets}
    if not distincts:
        ou = f" dans la convention « {convention.slug} »" if convention else ""
        raise SujetError(f"Personne n’a ce numéro ou cette adresse{ou}.")
    if len(distincts) > 1:
        raise SujetError(
            f"Plusieurs personnes ont cette adresse ({' ; '.join(distincts)}) : donnez le numéro de l’une d’elles."
        )
    return next(iter(distincts.values()))


def verrouiller(sujet: Sujet) -> Sujet:
    """The same person, as it is now and until the end of the transaction."""
    comptes = Utilisateur.objects.select_for_update(no_key=True).filter(pk__in=sujet.compte_ids)
    personnes = Personne.objects.select_for_update(of=("self",), no_key=True).select_related("convention")
    return Sujet(comptes.first(), tuple(personnes.filter(pk__in=sujet.personne_ids).order_by("pk")))


# Departed ----------------------------------------------------------------------------------------------


def il_y_a(mois: int, au: datetime.date) -> datetime.date:
    annees, mois_restants = divmod(au.year * 12 + au.month - 1 - mois, 12)
    dernier = calendar.monthrange(annees, mois_restants + 1)[1]
    return datetime.date(annees, mois_restants + 1, min(au.day, dernier))


def delai(sujet: Sujet) -> int:
    """The longest of the conventions': one that says nothing has the installation's."""
    durees = [
        settings.CONSERVATION_PERSONNES if c.conservation_mois is None else c.conservation_mois
        for c in sujet.conventions
    ]
    return max(durees, default=settings.CONSERVATION_PERSONNES)


def date_depart(sujet: Sujet) -> datetime.date | None:
    """The end of the last function or mandate; with neither, the last change of the record. None: still here."""
    fins = list(Mandat.objects.filter(utilisateur__in=sujet.compte_ids).values_list("date_fin", flat=True))
    fins += Fonction.objects.filter(personne__in=sujet.personne_ids).values_list("date_fin", flat=True)
    if fins:
        return None if None in fins else max(fins)
    moments = [sujet.compte.created_at] if sujet.compte else []
    moments += Personne.historique.filter(id__in=sujet.personne_ids).values_list("history_date", flat=True)
    return max(moments).date() if moments else None


def partis(
    *, au: datetime.date, mois: int | None = None, convention: Convention | None = None
) -> Iterator[Sujet]:
    """Those whom nothing ties to a convention any more since that many months (None: the retention delay)."""
    vus: set[str] = set()
    personnes = Personne.objects.filter(is_anonyme=False).select_related("convention", "utilisateur")
    candidats = [sujet_de(personne=p) for p in personnes.order_by("pk")]
    candidats += [sujet_de(compte=c) for c in Utilisateur.objects.order_by("pk") if not c.is_anonyme]
    for sujet in candidats:
        if str(sujet) in vus or (convention is not None and convention not in sujet.conventions):
            continue
        vus.add(str(sujet))
        depart = date_depart(sujet)
        if depart is not None and depart <= il_y_a(delai(sujet) if mois is None else mois, au):
            yield sujet
