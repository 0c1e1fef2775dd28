"""Addresses of the committees, under /<convention>/gouvernance/."""

from django.urls import path

from gouvernance.views import (
    calendrier,
    compte_rendu,
    coordination,
    decisions,
    envois,
    instances,
    mandats,
    points,
    reunions,
    seance,
    suivi,
)

app_name = "gouvernance"
urlpatterns = [
    path("", instances.GouvernanceView.as_view(), name="index"),
    path("instances/<slug:slug>/", instances.InstanceView.as_view(), name="instance"),
    path(
        "instances/<slug:slug>/historique/",
        instances.InstanceHistoriqueView.as_view(),
        name="instance_historique",
    ),
    path("sieges/<int:pk>/personne/", mandats.MandatAjoutView.as_view(), name="mandat_ajouter"),
    path("mandats/<int:pk>/modifier/", mandats.MandatEditView.as_view(), name="mandat_modifier"),
    path("mandats/<int:pk>/remplacer/", mandats.MandatRemplacementView.as_view(), name="mandat_remplacer"),
    path("mandats/<int:pk>/retirer/", mandats.MandatRetraitView.as_view(), name="mandat_supprimer"),
    path("reunions/ajouter/", reunions.ReunionAjoutView.as_view(), name="reunion_ajouter"),
    path("reunions/<int:pk>/", reunions.ReunionView.as_view(), name="reunion"),
    path("reunions/<int:pk>/modifier/", reunions.ReunionEditView.as_view(), name="reunion_modifier"),
    path("reunions/<int:pk>/supprimer/", reunions.ReunionSuppressionView.as_view(), name="reunion_supprimer"),
    path("reunions/<int:pk>/historique/", reunions.HistoriqueView.as_view(), name="reunion_historique"),
    path("reunions/<int:pk>/decider/", decisions.DecisionAjoutView.as_view(), name="decision_ajouter"),
    path("calendrier/", calendrier.CalendrierView.as_view(), name="calendrier"),
    path("calendrier/ajouter/", calendrier.JalonAjoutView.as_view(), name="jalon_ajouter"),
    path("calendrier/<int:pk>/", calendrier.JalonView.as_view(), name="jalon"),
    path("calendrier/<int:pk>/modifier/", calendrier.JalonEditView.as_view(), name="jalon_modifier"),
    path("calendrier/<int:pk>/retirer/", calendrier.JalonRetraitView.as_view(), name="jalon_supprimer"),
    path("calendrier/annuelles/", calendrier.DatesAnnuellesView.as_view(), name="dates_annuelles"),
    path(
        "calendrier/annuelles/ajouter/",
        calendrier.DateAnnuelleAjoutView.as_view(),
        name="date_annuelle_ajouter",
    ),
    path(
        "calendrier/annuelles/<int:pk>/modifier/",
        calendrier.DateAnnuelleEditView.as_view(),
        name="date_annuelle_modifier",
    ),
    path(
        "calendrier/annuelles/<int:pk>/retirer/",
        calendrier.DateAnnuelleRetraitView.as_view(),
        name="date_annuelle_supprimer",
    ),
    path("coordination/", coordination.CoordinationView.as_view(), name="coordination"),
    path("postes/<int:pk>/modifier/", coordination.PosteEditView.as_view(), name="poste_modifier"),
    path(
        "postes/<int:pk>/financer/", coordination.FinancementAjoutView.as_view(), name="financement_ajouter"
    ),
    path(
        "financements/<int:pk>/modifier/",
        coordination.FinancementEditView.as_view(),
        name="financement_modifier",
    ),
    path(
        "financements/<int:pk>/retirer/",
        coordination.FinancementRetraitView.as_view(),
        name="financement_supprimer",
    ),
    path("reunions/<int:pk>/points/ajouter/", points.PointAjoutView.as_view(), name="point_ajouter"),
    path("points/<int:pk>/modifier/", points.PointEditView.as_view(), name="point_modifier"),
    path("points/<int:pk>/supprimer/", points.PointSuppressionView.as_view(), name="point_supprimer"),
    path("points/<int:pk>/deplacer/", points.PointDeplacementView.as_view(), name="point_deplacer"),
    path("reunions/<int:pk>/convoquer/", envois.ConvocationView.as_view(), name="convoquer"),
    path("envois/<int:pk>/relancer/", envois.RelanceView.as_view(), name="envoi_relancer"),
    path("reunions/<int:pk>/annuler/", envois.AnnulationView.as_view(), name="reunion_annuler"),
    path("reunions/<int:pk>/presences/", seance.PresencesView.as_view(), name="presences"),
    path("reunions/<int:pk>/conduite/", seance.ConduiteView.as_view(), name="conduite"),
    path("reunions/<int:pk>/compte-rendu/", compte_rendu.CompteRenduView.as_view(), name="compte_rendu"),
    path(
        "reunions/<int:pk>/compte-rendu/reprendre/",
        compte_rendu.RepriseView.as_view(),
        name="compte_rendu_reprendre",
    ),
    path(
        "reunions/<int:pk>/compte-rendu/<slug:action>/",
        compte_rendu.EtapeCompteRenduView.as_view(),
        name="compte_rendu_etape",
    ),
    path(
        "reunions/<int:pk>/documents/<slug:document>/",
        compte_rendu.DocumentView.as_view(),
        name="reunion_document",
    ),
    path("decisions/", decisions.DecisionListView.as_view(), name="decisions"),
    path("decisions/<int:pk>/", suivi.DecisionView.as_view(), name="decision"),
    path("decisions/<int:pk>/suivre/", suivi.SuiteAjoutView.as_view(), name="decision_suivre"),
    path("decisions/<int:pk>/axes/", suivi.LierAxeView.as_view(), name="decision_axe"),
    path("decisions/<int:pk>/modifier/", decisions.DecisionEditView.as_view(), name="decision_modifier"),
    path(
        "decisions/<int:pk>/supprimer/",
        decisions.DecisionSuppressionView.as_view(),
        name="decision_supprimer",
    ),
]
