"""The end of each closed year of the demonstration: frozen, debated, avalised, concluded, published."""

import datetime

from ctg.models import DONNEES_DEMONSTRATION, Convention, Utilisateur
from evaluation.enums import ChampPublic
from evaluation.figement import figer
from evaluation.models import Avancement, Bilan
from evaluation.publication import publier
from evaluation.textes_publics import approuver
from evaluation.transitions_bilan import appliquer_bilan
from gouvernance.enums import TypeInstance
from gouvernance.models import Reunion

# year: (frozen, debate, sent, aval, COPIL, published).
JOURS = {
    2024: tuple(
        datetime.date(2025, mois, jour) for mois, jour in ((3, 3), (3, 18), (3, 21), (4, 2), (4, 15), (4, 22))
    ),
    2025: tuple(
        datetime.date(2026, mois, jour) for mois, jour in ((3, 2), (3, 10), (3, 12), (3, 20), (3, 26), (4, 2))
    ),
}
CODES_PUBLICS = ("PE-1", "ENF-1", "JEU-1", "AVS-1")


def publier_annee(
    convention: Convention, annee: int, *, charge: Utilisateur, caf: Utilisateur, moments
) -> Bilan:
    """`moments`: the six instants of the steps, in their order."""
    fige, debattu, transmis, avalise, conclu, publie = moments
    bilan = figer(convention, annee, user=charge, now=fige)
    demarche = (
        ("ouvrir-debat", charge, fige, None),
        ("consigner", charge, debattu, _debat(annee, debattu)),
        ("clore-debat", charge, debattu, None),
        ("transmettre", charge, transmis, None),
        ("avaliser", caf, avalise, {"empreinte": bilan.empreinte}),
        ("soumettre", charge, avalise, None),
        ("conclure", charge, conclu, _conclusion(convention, conclu)),
    )
    for action, qui, quand, donnees in demarche:
        appliquer_bilan(action, bilan.pk, user=qui, now=quand, donnees=donnees)
    _approuver_textes(convention, annee, user=charge, now=conclu)
    return publier(bilan.pk, user=charge, now=publie)


def _debat(annee: int, quand: datetime.datetime) -> dict:
    return {
        "intitule": f"Séminaire annuel {annee + 1}",
        "date": quand.date(),
        "remarques": f"Les chiffres sont partagés ; les participants demandent de les lire par quartier. {DONNEES_DEMONSTRATION}",
    }


def _conclusion(convention: Convention, quand: datetime.datetime) -> dict:
    """At the meeting of the COPIL of that day, where the demonstration has one."""
    return {
        "reunion": Reunion.objects.filter(
            convention=convention,
            date=quand.date(),
            instance_gouvernance__type_instance=TypeInstance.COPIL,
        ).first(),
        "date": quand.date(),
        "texte": f"Le COPIL prend acte du bilan et en approuve la publication. {DONNEES_DEMONSTRATION}",
    }


def _approuver_textes(convention: Convention, annee: int, *, user, now: datetime.datetime) -> None:
    """The text of the year is taken as it is, for a few fiches: the others have none for the public."""
    avancements = Avancement.objects.filter(
        fiche__convention=convention, fiche__code__in=CODES_PUBLICS, annee=annee
    ).exclude(realisations="")
    for avancement in avancements.select_related("fiche").order_by("fiche__code"):
        approuver(
            convention=convention,
            fiche=avancement.fiche,
            annee=annee,
            champ=ChampPublic.REALISATIONS,
            texte=avancement.realisations,
            user=user,
            now=now,
        )
