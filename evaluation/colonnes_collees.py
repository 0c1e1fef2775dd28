"""The words of a pasted block: names of its columns, choices, what a new indicator is where nothing is said."""

from evaluation.enums import (
    Agregation,
    NatureIndicateur,
    Periode,
    Periodicite,
    Sens,
    TypeIndicateur,
    Ventilation,
)

# Column as it is written → the same, normalised, in any of its names.
COLONNES = {
    "fiche": ("fiche", "code fiche", "fiche projet"),
    "code": ("code", "code indicateur", "indicateur"),
    "intitule": ("intitule", "libelle", "nom"),
    "definition": (
        "definition",
        "mode de calcul",
        "definition et mode de calcul",
        "definition et methode de calcul",
    ),
    "nature": ("nature",),
    "type_indicateur": ("type", "type indicateur", "type d indicateur"),
    "unite": ("unite",),
    "periodicite": ("periodicite",),
    "periode": ("periode", "periode couverte"),
    "sens": ("sens", "sens souhaite"),
    "valeur_depart": ("depart", "valeur de depart"),
    "date_depart": ("date de depart", "date depart", "date de la valeur de depart"),
    "borne_min": ("borne min", "minimum", "plus petite valeur plausible"),
    "borne_max": ("borne max", "maximum", "plus grande valeur plausible"),
    "producteur": ("source", "producteur", "source et producteur", "source et producteur de la donnee"),
    "responsable": ("saisi par", "responsable", "qui saisit"),
    "ventilation": ("detail", "detail demande", "ventilation"),
    "agregation": ("total", "agregation", "comment le total se fait"),
    "parts": ("parts", "modalites"),
    "motif": ("motif", "motif du changement"),
}
CHOIX = {
    "nature": NatureIndicateur,
    "type_indicateur": TypeIndicateur,
    "periodicite": Periodicite,
    "periode": Periode,
    "sens": Sens,
    "ventilation": Ventilation,
    "agregation": Agregation,
}
DEFAUTS = {
    "periodicite": "annuelle",
    "periode": "annee_civile",
    "sens": "hausse",
    "ventilation": "aucune",
    "agregation": "somme",
}
PAR_NOM = {nom: colonne for colonne, noms in COLONNES.items() for nom in noms}
