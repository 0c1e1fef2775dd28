"""Personal data of this app: the contacts of structures. Their names are texts, searched like every other one."""

from django.db.models import Q

from ctg.donnees_personnelles import Donnees, register
from ctg.noms import MARQUE
from structures.models import Contact


def _du_contact(sujet) -> Q:
    """Contacts that bear the name or the address of the person and of nobody else."""
    chercheur, _ = sujet.get_chercheur()
    if not chercheur:
        return Q(pk__in=[])
    nommes: dict[str, set[str]] = {"nom": set(), "courriel": set()}
    for lignes in (Contact.objects, Contact.historique):
        for champ, trouves in nommes.items():
            textes = lignes.filter(**{f"{champ}__regex": chercheur.large}).values_list(champ, flat=True)
            trouves.update(texte for texte in textes if chercheur.remplacer(texte) != texte)
    return Q(nom__in=nommes["nom"]) | Q(courriel__in=nommes["courriel"])


register(
    Donnees(
        "contacts de structures",
        Contact,
        frozenset({"telephone", "courriel"}),
        _du_contact,
        # The function stays. Two contacts of one structure may not say the same: the mark bears a number.
        valeurs=lambda sujet, ligne: {
            "nom": f"{MARQUE[:-1]} – {sujet}]",
            "telephone": "",
            "courriel": "",
        },
    )
)
