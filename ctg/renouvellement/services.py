"""Opens the next convention: the export of the old one, chosen row by row, loaded under another address."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from ctg.chargement.export import TableauEcrit, exporter
from ctg.chargement.lecture import Contenu, Ligne
from ctg.chargement.services import Resultat, charger_contenu
from ctg.chargement.tableau import ChargementError, Tableau, get_tableau
from ctg.enums import Role
from ctg.mandats import accorder
from ctg.models import Convention, Fonction, Mandat, Personne, Porte, Repris, Utilisateur, acte
from ctg.perimetres import perimetre_du_role
from ctg.permissions import check
from ctg.renouvellement.choix import Choix
from ctg.renouvellement.reprises import Cellules, Reprise, get_reprise

REGLAGES = ("couleur", "conservation_mois", "jours_rappel")  # what no table says of a convention
DEJA_PRISE = "Une convention a déjà l’adresse « {} » : choisissez-en une autre."
SANS_OBJET = "sans objet : rien de son périmètre n’est repris"


@dataclass
class Ouverture:
    """What was created, or what an essay would create."""

    convention: Convention
    resultat: Resultat
    est_charge: bool = False  # whether who opens it leads it too
    mandats: list[str] = field(default_factory=list)
    sans_objet: list[str] = field(default_factory=list)

    @property
    def par_tableau(self) -> list[tuple[Tableau, int]]:
        nombres = Counter(ecriture.tableau.nom for ecriture in self.resultat.changements)
        return [
            (tableau, nombres[nom])
            for nom in nombres
            if (tableau := get_tableau(nom)).modele is not Convention
        ]

    @property
    def empreinte(self) -> str:
        """Names what was shown: what is confirmed is that."""
        dit = [str(self.convention), *map(str, self.resultat.changements), *self.mandats, *self.sans_objet]
        return hashlib.sha256("\n".join(dit).encode()).hexdigest()


class ApercuError(Exception):
    """What would be created is no longer what was shown."""


@transaction.atomic
def ouvrir(
    ancienne_id: int,
    nouvelle: Convention,
    choix: Choix,
    *,
    par: Utilisateur,
    essai: bool = False,
    montree: str = "",
) -> Ouverture:
    """All or nothing. `nouvelle`: its title, address, dates and numbering, not saved; `montree`: the mark of what was shown.

    Raises PermissionDenied, ValidationError, and ApercuError where what was shown has changed.
    """
    ancienne = Convention.objects.select_for_update(of=("self",), no_key=True).get(pk=ancienne_id)
    if not (access := check(par, "ctg.renouveler", ancienne)):
        raise PermissionDenied(access.reason)
    if Convention.objects.filter(slug=nouvelle.slug).exists():
        raise ValidationError({"slug": DEJA_PRISE.format(nouvelle.slug)})
    composee = _Composee(ancienne, nouvelle, choix, par)
    with acte(Porte.PAGE) as courant:
        courant.motif = f"Reprise de la convention « {ancienne} »"
        try:
            resultat = charger_contenu(composee.contenu, a_la_creation=composee.completer)
        except ChargementError as error:
            raise ValidationError(error.fautes) from None
        if not composee.est_creee:  # somebody took that address meanwhile
            raise ValidationError({"slug": DEJA_PRISE.format(nouvelle.slug)})
        ouverture = Ouverture(resultat.convention, resultat)
        _donner_les_mandats(ancienne, ouverture, choix, par)
    if montree and montree != ouverture.empreinte:
        transaction.set_rollback(True)
        raise ApercuError
    if essai:
        transaction.set_rollback(True)
    return ouverture


class _Composee:
    """The tables of the new convention, and the record that each of their rows continues."""

    def __init__(self, ancienne: Convention, nouvelle: Convention, choix: Choix, par: Utilisateur):
        self.ancienne, self.nouvelle, self.choix, self.par = ancienne, nouvelle, choix, par
        self.suites: dict[str, object] = {}  # {place of a row: record}
        self.est_creee = False
        self.contenu: Contenu = {}
        for ecrit in exporter(ancienne, choisir=choix.prend):
            if ecrit.tableau.nom == "convention":
                self.contenu["convention"] = [self._ligne_de_la_convention(ecrit.tableau)]
            elif (reprise := get_reprise(ecrit.tableau.nom)) is not None:
                self.contenu[ecrit.tableau.nom] = self._lignes(ecrit, reprise)

    def _ligne_de_la_convention(self, tableau: Tableau) -> Ligne:
        self.nouvelle.territoire = self.ancienne.territoire
        self.nouvelle.is_demonstration = self.ancienne.is_demonstration
        cellules = {nom: colonne.ecrire(self.nouvelle) for nom, colonne in tableau.colonnes.items()}
        return Ligne("La nouvelle convention", cellules | self._source(cellules))

    def _lignes(self, ecrit: TableauEcrit, reprise: Reprise) -> list[Ligne]:
        lignes = []
        for objet, textes in zip(ecrit.objets, ecrit.lignes, strict=True):
            cellules = dict(zip(ecrit.tableau.colonnes, textes, strict=True))
            place = f"{ecrit.tableau.titre}, « {' / '.join(cellules[nom] for nom in ecrit.tableau.cle)} »"
            if ecrit.tableau.modele is Convention:
                cellules["slug"] = self.nouvelle.slug
            tues = reprise.neuves.union(
                *(colonnes for code, colonnes in reprise.colonnes.items() if code not in self.choix.options)
            )
            cellules |= dict.fromkeys(tues, "") | self._source(cellules)
            reprise.ajuster(objet, cellules, self.nouvelle)
            self.suites[place] = objet
            lignes.append(Ligne(place, cellules))
        return lignes

    def _source(self, cellules: Cellules) -> Cellules:
        """Where a row comes from; what was read in the old text is not a remark on the new one."""
        if "source" not in cellules:
            return {}
        source = f"Repris de la convention « {self.ancienne} »"
        return {"source": source[:200], "mention": "", "a_verifier": ""}

    def completer(self, tableau: Tableau, ligne: Ligne, objet) -> None:
        """What no table says: which record it continues, and the settings of a convention."""
        if tableau.nom == "convention":
            self.est_creee, objet.predecesseur = True, self.ancienne
            objet._history_user = self.par  # who may give it up
            for nom in REGLAGES:
                setattr(objet, nom, getattr(self.ancienne, nom))
        elif isinstance(objet, Repris):
            objet.predecesseur = self.suites[ligne.lieu]


def _donner_les_mandats(ancienne: Convention, ouverture: Ouverture, choix: Choix, par: Utilisateur) -> None:
    """First that of who opens it, where it is theirs in the old one; then those that were chosen, as they may be given."""
    nouvelle = ouverture.convention
    siens = [m for m in par.mandats_actifs if m.convention_id == ancienne.pk]
    if any(m.role == Role.CHARGE_COOPERATION for m in siens):
        ouverture.est_charge = True
        _personne(ancienne, nouvelle, par)
        premier = Mandat(utilisateur=par, role=Role.CHARGE_COOPERATION, convention=nouvelle)
        premier.full_clean()
        premier.save()
    qui = Utilisateur.objects.get(pk=par.pk)  # with the mandate just given
    mandats = Mandat.objects.filter(pk__in=choix.mandats, convention=ancienne).select_related("utilisateur")
    for mandat in mandats.order_by("pk"):
        personne = _personne(ancienne, nouvelle, mandat.utilisateur)
        nom = f"{personne} : {mandat.get_role_display().lower()}"
        perimetre = _perimetre(mandat, nouvelle)
        if perimetre == set():
            ouverture.sans_objet.append(f"{nom} ({SANS_OBJET})")
            continue
        accorder(
            par=qui, personne=personne, compte=mandat.utilisateur, role=mandat.role, perimetre=perimetre or ()
        )
        ouverture.mandats.append(nom)


def _personne(ancienne: Convention, nouvelle: Convention, compte: Utilisateur) -> Personne:
    """The person of that account in the new convention, with the functions that they hold."""
    if (deja := Personne.objects.filter(convention=nouvelle, utilisateur=compte).first()) is not None:
        return deja
    connue = Personne.objects.filter(convention=ancienne, utilisateur=compte).first()
    personne = Personne(
        convention=nouvelle,
        utilisateur=compte,
        prenom=connue.prenom if connue else compte.prenom,
        nom=connue.nom if connue else compte.nom or compte.email,
        email=connue.email if connue else compte.email,
    )
    personne.full_clean()
    personne.save()
    for tenue in connue.fonctions.filter(date_fin=None).order_by("pk") if connue else ():
        Fonction(
            personne=personne,
            intitule=tenue.intitule,
            organisme=tenue.organisme,
            service=tenue.service,
            date_effet=tenue.date_effet,
        ).save()
    return personne


def _perimetre(mandat: Mandat, nouvelle: Convention) -> set[int] | None:
    """What its scope names in the new convention; None where its role has no scope."""
    sorte = perimetre_du_role(mandat.role)
    if sorte is None:
        return None
    modele = sorte.modele._meta.get_field(sorte.champ).related_model
    nommes = sorte.modele.objects.filter(mandat=mandat).values_list(sorte.champ, flat=True)
    if not issubclass(modele, Repris):
        return set(nommes)  # a quartier is of the territoire, not of a convention
    return set(
        modele.objects.filter(convention=nouvelle, predecesseur__in=nommes).values_list("pk", flat=True)
    )
