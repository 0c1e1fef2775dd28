"""Addresses of the evaluation, under /<convention>/evaluation/."""

from django.urls import path

from evaluation.views import (
    annee,
    bilans,
    campagne,
    classeurs,
    comparaison,
    decisions,
    documents_bilan,
    effets,
    effets_du_registre,
    etapes_bilan,
    etats,
    fabrications,
    finale,
    grille,
    points,
    saisie,
    textes_publics,
)

app_name = "evaluation"
urlpatterns = [
    path("", annee.IndexView.as_view(), name="index"),
    path("fiches/<slug:code>/decisions/", decisions.LierDecisionView.as_view(), name="lier_decision"),
    path("reunions/<int:pk>/bilans/", points.PorterBilanView.as_view(), name="porter_bilan"),
    path("decisions/<int:pk>/indicateurs/", decisions.LierIndicateurView.as_view(), name="lier_indicateur"),
    path("<int:annee>/", annee.AnneeView.as_view(), name="annee"),
    path("<int:annee>/saisie/", grille.GrilleView.as_view(), name="grille"),
    path("<int:annee>/saisie/cellule/", grille.CelluleView.as_view(), name="grille_cellule"),
    path("<int:annee>/saisie/classeur/", classeurs.ClasseurView.as_view(), name="classeur"),
    path("<int:annee>/saisie/classeur/deposer/", classeurs.DeposerView.as_view(), name="classeur_deposer"),
    path("<int:annee>/saisie/<slug:code>/", saisie.SaisieView.as_view(), name="saisie"),
    path("effets/", effets.EffetsView.as_view(), name="effets"),
    path("effets/noter/", effets_du_registre.EffetNoterView.as_view(), name="effet_noter"),
    path("effets/historique/", effets_du_registre.EffetsHistoriqueView.as_view(), name="effets_historique"),
    path("effets/<int:pk>/modifier/", effets_du_registre.EffetModifierView.as_view(), name="effet_modifier"),
    path("effets/<int:pk>/retirer/", effets_du_registre.EffetRetirerView.as_view(), name="effet_retirer"),
    path("classeur/", classeurs.ClasseurConventionView.as_view(), name="classeur_convention"),
    path("classeur/deposer/", classeurs.DeposerConventionView.as_view(), name="classeur_convention_deposer"),
    path("<int:annee>/tableau/", annee.TableauView.as_view(), name="tableau"),
    *(
        path(
            f"<int:annee>/tableau/{extension}/",
            annee.DocumentView.as_view(extension=extension),
            name=f"tableau_{extension}",
        )
        for extension in ("xlsx", "ods", "csv")
    ),
    path("<int:annee>/carnet/pdf/", annee.CarnetView.as_view(), name="carnet_pdf"),
    path("<int:annee>/coup-d-oeil/pdf/", annee.CoupDOeilView.as_view(), name="coup_d_oeil_pdf"),
    path("<int:annee>/schema-petite-enfance/pdf/", annee.SchemaView.as_view(), name="schema_pdf"),
    path("<int:annee>/fiches/<slug:code>/pdf/", annee.FichePdfView.as_view(), name="fiche_pdf"),
    path("documents/<slug:cle>/", fabrications.FabricationView.as_view(), name="fabrication"),
    path("documents/<slug:cle>/etat/", fabrications.EtatView.as_view(), name="fabrication_etat"),
    path("documents/<slug:cle>/annuler/", fabrications.AbandonView.as_view(), name="fabrication_annuler"),
    path("bilans/", bilans.BilansView.as_view(), name="bilans"),
    path("finale/", finale.FinaleView.as_view(), name="finale"),
    *(
        path(
            f"finale/{extension}/",
            finale.DocumentFinaleView.as_view(extension=extension),
            name=f"finale_{extension}",
        )
        for extension in finale.EXTENSIONS
    ),
    path("finale/conclusions/generale/", finale.ConclusionView.as_view(), name="finale_conclusion"),
    path("finale/conclusions/<int:pk>/", finale.ConclusionView.as_view(), name="finale_conclusion_axe"),
    path("comparer/", comparaison.ComparerView.as_view(), name="comparer"),
    path("<int:annee>/bilan/", bilans.BilanView.as_view(), name="bilan"),
    path(
        "<int:annee>/bilan/pdf/",
        documents_bilan.DernierDocumentView.as_view(extension="pdf"),
        name="bilan_pdf",
    ),
    path(
        "<int:annee>/bilan/xlsx/",
        documents_bilan.DernierDocumentView.as_view(extension="xlsx"),
        name="bilan_xlsx",
    ),
    path(
        "<int:annee>/bilan/json/",
        documents_bilan.DernierDocumentView.as_view(extension="json"),
        name="bilan_json",
    ),
    path("<int:annee>/bilan/figer/", bilans.FigerView.as_view(), name="bilan_figer"),
    path("<int:annee>/bilan/controle/", documents_bilan.ControleView.as_view(), name="bilan_controle"),
    path(
        "<int:annee>/bilan/textes-publics/", textes_publics.TextesPublicsView.as_view(), name="textes_publics"
    ),
    path("<int:annee>/bilan/v<int:version>/", bilans.VersionView.as_view(), name="bilan_version"),
    path(
        "<int:annee>/bilan/v<int:version>/corriger/",
        etapes_bilan.CorrigerView.as_view(),
        name="bilan_corriger",
    ),
    path(
        "<int:annee>/bilan/v<int:version>/<slug:action>/",
        etapes_bilan.EtapeView.as_view(),
        name="bilan_etape",
    ),
    path(
        "<int:annee>/bilan/v<int:version>/<slug:sortie>/<slug:extension>/",
        documents_bilan.DocumentBilanView.as_view(),
        name="bilan_document",
    ),
    # campaign, and what one does to an entry
    path("<int:annee>/campagne/preparer/", campagne.PreparerView.as_view(), name="campagne_preparer"),
    *(
        path(
            f"<int:annee>/campagne/<int:pk>/{nom}/",
            getattr(campagne, f"{nom.capitalize()}View").as_view(),
            name=f"campagne_{nom}",
        )
        for nom in ("modifier", "abandonner", "ouvrir", "relancer", "date", "ajouter", "clore", "corriger")
    ),
    *(
        path(
            f"<int:annee>/saisie/<slug:code>/{nom}/",
            getattr(etats, f"{nom.capitalize()}View").as_view(),
            name=f"saisie_{nom}",
        )
        for nom in ("soumettre", "valider", "renvoyer", "rouvrir", "lever")
    ),
    path("<int:annee>/saisie/<slug:code>/effets/ajouter/", effets.EffetView.as_view(), name="effet_ajouter"),
    path("<int:annee>/saisie/<slug:code>/effets/<int:pk>/", effets.EffetView.as_view(), name="effet"),
]
