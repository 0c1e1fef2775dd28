"""What is not known yet of a structure: said once, in one line."""

from structures.models import Structure

# Types that receive children on a number of places, within ages.
AVEC_PLACES = frozenset({"eaje", "mam", "alsh", "alsh-adolescents"})


def collect_manques(structure: Structure, *, contacts: bool) -> list[tuple[str, str]]:
    """[(field of the form, how it is called)]. `contacts`: whether there are some; needs `agrements` loaded."""
    vides = [
        ("adresse", "l’adresse", structure.adresse),
        ("gestionnaire", "le gestionnaire", structure.gestionnaire_id),
        ("quartier", "le quartier", structure.quartier_id),
        ("qpv", "la situation en QPV", structure.qpv),
        ("siret", "le SIRET", structure.siret),
    ]
    if structure.type_structure.code in AVEC_PLACES:
        vides += [
            ("capacite", "la capacité", structure.capacite is not None),
            ("age_min", "les âges", structure.age_min is not None or structure.age_max is not None),
        ]
    manques = [(champ, nom) for champ, nom, valeur in vides if not valeur]
    manques += [
        ("agrements", f"l’échéance de l’agrément {agrement}")
        for agrement in structure.agrements.all()
        if agrement.date_echeance is None
    ]
    return manques if contacts else [*manques, ("contacts", "un contact")]
