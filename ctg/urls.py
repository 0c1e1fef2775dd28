"""include() only. Everything of a convention stands under its slug; reserved words cannot be slugs."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("compte/", include("ctg.adresses_compte")),
    path("", include("ctg.adresses")),
    path("<slug:convention>/structures/", include("structures.urls")),
    path("<slug:convention>/gouvernance/", include("gouvernance.urls")),
    path("<slug:convention>/acteurs/", include("gouvernance.urls_acteurs")),
    path("<slug:convention>/evaluation/", include("evaluation.urls")),
    path("<slug:convention>/indicateurs/", include("evaluation.urls_indicateurs")),
    path("<slug:convention>/avenants/", include("evaluation.avenants.urls")),
    path("<slug:convention>/participation/", include("evaluation.participation.urls")),
    path("<slug:convention>/mi-parcours/", include("evaluation.mi_parcours.urls")),
    path("<slug:convention>/protocole/", include("evaluation.protocole.urls")),
    path("<slug:convention>/veille/", include("evaluation.veille.urls")),
    path("<slug:convention>/", include("fiches.urls")),
]

handler400, handler403 = "ctg.views.erreurs.illisible", "ctg.views.erreurs.refusee"
handler404, handler500 = "ctg.views.erreurs.introuvable", "ctg.views.erreurs.en_panne"
