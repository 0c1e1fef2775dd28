"""Addresses of the evaluation, under /<convention>/evaluation/."""

from django.urls import path

from evaluation.views import annee, classeurs, decisions, grille, saisie

app_name = "evaluation"
urlpatterns = [
    path("", annee.IndexView.as_view(), name="index"),
    path("fiches/<slug:code>/decisions/", decisions.LierDecisionView.as_view(), name="lier_decision"),
    path("<int:annee>/", annee.AnneeView.as_view(), name="annee"),
    path("<int:annee>/saisie/", grille.GrilleView.as_view(), name="grille"),
    path("<int:annee>/saisie/cellule/", grille.CelluleView.as_view(), name="grille_cellule"),
    path("<int:annee>/saisie/classeur/", classeurs.ClasseurView.as_view(), name="classeur"),
    path("<int:annee>/saisie/classeur/deposer/", classeurs.DeposerView.as_view(), name="classeur_deposer"),
    path("<int:annee>/saisie/<slug:code>/", saisie.SaisieView.as_view(), name="saisie"),
    path("classeur/", classeurs.ClasseurConventionView.as_view(), name="classeur_convention"),
    path("classeur/deposer/", classeurs.DeposerConventionView.as_view(), name="classeur_convention_deposer"),
    path("<int:annee>/tableau/", annee.TableauView.as_view(), name="tableau"),
    path("<int:annee>/tableau/xlsx/", annee.DocumentView.as_view(extension="xlsx"), name="tableau_xlsx"),
    path("<int:annee>/bilan/pdf/", annee.DocumentView.as_view(extension="pdf"), name="bilan_pdf"),
    path("<int:annee>/bilan/xlsx/", annee.DocumentView.as_view(extension="xlsx"), name="bilan_xlsx"),
    path("<int:annee>/bilan/json/", annee.DocumentView.as_view(extension="json"), name="bilan_json"),
]
