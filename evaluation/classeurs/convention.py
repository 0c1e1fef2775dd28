"""« Classeur de la convention »: the fiches and the definitions of indicators, to fill offline and send back."""

from django.utils import timezone
from openpyxl import Workbook

from ctg.models import Convention, Organisme, Service
from ctg.nombres import ecrire_nombre
from ctg.renderers import nettoyer, save_workbook
from evaluation.classeurs.comparaison import MAX_CELLULE
from evaluation.classeurs.feuilles import (
    Colonne,
    Rang,
    ecrire_feuille,
    ecrire_lisez_moi,
    empreinte,
    liste,
    nombre_pose,
    signer,
)
from evaluation.classeurs.listes import ecrire_listes
from evaluation.classeurs.parties import OUI, PARTIES, rangs_de_la_feuille
from evaluation.colonnes_collees import CHOIX
from evaluation.models import Indicateur
from fiches.enums import NatureMoyen, Participation, Priorite, RoleImplication, StatutFiche
from fiches.models import FicheProjet
from structures.models import Structure

NATURE = "convention"
FICHES, INDICATEURS = "Fiches", "Indicateurs"
NOUVELLES = 60  # empty rows, for new indicators
RUBRIQUES = (
    "constat",
    "objectif_general",
    "description",
    "publics",
    "territoire",
    "participation_detail",
    "resultats_attendus",
)
COLONNES_FICHES = (
    Colonne("code", "Fiche", 9, est_lue=False),
    Colonne("axe", "Axe", 24, est_lue=False),
    Colonne("intitule", "Intitulé", 40),
    Colonne("pilote", "Pilote", 24),
    Colonne("service_pilote", "Service pilote", 24),
    Colonne("statut", "Statut", 14),
    Colonne("priorite", "Priorité", 12),
    Colonne("constat", "Constat", 50),
    Colonne("objectif_general", "Objectif général", 50),
    Colonne("description", "Description", 50),
    Colonne("publics", "Publics", 30),
    Colonne("territoire", "Territoire concerné", 30),
    Colonne("quartiers", "Quartiers (séparés par « ; »)", 30),
    Colonne("participation", "Participation des habitants", 18),
    Colonne("participation_detail", "Modalités de participation", 40),
    Colonne("resultats_attendus", "Résultats attendus", 50),
    Colonne("source_complements", "Source des compléments", 30),
    Colonne("source_contrat", "Source (de ce qui complète le texte signé)", 30),
    Colonne("rectification", "Rectification (motif)", 30),
)
# What is written in these is said of the change, and is not kept as a value.
DITS = frozenset({"source_contrat", "rectification", "motif"})
CHOIX_FICHES = {"statut": StatutFiche, "priorite": Priorite, "participation": Participation}
NOMBRES = frozenset({"valeur_depart", "borne_min", "borne_max"})


def colonnes_indicateurs(convention: Convention) -> tuple[Colonne, ...]:
    return (
        Colonne("fiche", "Fiche", 9),
        Colonne("code", "Code", 11),
        Colonne("intitule", "Intitulé", 40),
        Colonne("definition", "Définition", 50),
        Colonne("nature", "Nature", 15),
        Colonne("type_indicateur", "Type", 13),
        Colonne("unite", "Unité", 12),
        Colonne("periodicite", "Périodicité", 15),
        Colonne("periode", "Période", 18),
        Colonne("sens", "Sens", 15),
        Colonne("valeur_depart", "Départ", 11),
        Colonne("date_depart", "Date de départ", 13),
        Colonne("borne_min", "Minimum", 11),
        Colonne("borne_max", "Maximum", 11),
        Colonne("producteur", "Source", 24),
        Colonne("responsable", "Saisi par", 22),
        Colonne("ventilation", "Détail", 15),
        Colonne("parts", "Parts", 30),
        Colonne("agregation", "Total", 15),
        *(Colonne(f"cible_{annee}", f"Cible {annee}", 11) for annee in convention.annees),
        Colonne("motif", "Motif", 30),
    )


def fiches_en_vigueur(convention: Convention):
    return FicheProjet.objects.filter(convention=convention).en_vigueur(au=timezone.localdate())


def fiches_du_classeur(convention: Convention) -> dict[str, FicheProjet]:
    """{key of the row: fiche in force}."""
    fiches = fiches_en_vigueur(convention).for_list()
    related = fiches.select_related("convention__territoire", "pilote", "service_pilote", "axe")
    return {f"f{fiche.pk}": fiche for fiche in related.prefetch_related("quartiers", "axes")}


