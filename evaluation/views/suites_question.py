"""What hangs on an approved question: its evidence, its answer, its recommandations."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import View

from evaluation.models import Preuve, QuestionEvaluative, Recommandation
from evaluation.protocole import services
from evaluation.protocole.approbation import TENIR
from evaluation.protocole.enums import NaturePreuve
from evaluation.protocole.forms import PreuveForm, RecommandationForm, ReponseForm
from evaluation.views.questions import QuestionEditionView, QuestionMixin, fil

MODELES = {"preuves": Preuve, "recommandations": Recommandation}


class ReponseView(QuestionEditionView):
    form_class = ReponseForm
    enregistrer = staticmethod(services.enregistrer_reponse)

    def get_refus(self):
        return services.raison_de_ne_pas_suivre(self.objet)

    def get_titre(self):
        return f"Répondre à {self.objet.code}"

    def get_message(self, question):
        return f"La réponse à {question.code} est enregistrée."

    def get_apres(self, question):
        return f"{question.get_absolute_url()}#reponse"

    def get_context_data(self, **kwargs):
        self.consigne = self.objet.libelle
        return super().get_context_data(**kwargs)


class SuiteView(QuestionEditionView):
    """A piece of evidence, or a recommandation, of the question of the address."""

    enregistrer = staticmethod(services.enregistrer_suite)
    ancre = ""

    @property
    def question(self) -> QuestionEvaluative:
        return self.objet.question

    def get_refus(self):
        return services.raison_de_ne_pas_suivre(self.question)

    def get_retour(self):
        return f"{self.question.get_absolute_url()}#{self.ancre}"

    def get_apres(self, objet):
        return self.get_retour()

    def get_context_data(self, **kwargs):
        self.consigne = f"{self.question.code} – {self.question.libelle}"
        context = super().get_context_data(**kwargs)
        return context | {"fil": fil(self.convention, self.question)}

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.form_class = partial(self.form_class, user=request.user)

    def get_existante(self, modele):
        siennes = modele.objects.filter(question=self.get_question())
        if self.request.method == "POST":
            siennes = siennes.select_for_update(of=("self",), no_key=True)
        return get_object_or_404(siennes, pk=self.kwargs["suite"])


class PreuveView(SuiteView):
    form_class = PreuveForm
    ancre = "preuves"

    def get_objet(self):
        if "suite" in self.kwargs:
            return self.get_existante(Preuve)
        if self.kwargs["nature"] not in NaturePreuve.values:
            raise Http404("Cette sorte de preuve n’existe pas.")
        return Preuve(question=self.get_question(), nature=self.kwargs["nature"])

    def get_titre(self):
        verbe = "Modifier" if self.objet.pk else "Ajouter"
        return f"{verbe} une preuve : {self.objet.get_nature_display()}"

    def get_message(self, preuve):
        return "La preuve est enregistrée."


class RecommandationView(SuiteView):
    form_class = RecommandationForm
    ancre = "recommandations"

    def get_objet(self):
        if "suite" in self.kwargs:
            return self.get_existante(Recommandation)
        return Recommandation(question=self.get_question())

    def get_titre(self):
        return f"{'Modifier' if self.objet.pk else 'Ajouter'} une recommandation"

    def get_message(self, recommandation):
        return "La recommandation est enregistrée."


class SuitePostView(QuestionMixin, View):
    """POST: take one away, or move it up."""

    permission_code = TENIR
    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        sorte, action = kwargs["sorte"], kwargs["action"]
        if sorte not in MODELES or action not in {"retirer", "monter"}:
            raise Http404("Cette adresse n’existe pas.")
        objets = (
            MODELES[sorte]
            .objects.filter(question=kwargs["pk"], question__convention=self.convention)
            .select_related("question")
        )
        objet = get_object_or_404(objets, pk=kwargs["suite"])
        try:
            if action == "retirer":
                services.retirer_suite(objet)
                messages.success(request, "C’est retiré. L’historique en garde la trace.")
            else:
                services.monter_suite(objet)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return redirect(f"{objet.question.get_absolute_url()}#{sorte}")
