"""Addresses of the protocole and of the questions évaluatives, under /<convention>/protocole/."""

from django.urls import path

from evaluation.views import approbations, protocole, questions, suites_question

app_name = "protocole"
urlpatterns = [
    path("", protocole.IndexView.as_view(), name="index"),
    path("commencer/", protocole.CommencerView.as_view(), name="commencer"),
    path("v<int:version>/", protocole.VersionView.as_view(), name="version"),
    path("v<int:version>/modifier/", protocole.ModifierView.as_view(), name="modifier"),
    path("v<int:version>/supprimer/", protocole.SupprimerView.as_view(), name="supprimer"),
    path("v<int:version>/pdf/", protocole.PdfView.as_view(), name="pdf"),
    path("v<int:version>/<slug:action>/", approbations.EtapeProtocoleView.as_view(), name="etape"),
    path("questions/", questions.QuestionsView.as_view(), name="questions"),
    path("questions/ajouter/", questions.AjouterView.as_view(), name="question_ajouter"),
    path("questions/<int:pk>/", questions.QuestionView.as_view(), name="question"),
    path("questions/<int:pk>/modifier/", questions.ModifierView.as_view(), name="question_modifier"),
    path("questions/<int:pk>/methodes/", questions.MethodesView.as_view(), name="question_methodes"),
    path("questions/<int:pk>/supprimer/", questions.SupprimerView.as_view(), name="question_supprimer"),
    path("questions/<int:pk>/remplacer/", questions.RemplacerView.as_view(), name="question_remplacer"),
    path("questions/<int:pk>/communiquer/", questions.CommuniquerView.as_view(), name="question_communiquer"),
    path("questions/<int:pk>/reponse/", suites_question.ReponseView.as_view(), name="reponse"),
    path(
        "questions/<int:pk>/preuves/ajouter/<slug:nature>/",
        suites_question.PreuveView.as_view(),
        name="preuve_ajouter",
    ),
    path("questions/<int:pk>/preuves/<int:suite>/", suites_question.PreuveView.as_view(), name="preuve"),
    path(
        "questions/<int:pk>/recommandations/ajouter/",
        suites_question.RecommandationView.as_view(),
        name="recommandation_ajouter",
    ),
    path(
        "questions/<int:pk>/recommandations/<int:suite>/",
        suites_question.RecommandationView.as_view(),
        name="recommandation",
    ),
    path(
        "questions/<int:pk>/<slug:sorte>/<int:suite>/<slug:action>/",
        suites_question.SuitePostView.as_view(),
        name="suite_action",
    ),
    path(
        "questions/<int:pk>/<slug:action>/",
        approbations.EtapeQuestionView.as_view(),
        name="question_etape",
    ),
]