def indicateurs_du_classeur(convention: Convention) -> dict[str, Indicateur]:
    indicateurs = (
        Indicateur.objects.filter(fiche__in=fiches_en_vigueur(convention))
        .en_vigueur(au=timezone.localdate())
        .select_related("fiche", "responsable")
        .prefetch_related("cibles", "modalites")
        .order_by("fiche__axe__ordre", "fiche__numero", "fiche", "ordre", "pk")
    )
    return {f"d{indicateur.pk}": indicateur for indicateur in indicateurs}


def textes_de_fiche(fiche: FicheProjet) -> dict[str, str]:
    """What each cell shows, as one would type it."""
    textes = {nom: getattr(fiche, nom) for nom in ("intitule", "source_complements", *RUBRIQUES)}
    textes |= {nom: getattr(fiche, f"get_{nom}_display")() for nom in CHOIX_FICHES}
    return textes | {
        "code": fiche.code,
        "axe": str(fiche.axe),
        "pilote": fiche.pilote.nom if fiche.pilote else "",
        "service_pilote": fiche.service_pilote.nom if fiche.service_pilote else "",
        "quartiers": " ; ".join(sorted(quartier.nom for quartier in fiche.quartiers.all())),
    }


def textes_d_indicateur(indicateur: Indicateur) -> dict[str, str]:
    textes = {
        nom: getattr(indicateur, nom) for nom in ("code", "intitule", "definition", "unite", "producteur")
    }
    textes |= {nom: getattr(indicateur, f"get_{nom}_display")() for nom in CHOIX}
    textes |= {nom: ecrire_nombre(getattr(indicateur, nom)) for nom in NOMBRES}
    textes |= {f"cible_{cible.annee}": ecrire_nombre(cible.valeur) for cible in indicateur.cibles.all()}
    parts = sorted(indicateur.modalites.all(), key=lambda part: (part.ordre, part.pk))
    return textes | {
        "fiche": indicateur.fiche.code,
        "date_depart": f"{indicateur.date_depart:%d/%m/%Y}" if indicateur.date_depart else "",
        "responsable": str(indicateur.responsable) if indicateur.responsable else "",
        "parts": " ; ".join(part.libelle for part in parts),
    }


def comparees(colonnes: tuple[Colonne, ...]) -> list[str]:
    """The columns that have a fingerprint, in order."""
    return [colonne.nom for colonne in colonnes if colonne.est_lue and colonne.nom not in DITS]


def _listes(convention: Convention) -> dict[str, list[str]]:
    """The names that cells choose from."""
    organismes = Organisme.objects.order_by("nom").values_list("nom", flat=True)
    signataires = convention.signataires.select_related("organisme").order_by("ordre", "pk")
    structures = Structure.objects.of_convention(convention).order_by("nom")
    return {
        "fiche": [fiche.code for fiche in fiches_en_vigueur(convention).for_list()],
        "organisme": list(organismes),
        "service": list(Service.objects.order_by("nom").values_list("nom", flat=True)),
        "structure": list(structures.values_list("nom", flat=True)),
        "signataire": [str(signataire) for signataire in signataires],
        "nature": list(liste(NatureMoyen)),
    }


def _regles_des_parties(convention: Convention, listes: dict[str, str]) -> dict[str, dict]:
    """{sheet: {column: rule}}."""
    montants = dict.fromkeys(("prevu", "accorde", "realise"), "nombre")
    annees = tuple(map(str, convention.annees))
    regles = {
        "Étapes": {"echeance": "date", "is_faite": OUI},
        "Moyens": montants | ({"annee": annees} if annees else {}),
        "Acteurs": {"role": liste(RoleImplication)},
    }
    return {titre: {"supprimer": OUI} | listes | propres for titre, propres in regles.items()}


def _rang_de_fiche(cle: str, fiche: FicheProjet, listes: dict[str, str]) -> Rang:
    textes = textes_de_fiche(fiche)
    compares = comparees(COLONNES_FICHES)
    ouverts = {nom for nom in compares if len(textes[nom]) <= MAX_CELLULE}
    return Rang(
        cle=cle,
        empreintes=[empreinte(textes[nom]) for nom in compares],
        valeurs=textes,
        ouverts=frozenset(ouverts | (DITS - {"motif"})),
        regles={nom: liste(enum) for nom, enum in CHOIX_FICHES.items()}
        | {
            nom: listes[de]
            for nom, de in (("pilote", "organisme"), ("service_pilote", "service"))
            if de in listes
        },
    )


def _regles_d_indicateur(convention: Convention) -> dict:
    regles = {nom: liste(enum) for nom, enum in CHOIX.items()}
    nombres = [*NOMBRES, *(f"cible_{annee}" for annee in convention.annees)]
    return regles | {"date_depart": "date"} | dict.fromkeys(nombres, "nombre")


