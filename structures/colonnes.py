"""What the registry gives and takes in a table: one line a field, for the administration and for the pages alike."""

from ctg.imports.importable import ColonneImport

COLONNES = (
    ColonneImport("code", "Code", ("identifiant", "code structure")),
    ColonneImport(
        "nom", "Nom", ("structure", "nom de la structure", "équipement", "établissement", "dénomination")
    ),
    ColonneImport("type_structure", "Type", ("type", "type de structure", "nature")),
    ColonneImport("sous_type", "Catégorie", ("sous-type", "sous_type")),
    ColonneImport("adresse", "Adresse", ("rue", "voie", "adresse postale")),
    ColonneImport("code_postal", "Code postal", ("cp", "postal")),
    ColonneImport("commune", "Commune", ("ville", "localité")),
    ColonneImport("gestionnaire", "Gestionnaire", ("organisme gestionnaire", "organisme", "association")),
    ColonneImport("quartier", "Quartier", ("secteur",)),
    ColonneImport("qpv", "QPV (oui ou non)", ("qpv", "quartier prioritaire")),
    ColonneImport("nom_qpv", "Nom du QPV", ()),
    ColonneImport("capacite", "Capacité (places)", ("capacité", "places", "nombre de places", "nb places")),
    ColonneImport("age_min", "Âge minimal", ("âge min",)),
    ColonneImport("age_max", "Âge maximal", ("âge max",)),
    ColonneImport("siret", "SIRET", ("n° siret", "numéro siret")),
    ColonneImport("latitude", "Latitude", ("lat",)),
    ColonneImport("longitude", "Longitude", ("lon", "lng", "long")),
    ColonneImport("source_coordonnees", "Source des coordonnées", ()),
    ColonneImport("source", "Source", ()),
    ColonneImport("source_complements", "Source des compléments", ()),
    ColonneImport("mention", "Mention", ()),
    ColonneImport("a_verifier", "À vérifier", ()),
    ColonneImport("autres_graphies", "Autres graphies", ()),
)
