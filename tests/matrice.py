"""The table of rights: each address, for whom it answers by each method, and what it is of."""

from django.urls import URLPattern, get_resolver, reverse

from ctg.models import Mandat
from tests.conftest import COMPTES_PAR_NOM
from tests.objets import OBJETS

TOUS = frozenset(COMPTES_PAR_NOM)
EQUIPE = TOUS - {"signataire", "copil", "lecteur"}
LISENT_LES_PERSONNES = EQUIPE | {"signataire"}
CHARGE = frozenset({"cooperation"})
ADMIN = frozenset({"admin"})
PARAMETRENT = frozenset({"cooperation", "admin"})
DONNENT_L_AVAL = frozenset({"caf", "signataire"})  # both are of the Caf
INVITENT = frozenset({"cooperation", "admin", "caf", "signataire"})
# Coordinators and référents of something else: what they may do elsewhere is not found here.
HORS_EQUIPE = TOUS - EQUIPE
AUTRES_AXES = frozenset({"enfance", "jeunesse", "avs"})
PE1 = frozenset({"cooperation", "petite-enfance"})
COMMENTENT = EQUIPE - {"admin"}
PLANIFIENT = CHARGE | {"quartier"}
SAISISSENT_PE1 = PE1 | {"referent"}
DEFINISSENT = CHARGE | {"petite-enfance", "enfance", "jeunesse", "avs"}
ONT_UNE_GRILLE = SAISISSENT_PE1 | AUTRES_AXES | {"quartier"}

C = {"convention": "dijon-2024"}
F = C | {"code": "PE-1"}
CAMPAGNE = C | {"annee": 2025, "pk": "campagne"}
A = C | {"annee": 2025}
V = A | {"version": 1}
PROJET = C | {"pk": "projet_avenant"}
R = C | {"rang": 1}
Q = C | {"pk": "question"}
S = C | {"code": "familles-monoparentales"}
TRAVAILLENT = EQUIPE - {"caf"}
LISENT_LA_PARTICIPATION = TOUS - {"lecteur"}


class Ligne:
    """`get` / `post`: who is answered, and how. Others: 404 for `ailleurs`, else 403."""

    def __init__(self, kwargs=None, *, get=TOUS, post=None, ailleurs=frozenset(), rend=200, rend_post=200):
        self.kwargs, self.get, self.post, self.ailleurs = kwargs or {}, get, post, ailleurs
        self.rend, self.rend_post = rend, rend_post

    def statut(self, method, nom):
        permis, rend = (self.get, self.rend) if method in {"get", "head"} else (self.post, self.rend_post)
        if permis is None or method not in {"get", "head", "post"}:
            return {403, 404, 405}  # refused, whoever asks
        if nom in permis:
            return {rend}
        return {404} if nom in self.ailleurs else {403}