def _rang_d_indicateur(cle: str, indicateur: Indicateur, compares: list[str], regles: dict) -> Rang:
    textes = textes_d_indicateur(indicateur)
    valeurs = textes | {nom: nombre_pose(getattr(indicateur, nom)) for nom in NOMBRES}
    valeurs |= {f"cible_{cible.annee}": nombre_pose(cible.valeur) for cible in indicateur.cibles.all()}
    return Rang(
        cle=cle,
        empreintes=[empreinte(textes.get(nom, "")) for nom in compares],
        valeurs=valeurs | {"date_depart": indicateur.date_depart},
        ouverts=frozenset({*compares, "motif"} - {"fiche", "code"}),
        regles=regles,
    )


def ecrire_classeur_convention(convention: Convention) -> bytes:
    workbook, titre = Workbook(), f"Classeur de la convention – {convention}"
    aide = (
        "Remplissez les cellules claires, puis déposez ce fichier sur la page « Classeur de la convention »."
    )
    signature = signer(NATURE, convention.pk)
    sheet = workbook.active
    sheet.title = FICHES
    listes = ecrire_listes(workbook, _listes(convention))
    du_classeur = fiches_du_classeur(convention)
    fiches = [_rang_de_fiche(cle, fiche, listes) for cle, fiche in du_classeur.items()]
    ecrire_feuille(sheet, titre, aide, signature, COLONNES_FICHES, fiches)
    regles_des_parties = _regles_des_parties(convention, listes)
    for nom, feuille in PARTIES.items():
        rangs = rangs_de_la_feuille(feuille, du_classeur.values(), regles_des_parties[nom])
        ecrire_feuille(workbook.create_sheet(nom), titre, aide, signature, feuille.colonnes, rangs)
    colonnes, regles = colonnes_indicateurs(convention), _regles_d_indicateur(convention)
    compares = comparees(colonnes)
    indicateurs = [
        _rang_d_indicateur(cle, indicateur, compares, regles)
        for cle, indicateur in indicateurs_du_classeur(convention).items()
    ]
    nouveaux = [Rang(ouverts=frozenset({*compares, "motif"}), regles=regles) for _ in range(NOUVELLES)]
    ecrire_feuille(
        workbook.create_sheet(INDICATEURS), titre, aide, signature, colonnes, [*indicateurs, *nouveaux]
    )
    ecrire_lisez_moi(workbook.create_sheet("Lisez-moi"), (titre, *LISEZ_MOI))
    workbook.properties.title = nettoyer(titre)
    workbook.properties.creator = "Pilotage CTG"
    workbook.properties.language = "fr-FR"
    return save_workbook(workbook)


LISEZ_MOI = (
    "Ce classeur contient les fiches projet en vigueur, avec leurs rubriques, et les définitions de leurs indicateurs.",
    (
        f"Feuille « {FICHES} » : une ligne par fiche. L’intitulé, le pilote et le service pilote viennent du texte signé : "
        "pour compléter une cellule vide, dites d’où vient le texte dans « Source » ; pour corriger une erreur de copie, "
        "écrivez le motif dans « Rectification ». Si le texte a changé, passez par un avenant, dans l’application."
    ),
    (
        f"Feuille « {INDICATEURS} » : une ligne par indicateur, avec ses cibles. Les lignes vides, à la fin, servent à "
        "en définir de nouveaux : la fiche et le code sont alors à écrire."
    ),
    "Ce qui est verrouillé parce qu’une valeur a été soumise se change avec un « Motif », gardé dans l’historique.",
    (
        "Feuilles « Étapes », « Moyens » et « Acteurs » : une ligne chacun. Les lignes vides, à la fin, servent à en ajouter : "
        "la fiche est alors à écrire. Pour supprimer une ligne, écrivez « oui » dans « Supprimer » ; l’effacer du classeur ne "
        "supprime rien. Un montant prévu vient du texte signé : sa source, ou le motif de sa rectification, va à côté."
    ),
    "Les notes internes et les référents d’une fiche se modifient dans l’application.",
    "Seules les cellules claires se modifient. Une cellule que vous videz est vidée dans l’application.",
    "Écrivez des valeurs, pas des formules : une cellule qui contient une formule est refusée.",
    (
        "Déposez ensuite ce fichier, au format XLSX. Un aperçu montre ce qui changerait ; rien n’est écrit avant que vous "
        "confirmiez, et tout est écrit, ou rien."
    ),
    "Si quelqu’un a changé une cellule depuis le téléchargement, l’aperçu montre les deux textes et vous choisissez.",
    "Ne déplacez pas les colonnes et ne modifiez pas celles qui sont masquées.",
)
