"""Addresses of the pages that belong to no other app."""

from django.urls import path

from ctg.views import (
    agenda,
    chargement,
    commentaires,
    compte,
    listes,
    organismes,
    pages,
    parametres,
    personnes,
    quartiers,
    recherche,
    renouvellement,
    styleguide,
)

app_name = "ctg"
urlpatterns = [
    path("", pages.HomeView.as_view(), name="home"),
    path("aide/", pages.AideView.as_view(), name="aide"),
    path("aide/<slug:slug>/", pages.AideView.as_view(), name="aide_page"),
    path("styleguide/", styleguide.StyleguideView.as_view(), name="styleguide"),
    path("accessibilite/", pages.AccessibiliteView.as_view(), name="accessibilite"),
    path("mentions-legales/", pages.MentionsView.as_view(), name="mentions"),
    path("healthz", pages.healthz, name="healthz"),
    path(".well-known/security.txt", pages.security_txt, name="security_txt"),
    path("ics/<str:secret>/", agenda.AgendaIcsView.as_view(), name="ics"),
    path("conventions/charger/", chargement.DeposerConventionView.as_view(), name="charger_convention"),
    path(
        "conventions/charger/apercu/",
        chargement.ApercuConventionView.as_view(),
        name="charger_convention_apercu",
    ),
    path("conventions/modele.xlsx", chargement.ModeleConventionView.as_view(), name="modele_convention"),
    path(
        "<slug:convention>/convention.xlsx",
        chargement.ExporterConventionView.as_view(),
        name="exporter_convention",
    ),
    path("<slug:convention>/", pages.DashboardView.as_view(), name="dashboard"),
    path("compte/invitation/<str:jeton>/", compte.InvitationView.as_view(), name="invitation"),
    path("<slug:convention>/personnes/", personnes.PersonnesView.as_view(), name="personnes"),
    path(
        "<slug:convention>/personnes/ajouter/", personnes.PersonneEditView.as_view(), name="personne_ajouter"
    ),
    path("<slug:convention>/personnes/<int:pk>/", personnes.PersonneView.as_view(), name="personne"),
    path(
        "<slug:convention>/personnes/<int:pk>/modifier/",
        personnes.PersonneEditView.as_view(),
        name="personne_modifier",
    ),
    path(
        "<slug:convention>/personnes/<int:pk>/inviter/",
        personnes.InviterView.as_view(),
        name="personne_inviter",
    ),
    path(
        "<slug:convention>/personnes/<int:pk>/relancer/",
        personnes.RelancerView.as_view(),
        name="personne_relancer",
    ),
    path(
        "<slug:convention>/personnes/<int:pk>/mandats/<int:mandat>/fin/",
        personnes.FinMandatView.as_view(),
        name="mandat_fin",
    ),
    path(
        "<slug:convention>/commentaires/<slug:cible>/<int:pk>/",
        commentaires.CommenterView.as_view(),
        name="commenter",
    ),
    path(
        "<slug:convention>/commentaires/<int:pk>/repondre/",
        commentaires.RepondreView.as_view(),
        name="repondre",
    ),
    path(
        "<slug:convention>/commentaires/<int:pk>/resoudre/",
        commentaires.ResoudreView.as_view(),
        name="resoudre",
    ),
    path(
        "<slug:convention>/commentaires/<int:pk>/rouvrir/", commentaires.RouvrirView.as_view(), name="rouvrir"
    ),
    path(
        "<slug:convention>/organismes/fusionner/",
        organismes.FusionnerView.as_view(),
        name="organismes_fusionner",
    ),
    path("<slug:convention>/recherche/", recherche.RechercheView.as_view(), name="recherche"),
    path("<slug:convention>/vues/", listes.VueEnregistrerView.as_view(), name="vue_enregistrer"),
    path(
        "<slug:convention>/vues/<int:pk>/supprimer/", listes.VueSupprimerView.as_view(), name="vue_supprimer"
    ),
    path("<slug:convention>/quartiers/", quartiers.QuartiersView.as_view(), name="quartiers"),
    path("<slug:convention>/quartiers/contours.geojson", quartiers.ContoursView.as_view(), name="contours"),
    path(
        "<slug:convention>/quartiers/contours/",
        quartiers.ContoursImporterView.as_view(),
        name="contours_importer",
    ),
    path(
        "<slug:convention>/quartiers/<int:pk>/contour/retirer/",
        quartiers.ContourRetirerView.as_view(),
        name="contour_retirer",
    ),
    path(
        "<slug:convention>/quartiers/<slug:decoupage>/ajouter/",
        quartiers.SecteurView.as_view(),
        name="secteur_ajouter",
    ),
    path("<slug:convention>/quartiers/secteurs/<int:pk>/", quartiers.SecteurView.as_view(), name="secteur"),
    path(
        "<slug:convention>/quartiers/secteurs/<int:pk>/supprimer/",
        quartiers.SecteurSupprimerView.as_view(),
        name="secteur_supprimer",
    ),
    path("<slug:convention>/parametres/", parametres.ParametresView.as_view(), name="parametres"),
    path("<slug:convention>/renouveler/", renouvellement.RenouvelerView.as_view(), name="renouveler"),
    path(
        "<slug:convention>/renouveler/contenu/",
        renouvellement.ContenuView.as_view(),
        name="renouveler_contenu",
    ),
    path(
        "<slug:convention>/renouveler/apercu/", renouvellement.ApercuView.as_view(), name="renouveler_apercu"
    ),
    path("<slug:convention>/reprise/", renouvellement.RepriseView.as_view(), name="reprise"),
    path(
        "<slug:convention>/reprise/abandonner/",
        renouvellement.AbandonnerView.as_view(),
        name="reprise_abandonner",
    ),
    path("<slug:convention>/logo/", parametres.LogoView.as_view(), name="logo"),
    path("<slug:convention>/couleur.css", parametres.CouleurView.as_view(), name="couleur"),
    path("<slug:convention>/documents/", pages.DocumentsView.as_view(), name="documents"),
]