TABLE = {
    "ctg:home": Ligne(rend=302),
    "ctg:aide": Ligne(),
    "ctg:aide_page": Ligne({"slug": "modifier-une-fiche"}),
    "ctg:styleguide": Ligne(),
    "ctg:accessibilite": Ligne(),
    "ctg:mentions": Ligne(),
    "ctg:healthz": Ligne(),
    "ctg:security_txt": Ligne(rend=404),  # nobody is named here: tests/attaques/test_entetes.py
    "ctg:invitation": Ligne({"jeton": "faux"}, rend=404, post=TOUS, rend_post=404),
    "ctg:ics": Ligne({"secret": "faux"}, rend=404),
    "mon_agenda": Ligne(post=TOUS),
    "ctg:charger_convention": Ligne(get=ADMIN, post=ADMIN),
    "ctg:charger_convention_apercu": Ligne(get=ADMIN, post=ADMIN, rend=302, rend_post=302),
    "ctg:modele_convention": Ligne(get=ADMIN),
    "ctg:exporter_convention": Ligne(C, get=PARAMETRENT),
    "evaluation:finale": Ligne(C),
    "evaluation:finale_pdf": Ligne(C, rend=404),
    "evaluation:finale_xlsx": Ligne(C, rend=404),
    "evaluation:finale_conclusion": Ligne(C, get=CHARGE, post=CHARGE, rend_post=302),
    "evaluation:finale_conclusion_axe": Ligne(C | {"pk": "axe"}, get=CHARGE, post=CHARGE, rend_post=302),
    "indicateurs:departs": Ligne(C, get=DEFINISSENT, post=DEFINISSENT, rend_post=302),
    "ctg:renouveler": Ligne(C, get=PARAMETRENT, post=PARAMETRENT),
    "ctg:renouveler_contenu": Ligne(C, get=PARAMETRENT, post=PARAMETRENT, rend=302, rend_post=302),
    "ctg:renouveler_apercu": Ligne(C, get=PARAMETRENT, post=PARAMETRENT, rend=302, rend_post=302),
    "ctg:reprise": Ligne(C, get=PARAMETRENT),
    "ctg:reprise_abandonner": Ligne(C, get=PARAMETRENT, post=PARAMETRENT, rend_post=302),
    "ctg:dashboard": Ligne(C),
    "ctg:recherche": Ligne(C),
    "ctg:vue_enregistrer": Ligne(C, get=None, post=TOUS, rend_post=302),
    "ctg:vue_supprimer": Ligne(C | {"pk": 999_999}, get=None, post=TOUS, rend_post=404),
    "ctg:documents": Ligne(C),
    "ctg:logo": Ligne(C, rend=404),
    "ctg:couleur": Ligne(C),
    "ctg:personnes": Ligne(C, get=LISENT_LES_PERSONNES),
    "ctg:personne_ajouter": Ligne(C, get=PARAMETRENT, post=PARAMETRENT),
    "ctg:personne": Ligne(C | {"pk": "personne"}, get=LISENT_LES_PERSONNES),
    "ctg:personne_modifier": Ligne(C | {"pk": "personne"}, get=PARAMETRENT, post=PARAMETRENT),
    "ctg:personne_inviter": Ligne(C | {"pk": "personne"}, get=None, post=INVITENT),
    "ctg:personne_relancer": Ligne(C | {"pk": "personne"}, get=None, post=INVITENT, rend_post=302),
    "ctg:mandat_fin": Ligne(
        C | {"pk": "personne", "mandat": "mandat"}, get=PARAMETRENT, post=PARAMETRENT, rend_post=302
    ),
    "ctg:commenter": Ligne(C | {"cible": "fiche", "pk": "fiche"}, get=COMMENTENT, post=COMMENTENT),
    "ctg:repondre": Ligne(C | {"pk": "fil"}, get=COMMENTENT, post=COMMENTENT),
    "ctg:resoudre": Ligne(C | {"pk": "fil"}, get=None, post=PE1, rend_post=302),
    "ctg:rouvrir": Ligne(C | {"pk": "fil"}, get=None, post=PE1, rend_post=302),
    "ctg:organismes_fusionner": Ligne(C, get=frozenset({"admin"}), post=frozenset({"admin"}), rend_post=302),
    "ctg:parametres": Ligne(C, get=PARAMETRENT, post=PARAMETRENT),
    "ctg:quartiers": Ligne(C),
    "ctg:contours": Ligne(C),
    "ctg:contours_importer": Ligne(C, get=PARAMETRENT, post=PARAMETRENT),
    "ctg:contour_retirer": Ligne(C | {"pk": "quartier"}, get=PARAMETRENT, post=PARAMETRENT, rend_post=302),
    "ctg:secteur_ajouter": Ligne(C | {"decoupage": "secteurs-pe"}, get=PARAMETRENT, post=PARAMETRENT),
    "ctg:secteur": Ligne(C | {"pk": "secteur"}, get=PARAMETRENT, post=PARAMETRENT),
    "ctg:secteur_supprimer": Ligne(C | {"pk": "secteur"}, get=PARAMETRENT, post=PARAMETRENT, rend_post=302),
    "fiches:arbre": Ligne(C),
    "fiches:arbre_compare": Ligne(C, rend=302),  # without a day to compare with
    "fiches:demarches": Ligne(C),
    "fiches:moyens": Ligne(C, get=EQUIPE),
    "fiches:list": Ligne(C),
    "fiches:couverture": Ligne(C),
    "fiches:detail": Ligne(F),
    "fiches:update": Ligne(F, get=PE1, post=PE1, ailleurs=AUTRES_AXES),
    "fiches:avenant": Ligne(F, get=CHARGE, post=CHARGE),
    "fiches:supprimer": Ligne(F, get=CHARGE, post=CHARGE),
    "fiches:historique": Ligne(F, get=EQUIPE),
    "fiches:restaurer": Ligne(F, get=None, post=PE1, ailleurs=AUTRES_AXES, rend_post=404),
    "structures:list": Ligne(C),
    "structures:detail": Ligne(C | {"pk": "structure"}),
    "structures:inscription": Ligne(C | {"pk": "structure"}, get=CHARGE, post=CHARGE),
    "structures:ajouter": Ligne(C, get=CHARGE, post=CHARGE),
    "structures:modifier": Ligne(C | {"pk": "structure"}, get=CHARGE, post=CHARGE),
    "structures:historique": Ligne(C | {"pk": "structure"}, get=EQUIPE),
    "structures:fusionner": Ligne(C | {"pk": "structure"}, get=CHARGE, post=CHARGE, rend_post=302),
    "structures:activites": Ligne(C, get=EQUIPE),
    "structures:activite": Ligne(C | {"pk": "structure", "annee": 2025}, get=CHARGE, post=CHARGE),
    "structures:carte": Ligne(C),
    "structures:placer": Ligne(C | {"pk": "structure"}, get=CHARGE, post=CHARGE),
    "structures:a_placer": Ligne(C, get=CHARGE),
    "structures:proposition": Ligne(C | {"pk": "proposition"}, get=None, post=CHARGE, rend_post=404),
    "structures:importer": Ligne(C, get=PARAMETRENT, post=PARAMETRENT),
    "structures:importer_colonnes": Ligne(C, get=PARAMETRENT, post=PARAMETRENT, rend=302, rend_post=302),
    "structures:importer_apercu": Ligne(C, get=PARAMETRENT, post=PARAMETRENT, rend=302, rend_post=302),
    "structures:importer_refus": Ligne(C, get=PARAMETRENT, rend=302),
    "structures:importer_modele": Ligne(C | {"extension": "ods"}, get=PARAMETRENT),
    "structures:importer_annuler": Ligne(
        C | {"pk": 999_999}, get=PARAMETRENT, post=PARAMETRENT, rend=404, rend_post=404
    ),
    "structures:import_activite:importer": Ligne(C, get=PARAMETRENT, post=PARAMETRENT),
    "structures:import_activite:importer_colonnes": Ligne(
        C, get=PARAMETRENT, post=PARAMETRENT, rend=302, rend_post=302
    ),
    "structures:import_activite:importer_apercu": Ligne(
        C, get=PARAMETRENT, post=PARAMETRENT, rend=302, rend_post=302
    ),
    "structures:import_activite:importer_refus": Ligne(C, get=PARAMETRENT, rend=302),
    "structures:import_activite:importer_modele": Ligne(C | {"extension": "ods"}, get=PARAMETRENT),
    "structures:import_activite:importer_annuler": Ligne(
        C | {"pk": 999_999}, get=PARAMETRENT, post=PARAMETRENT, rend=404, rend_post=404
    ),
    "structures:annexes": Ligne(C),
    "structures:annexes_document": Ligne(C | {"extension": "xlsx"}),
    "gouvernance:index": Ligne(C),
    "gouvernance:instance": Ligne(C | {"slug": "copil"}),
    "gouvernance:reunion_ajouter": Ligne(C, get=CHARGE, post=CHARGE),
    "gouvernance:reunion": Ligne(C | {"pk": "reunion"}),
    "gouvernance:reunion_modifier": Ligne(C | {"pk": "reunion"}, get=CHARGE, post=CHARGE),
    "gouvernance:reunion_supprimer": Ligne(C | {"pk": "reunion"}, get=CHARGE, post=CHARGE),
    "gouvernance:reunion_historique": Ligne(C | {"pk": "reunion"}, get=EQUIPE),
    "gouvernance:decision_ajouter": Ligne(C | {"pk": "reunion"}, get=CHARGE, post=CHARGE),
    "gouvernance:point_ajouter": Ligne(C | {"pk": "reunion"}, get=CHARGE, post=CHARGE),
    "gouvernance:point_modifier": Ligne(C | {"pk": "point"}, get=CHARGE, post=CHARGE),
    "gouvernance:point_supprimer": Ligne(C | {"pk": "point"}, get=CHARGE, post=CHARGE, rend_post=302),
    "gouvernance:point_deplacer": Ligne(C | {"pk": "point"}, get=None, post=CHARGE, rend_post=302),
    "gouvernance:convoquer": Ligne(C | {"pk": "reunion"}, get=CHARGE, post=CHARGE, rend=302),
    "gouvernance:envoi_relancer": Ligne(C | {"pk": 999_999}, get=None, post=CHARGE, rend_post=404),
    "gouvernance:reunion_annuler": Ligne(C | {"pk": "reunion"}, get=CHARGE, post=CHARGE),
    "gouvernance:presences": Ligne(C | {"pk": "reunion"}, get=CHARGE, post=CHARGE, rend_post=302),
    "gouvernance:conduite": Ligne(C | {"pk": "reunion"}, get=CHARGE, post=CHARGE, rend_post=302),
    "gouvernance:compte_rendu": Ligne(C | {"pk": "reunion"}, get=CHARGE, post=CHARGE),
    "gouvernance:compte_rendu_reprendre": Ligne(
        C | {"pk": "reunion"}, get=CHARGE, post=CHARGE, rend_post=302
    ),
    "gouvernance:compte_rendu_etape": Ligne(
        C | {"pk": "reunion", "action": "avaliser"},
        get=DONNENT_L_AVAL,
        post=DONNENT_L_AVAL,
        rend=302,
    ),
    "gouvernance:reunion_document": Ligne(C | {"pk": "reunion", "document": "convocation"}, get=EQUIPE),
    "gouvernance:decisions": Ligne(C),
    "gouvernance:decision": Ligne(C | {"pk": "decision"}),
    "gouvernance:decision_suivre": Ligne(C | {"pk": "decision"}, get=COMMENTENT, post=COMMENTENT),
    "gouvernance:decision_axe": Ligne(C | {"pk": "decision"}, get=None, post=CHARGE, rend_post=302),
    "gouvernance:instance_historique": Ligne(C | {"slug": "copil"}, get=EQUIPE),
    "gouvernance:mandat_ajouter": Ligne(C | {"pk": "siege"}, get=CHARGE, post=CHARGE),
    "gouvernance:mandat_modifier": Ligne(C | {"pk": "mandat_membre"}, get=CHARGE, post=CHARGE),
    "gouvernance:mandat_remplacer": Ligne(C | {"pk": "mandat_membre"}, get=CHARGE, post=CHARGE),
    "gouvernance:mandat_supprimer": Ligne(
        C | {"pk": "mandat_membre"}, get=CHARGE, post=CHARGE, rend_post=302
    ),
    "gouvernance:calendrier": Ligne(C),
    "gouvernance:jalon": Ligne(C | {"pk": "jalon"}),
    "gouvernance:jalon_ajouter": Ligne(C, get=PLANIFIENT, post=PLANIFIENT),
    # Of another quartier than the coordinateur territorial's.
    "gouvernance:jalon_modifier": Ligne(
        C | {"pk": "jalon"}, get=CHARGE, post=CHARGE, ailleurs=frozenset({"quartier"})
    ),
    "gouvernance:jalon_supprimer": Ligne(
        C | {"pk": "jalon"}, get=CHARGE, post=CHARGE, ailleurs=frozenset({"quartier"}), rend_post=302
    ),
    "gouvernance:dates_annuelles": Ligne(C),
    "gouvernance:date_annuelle_ajouter": Ligne(C, get=CHARGE, post=CHARGE),
    "gouvernance:date_annuelle_modifier": Ligne(C | {"pk": "date_annuelle"}, get=CHARGE, post=CHARGE),
    "gouvernance:date_annuelle_supprimer": Ligne(
        C | {"pk": "date_annuelle"}, get=CHARGE, post=CHARGE, rend_post=302
    ),
    "gouvernance:coordination": Ligne(C),
    "gouvernance:poste_modifier": Ligne(C | {"pk": "poste"}, get=CHARGE, post=CHARGE),
    "gouvernance:financement_ajouter": Ligne(C | {"pk": "poste"}, get=CHARGE, post=CHARGE),
    "gouvernance:financement_modifier": Ligne(C | {"pk": "financement"}, get=CHARGE, post=CHARGE),
    "gouvernance:financement_supprimer": Ligne(
        C | {"pk": "financement"}, get=CHARGE, post=CHARGE, rend_post=302
    ),
    "acteurs:matrice": Ligne(C),
    "gouvernance:decision_modifier": Ligne(C | {"pk": "decision"}, get=CHARGE, post=CHARGE),
    "gouvernance:decision_supprimer": Ligne(C | {"pk": "decision"}, get=CHARGE, post=CHARGE, rend_post=302),
    "evaluation:index": Ligne(C, get=EQUIPE, rend=302),
    "evaluation:annee": Ligne(C | {"annee": 2025}, get=EQUIPE),
    "evaluation:saisie": Ligne(F | {"annee": 2025}, get=SAISISSENT_PE1, post=SAISISSENT_PE1, rend_post=302),
    "evaluation:lier_decision": Ligne(F, get=None, post=CHARGE, rend_post=404),
    "evaluation:porter_bilan": Ligne(C | {"pk": "reunion"}, get=None, post=CHARGE, rend_post=302),
    "evaluation:lier_indicateur": Ligne(C | {"pk": "decision"}, get=None, post=CHARGE, rend_post=302),
    "evaluation:grille": Ligne(C | {"annee": 2026}, get=ONT_UNE_GRILLE, post=ONT_UNE_GRILLE, rend_post=302),
    "evaluation:grille_cellule": Ligne(C | {"annee": 2026}, get=None, post=ONT_UNE_GRILLE, rend_post=404),
    "evaluation:classeur": Ligne(C | {"annee": 2026}, get=ONT_UNE_GRILLE),
    "evaluation:classeur_deposer": Ligne(C | {"annee": 2026}, get=ONT_UNE_GRILLE, post=ONT_UNE_GRILLE),
    "evaluation:classeur_convention": Ligne(C, get=CHARGE),
    "evaluation:classeur_convention_deposer": Ligne(C, get=CHARGE, post=CHARGE),
    "evaluation:tableau": Ligne(C | {"annee": 2025}, get=EQUIPE),
    "evaluation:tableau_xlsx": Ligne(C | {"annee": 2025}, get=EQUIPE),
    "evaluation:tableau_ods": Ligne(C | {"annee": 2025}, get=EQUIPE),
    "evaluation:tableau_csv": Ligne(C | {"annee": 2025}, get=EQUIPE),
    "evaluation:fiche_pdf": Ligne(A | {"code": "PE-1"}, get=EQUIPE),
    "evaluation:carnet_pdf": Ligne(A, get=EQUIPE),
    "evaluation:coup_d_oeil_pdf": Ligne(A, get=EQUIPE),
    "evaluation:schema_pdf": Ligne(A, get=EQUIPE),
    "indicateurs:list": Ligne(C),
    "indicateurs:coller": Ligne(C, get=DEFINISSENT, post=DEFINISSENT),
    "indicateurs:ajouter": Ligne(F, get=PE1, post=PE1, ailleurs=AUTRES_AXES),
    "indicateurs:detail": Ligne(C | {"pk": "indicateur"}),
    "indicateurs:modifier": Ligne(C | {"pk": "indicateur"}, get=PE1, post=PE1, ailleurs=AUTRES_AXES),
    "indicateurs:registre": Ligne(C | {"pk": "indicateur"}, get=PE1, post=PE1, ailleurs=AUTRES_AXES),
    "indicateurs:copier": Ligne(C | {"pk": "indicateur"}, get=PE1, post=PE1, ailleurs=AUTRES_AXES),
    "indicateurs:deplacer": Ligne(
        C | {"pk": "indicateur"}, get=None, post=PE1, ailleurs=AUTRES_AXES, rend_post=302
    ),
    "indicateurs:remplacer": Ligne(C | {"pk": "indicateur"}, get=PE1, post=PE1, ailleurs=AUTRES_AXES),
    "indicateurs:supprimer": Ligne(C | {"pk": "indicateur"}, get=PE1, post=PE1, ailleurs=AUTRES_AXES),
    # A projet in preparation is read by the team; what became of it: tests/evaluation/avenants/test_pages_avenants.py.
    "avenants:list": Ligne(C),
    "avenants:preparer": Ligne(C, get=CHARGE, post=CHARGE),
    "avenants:detail": Ligne(PROJET, get=EQUIPE, ailleurs=TOUS),
    "avenants:pdf": Ligne(PROJET, get=EQUIPE, ailleurs=TOUS),
    "avenants:modifier": Ligne(PROJET, get=CHARGE, post=CHARGE),
    "avenants:choisir": Ligne(PROJET, get=CHARGE, rend=302),
    "avenants:ajouter": Ligne(PROJET | {"nature": "fiche_ajouter"}, get=CHARGE, post=CHARGE),
    "avenants:ajouter_a": Ligne(
        PROJET | {"nature": "fiche_modifier", "cible": 999_999},
        get=CHARGE,
        post=CHARGE,
        rend=404,
        rend_post=404,
    ),
    "avenants:ligne": Ligne(PROJET | {"ligne": 999_999}, get=CHARGE, post=CHARGE, rend=404, rend_post=404),
    "avenants:retirer": Ligne(PROJET | {"ligne": 999_999}, get=None, post=CHARGE, rend_post=404),
    "avenants:etape": Ligne(PROJET | {"action": "abandonner"}, get=CHARGE, post=CHARGE),
    "evaluation:campagne_preparer": Ligne(C | {"annee": 2027}, get=CHARGE, post=CHARGE),
    "evaluation:campagne_modifier": Ligne(CAMPAGNE, get=CHARGE, post=CHARGE, rend=302, rend_post=302),
    "evaluation:campagne_abandonner": Ligne(CAMPAGNE, get=CHARGE, post=CHARGE, rend=302, rend_post=302),
    "evaluation:campagne_ouvrir": Ligne(CAMPAGNE, get=CHARGE, post=CHARGE, rend=302, rend_post=302),
    "evaluation:campagne_relancer": Ligne(CAMPAGNE, get=CHARGE, post=CHARGE, rend_post=302),
    "evaluation:campagne_date": Ligne(CAMPAGNE, get=CHARGE, post=CHARGE),
    "evaluation:campagne_ajouter": Ligne(CAMPAGNE, get=CHARGE, post=CHARGE),
    "evaluation:campagne_clore": Ligne(CAMPAGNE, get=CHARGE, post=CHARGE, rend_post=302),
    "evaluation:campagne_corriger": Ligne(CAMPAGNE, get=CHARGE, post=CHARGE, rend=302, rend_post=302),
    # The entry of 2025 is « à saisir »: these say so and lead back to it.
    "evaluation:saisie_soumettre": Ligne(
        F | {"annee": 2025},
        get=SAISISSENT_PE1,
        post=SAISISSENT_PE1,
        rend=302,
        rend_post=302,
    ),
    "evaluation:saisie_valider": Ligne(F | {"annee": 2025}, get=PE1, post=PE1, rend=302, rend_post=200),
    "evaluation:saisie_renvoyer": Ligne(F | {"annee": 2025}, get=PE1, post=PE1, rend=302, rend_post=200),
    "evaluation:saisie_rouvrir": Ligne(F | {"annee": 2025}, get=CHARGE, post=CHARGE, rend=302),
    "evaluation:saisie_lever": Ligne(F | {"annee": 2025}, get=CHARGE, post=CHARGE, rend=302, rend_post=302),
    "evaluation:effets": Ligne(C, get=EQUIPE),
    "evaluation:effet_noter": Ligne(C, get=DEFINISSENT | {"referent"}, post=DEFINISSENT | {"referent"}),
    "evaluation:effets_historique": Ligne(C, get=EQUIPE),
    "evaluation:effet_modifier": Ligne(
        C | {"pk": "effet_pe1"}, get=SAISISSENT_PE1, post=SAISISSENT_PE1, ailleurs=AUTRES_AXES
    ),
    "evaluation:effet_retirer": Ligne(
        C | {"pk": "effet_pe1"}, get=SAISISSENT_PE1, post=SAISISSENT_PE1, ailleurs=AUTRES_AXES, rend_post=302
    ),
    "participation:list": Ligne(C, get=LISENT_LA_PARTICIPATION),
    "participation:ajouter": Ligne(C, get=ONT_UNE_GRILLE, post=ONT_UNE_GRILLE),
    "participation:detail": Ligne(C | {"pk": "participation"}, get=LISENT_LA_PARTICIPATION),
    "participation:historique": Ligne(C | {"pk": "participation"}, get=EQUIPE),
    # On PE-1, in the quartier of the coordinateur territorial.
    "participation:modifier": Ligne(
        C | {"pk": "participation"},
        get=SAISISSENT_PE1 | {"quartier"},
        post=SAISISSENT_PE1 | {"quartier"},
        ailleurs=AUTRES_AXES,
    ),
    "participation:retirer": Ligne(
        C | {"pk": "participation"},
        get=SAISISSENT_PE1 | {"quartier"},
        post=SAISISSENT_PE1 | {"quartier"},
        ailleurs=AUTRES_AXES,
        rend_post=302,
    ),
    "mi_parcours:index": Ligne(C, get=LISENT_LA_PARTICIPATION),
    "mi_parcours:ouvrir": Ligne(C, get=None, post=CHARGE, rend_post=302),
    # No review is open here: tests/evaluation/test_mi_parcours_droits.py walks every state of one.
    "mi_parcours:revue": Ligne(R, get=LISENT_LA_PARTICIPATION, rend=404),
    "mi_parcours:pdf": Ligne(R, get=LISENT_LA_PARTICIPATION, rend=404),
    "mi_parcours:historique": Ligne(R, get=TRAVAILLENT, rend=404),
    "mi_parcours:introduction": Ligne(R, get=CHARGE, post=CHARGE, rend=404, rend_post=404),
    "mi_parcours:appreciation": Ligne(
        R | {"pk": 999_999}, get=DEFINISSENT, post=DEFINISSENT, rend=404, rend_post=404
    ),
    "mi_parcours:proposer": Ligne(R, get=DEFINISSENT, post=DEFINISSENT, rend=404, rend_post=404),
    "mi_parcours:proposition": Ligne(
        R | {"pk": 999_999}, get=DEFINISSENT, post=DEFINISSENT, rend=404, rend_post=404
    ),
    "mi_parcours:proposition_retirer": Ligne(
        R | {"pk": 999_999}, get=DEFINISSENT, post=DEFINISSENT, rend=404, rend_post=404
    ),
    "mi_parcours:trancher": Ligne(R | {"pk": 999_999}, get=CHARGE, post=CHARGE, rend=404, rend_post=404),
    "mi_parcours:presenter": Ligne(R, get=CHARGE, post=CHARGE, rend=404, rend_post=404),
    "mi_parcours:reprendre": Ligne(R, get=CHARGE, post=CHARGE, rend=404, rend_post=404),
    "mi_parcours:avenant": Ligne(R, get=CHARGE, post=CHARGE, rend=404, rend_post=404),
    "mi_parcours:terminer": Ligne(R, get=CHARGE, post=CHARGE, rend=404, rend_post=404),
    "evaluation:effet_ajouter": Ligne(F | {"annee": 2025}, get=SAISISSENT_PE1, post=SAISISSENT_PE1),
    "evaluation:effet": Ligne(F | {"annee": 2025, "pk": "effet"}, get=SAISISSENT_PE1, post=SAISISSENT_PE1),
    "evaluation:fabrication": Ligne(C | {"cle": "inconnue"}, rend=404),
    "evaluation:fabrication_etat": Ligne(C | {"cle": "inconnue"}, rend=404),
    "evaluation:fabrication_annuler": Ligne(C | {"cle": "inconnue"}, get=None, post=TOUS, rend_post=404),
    "evaluation:bilans": Ligne(C),
    # No bilan is frozen here: tests/evaluation/test_bilan_lecture.py walks every state of one.
    "evaluation:comparer": Ligne(C, rend=404),
    "evaluation:bilan": Ligne(A, get=TRAVAILLENT, ailleurs=TOUS),
    "evaluation:bilan_pdf": Ligne(A, get=TRAVAILLENT, ailleurs=TOUS),
    "evaluation:bilan_xlsx": Ligne(A, get=TRAVAILLENT, ailleurs=TOUS),
    "evaluation:bilan_json": Ligne(A, get=TRAVAILLENT, ailleurs=TOUS),
    "evaluation:bilan_figer": Ligne(A, get=CHARGE, post=CHARGE, rend=302, rend_post=302),
    "evaluation:bilan_controle": Ligne(A, post=TOUS),
    "evaluation:textes_publics": Ligne(A, get=CHARGE, post=CHARGE, rend=404, rend_post=404),
    "evaluation:bilan_version": Ligne(V, rend=404),
    "evaluation:bilan_corriger": Ligne(V, rend=404, post=TOUS, rend_post=404),
    "evaluation:bilan_etape": Ligne(V | {"action": "transmettre"}, rend=404, post=TOUS, rend_post=404),
    "evaluation:bilan_document": Ligne(V | {"sortie": "complet", "extension": "json"}, rend=404),
    # Nothing is put to approval here: tests/evaluation/protocole/ walks every state.
    "protocole:index": Ligne(C),
    "protocole:commencer": Ligne(C, get=None, post=CHARGE, rend_post=302),
    "protocole:version": Ligne(C | {"version": 9}, rend=404),
    "protocole:modifier": Ligne(C | {"version": 9}, get=CHARGE, post=CHARGE, rend=404, rend_post=404),
    "protocole:supprimer": Ligne(C | {"version": 9}, get=None, post=CHARGE, rend_post=404),
    "protocole:pdf": Ligne(C | {"version": 9}, rend=404),
    "protocole:etape": Ligne(C | {"version": 9, "action": "soumettre"}, rend=404, post=TOUS, rend_post=404),
    "protocole:questions": Ligne(C),
    "protocole:question_ajouter": Ligne(C, get=CHARGE, post=CHARGE),
    "protocole:question": Ligne(Q, get=EQUIPE, ailleurs=TOUS),
    "protocole:question_modifier": Ligne(Q, get=CHARGE, post=CHARGE),
    "protocole:question_methodes": Ligne(Q, get=CHARGE, post=CHARGE, rend=302),
    "protocole:question_supprimer": Ligne(Q, get=None, post=CHARGE, rend_post=302),
    "protocole:question_remplacer": Ligne(Q, get=None, post=CHARGE, rend_post=302),
    "protocole:question_communiquer": Ligne(Q, get=None, post=CHARGE, rend_post=302),
    "protocole:reponse": Ligne(Q, get=CHARGE, post=CHARGE, rend=302),
    "protocole:preuve_ajouter": Ligne(Q | {"nature": "verbatim"}, get=CHARGE, post=CHARGE, rend=302),
    "protocole:preuve": Ligne(Q | {"suite": 999_999}, get=CHARGE, post=CHARGE, rend=404, rend_post=404),
    "protocole:recommandation_ajouter": Ligne(Q, get=CHARGE, post=CHARGE, rend=302),
    "protocole:recommandation": Ligne(
        Q | {"suite": 999_999}, get=CHARGE, post=CHARGE, rend=404, rend_post=404
    ),
    "protocole:suite_action": Ligne(
        Q | {"sorte": "preuves", "suite": 999_999, "action": "retirer"}, get=None, post=CHARGE, rend_post=404
    ),
    "protocole:question_etape": Ligne(
        Q | {"action": "soumettre"}, get=CHARGE, post=CHARGE, rend=302, ailleurs=HORS_EQUIPE
    ),
    "veille:series": Ligne(C),
    "veille:serie": Ligne(S),
    "veille:serie_ajouter": Ligne(C, get=CHARGE, post=CHARGE),
    "veille:serie_modifier": Ligne(S, get=CHARGE, post=CHARGE),
    "veille:serie_supprimer": Ligne(S, get=CHARGE, post=CHARGE, rend_post=302),
    "veille:liens": Ligne(S, get=CHARGE, post=CHARGE, rend_post=302),
    "veille:seuil_ajouter": Ligne(S, get=CHARGE, post=CHARGE),
    "veille:seuil_retirer": Ligne(S | {"pk": "seuil"}, get=CHARGE, post=CHARGE, rend_post=302),
    "veille:modeles": Ligne(C, get=CHARGE, post=CHARGE, rend_post=404),
    "veille:territoires": Ligne(C, get=PARAMETRENT),
    "veille:territoire_ajouter": Ligne(C, get=CHARGE, post=CHARGE),
    "veille:territoire_modifier": Ligne(C | {"pk": "territoire_compare"}, get=CHARGE, post=CHARGE),
    "veille:territoire_retirer": Ligne(
        C | {"pk": "territoire_compare"}, get=CHARGE, post=CHARGE, rend_post=302
    ),
    "veille:nom_ajouter": Ligne(C, get=CHARGE, post=CHARGE),
    "veille:nom_retirer": Ligne(C | {"pk": "autre_nom"}, get=CHARGE, post=CHARGE, rend_post=302),
    "veille:notes": Ligne(C, get=EQUIPE),
    "veille:note_ajouter": Ligne(C, get=PLANIFIENT, post=PLANIFIENT),
    # Of another quartier than the coordinateur territorial's.
    "veille:note_modifier": Ligne(
        C | {"pk": "note"}, get=CHARGE, post=CHARGE, ailleurs=frozenset({"quartier"})
    ),
    "veille:note_retirer": Ligne(
        C | {"pk": "note"}, get=CHARGE, post=CHARGE, ailleurs=frozenset({"quartier"}), rend_post=302
    ),
    "veille:importer": Ligne(C, get=PARAMETRENT, post=PARAMETRENT),
    "veille:importer_colonnes": Ligne(C, get=PARAMETRENT, post=PARAMETRENT, rend=302, rend_post=302),
    "veille:importer_apercu": Ligne(C, get=PARAMETRENT, post=PARAMETRENT, rend=302, rend_post=302),
    "veille:importer_refus": Ligne(C, get=PARAMETRENT, rend=302),
    "veille:importer_modele": Ligne(C | {"extension": "ods"}, get=PARAMETRENT),
    "veille:importer_annuler": Ligne(
        C | {"pk": 999_999}, get=PARAMETRENT, post=PARAMETRENT, rend=404, rend_post=404
    ),
    "session_prolonger": Ligne(get=None, post=TOUS),
}
# One's own account: django-allauth's views, OpenID Connect; each is tested where it is.
COMPTE = ("account_", "mfa_", "usersessions_", "oidc_")
LOURD = {
    "avenants:pdf",
    "evaluation:bilan_pdf",
    "evaluation:bilan_xlsx",
    "evaluation:carnet_pdf",
    "evaluation:classeur_convention",
    "evaluation:coup_d_oeil_pdf",
    "evaluation:fiche_pdf",
    "evaluation:schema_pdf",
    "evaluation:tableau_csv",
    "evaluation:tableau_ods",
    "evaluation:tableau_xlsx",
}  # a second or more each: the accounts that are refused, and one of those that are answered
PUBLIQUES = {
    "ctg:ics",
    "ctg:accessibilite",
    "ctg:mentions",
    "ctg:healthz",
    "ctg:invitation",
    "ctg:security_txt",
}


def adresses(resolver=None, prefixe=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{prefixe}{pattern.name}"
        elif pattern.app_name != "admin":
            suite = f"{prefixe}{pattern.namespace}:" if pattern.namespace else prefixe
            yield from adresses(pattern, suite)


def url_de(nom, kwargs):
    """`pk` of the table names what the address is of."""
    reels = dict(kwargs)
    if reels.get("pk") in OBJETS:
        objet = OBJETS[reels["pk"]](reels)
        reels["pk"] = objet.pk
        if "mandat" in reels:
            reels["mandat"] = Mandat.objects.get(utilisateur=objet.utilisateur).pk
    return reverse(nom, kwargs=reels)
