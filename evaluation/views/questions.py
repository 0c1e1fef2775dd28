"""The questions évaluatives: register, page, forms."""

from operator import attrgetter

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Case, Count, F, Q, Value, When
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView, View
from django_filters.views import FilterView

from ctg.listes import Colonne
from ctg.permissions import check
from ctg.views import ConventionMixin
from ctg.views.listes import ListeMixin
from evaluation.models import QuestionEvaluative
from evaluation.protocole import services
from evaluation.protocole.approbation import TENIR, possibles, raison_de_ne_pas_soumettre
from evaluation.protocole.enums import RENDUS, Critere, NaturePreuve, StatutQuestion
from evaluation.protocole.filters import QuestionFilterSet
from evaluation.protocole.forms import MethodesForm, QuestionForm
from evaluation.protocole.lecture import lit_la_suite, questions_lisibles
from evaluation.protocole.reports import collect_approbations, collect_preuves, collect_recommandations
from evaluation.views.protocole import adresse
from gouvernance.views.edition import EditionView


def liste(convention) -> str:
    return reverse("protocole:questions", kwargs={"convention": convention.slug})


def fil(convention, question: QuestionEvaluative | None = None) -> list[tuple[str, str]]:
    pages = [(adresse(convention), "Protocole"), (liste(convention), "Questions évaluatives")]
    return [*pages, (question.get_absolute_url(), question.code)] if question and question.pk else pages


def _rang(champ: str, valeurs) -> Case:
    return Case(*(When(**{champ: valeur}, then=Value(rang)) for rang, valeur in enumerate(valeurs)))


COLONNES = (
    Colonne(
        "question",
        "Question",
        (
            ("Numéro", attrgetter("code")),
            ("Question", attrgetter("libelle")),
            ("Ce qu’elle recouvre", attrgetter("precisions")),
            ("Sous-questions", attrgetter("sous_questions")),
            ("Méthodes", lambda question: ", ".join(question.noms_methodes)),
            ("Méthodes : détail", attrgetter("detail_methodes")),
        ),
        ("numero",),
    ),
    Colonne(
        "critere",
        "Critère",
        (("Critère", lambda question: question.get_critere_display()),),
        (_rang("critere", Critere.values).asc(nulls_last=True),),
    ),
    Colonne(
        "objet", "Porte sur", (("Porte sur", lambda question: str(question.cible)),), (F("objet").asc(),)
    ),
    Colonne("phase", "Phase", (("Phase", lambda question: question.get_phase_display()),), ("phase",)),
    Colonne(
        "statut",
        "État",
        (
            ("État", lambda question: question.get_statut_display()),
            ("Remplace", lambda question: question.remplace.code if question.remplace else ""),
        ),
        (_rang("statut", StatutQuestion.values).asc(),),
    ),
    Colonne(
        "suite",
        "Preuves et réponse",
        (
            ("Preuves", attrgetter("nb_preuves")),
            ("Réponse", lambda question: "oui" if question.reponse else "non"),
            ("Confiance", lambda question: question.get_confiance_display()),
            ("Recommandations", attrgetter("nb_recommandations")),
        ),
        (),
    ),
)


class QuestionsView(ListeMixin, ConventionMixin, FilterView):
    """The register. How far each has come is told to who reads the figures of the year."""

    permission_code = "ctg.consulter"
    colonnes = COLONNES
    ordre = ("numero", "pk")
    filterset_class = QuestionFilterSet
    template_name = "evaluation/protocole/questions.html"
    paginate_by = 50

    def get_colonnes(self):
        lit = check(self.request.user, "ctg.lire_chiffres", self.convention)
        return self.colonnes if lit else self.colonnes[:-1]

    @property
    def questions(self):
        return questions_lisibles(self.request.user, self.convention)

    def get_queryset(self):
        return self.trier(self.questions.for_list())

    def get_context_data(self, **kwargs):
        comptes = self.questions.aggregate(
            toutes=Count("pk"),
            approuvees=Count("pk", filter=Q(statut=StatutQuestion.APPROUVEE)),
            soumises=Count("pk", filter=Q(statut=StatutQuestion.SOUMISE)),
        )
        tient = check(self.request.user, TENIR, self.convention)
        return super().get_context_data(comptes=comptes, is_vide=not comptes["toutes"], tient=tient, **kwargs)


class QuestionMixin(ConventionMixin):
    """The question of the address, if this person may read it."""

    def get_question(self, *, verrou: bool = False) -> QuestionEvaluative:
        questions = questions_lisibles(self.request.user, self.convention)
        questions = questions.select_related("convention", "axe", "fiche", "remplace")
        if verrou:
            questions = questions.select_for_update(of=("self",), no_key=True)
        return get_object_or_404(questions, pk=self.kwargs["pk"])


class QuestionView(QuestionMixin, TemplateView):
    """The chain: question, methods, evidence, answer, recommandations, decisions."""

    permission_code = "ctg.consulter"
    template_name = "evaluation/protocole/question.html"

    def get_context_data(self, **kwargs):
        user, question, au = self.request.user, self.get_question(), timezone.localdate()
        tient = bool(check(user, TENIR, question))
        lit = lit_la_suite(user, question)
        ouverte = question.statut in RENDUS
        remplacante = QuestionEvaluative.objects.filter(remplace=question).first()
        lisible = questions_lisibles(user, self.convention)
        return super().get_context_data(
            question=question,
            fil=fil(self.convention),
            approbations=collect_approbations(question, au=au),
            possibles=possibles(user, question),
            empeche=raison_de_ne_pas_soumettre(question, au=au) if tient and question.is_a_ecrire else "",
            tient=tient,
            ecrit=tient and question.statut == StatutQuestion.APPROUVEE,
            lit=lit,
            ouverte=ouverte,
            preuves=collect_preuves(user, question) if lit and ouverte else [],
            recommandations=collect_recommandations(user, question) if lit and ouverte else [],
            natures=NaturePreuve,
            remplacante=remplacante if remplacante and lisible.filter(pk=remplacante.pk).exists() else None,
            remplacable=tient
            and remplacante is None
            and question.statut in {StatutQuestion.APPROUVEE, StatutQuestion.REFUSEE},
            **kwargs,
        )


class QuestionEditionView(QuestionMixin, EditionView):
    permission_code = TENIR
    template_name = "evaluation/protocole/formulaire.html"
    form_class = QuestionForm
    enregistrer = staticmethod(services.enregistrer_question)
    consigne = ""

    def get_objet(self):
        return self.get_question(verrou=self.request.method == "POST")

    def get_retour(self):
        return self.objet.get_absolute_url() if self.objet.pk else liste(self.convention)

    def get_message(self, question):
        return f"La question {question.code} est enregistrée."

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            fil=fil(self.convention, self.objet), consigne=self.consigne, **kwargs
        )


class AjouterView(QuestionEditionView):
    def get_objet(self):
        return QuestionEvaluative(convention=self.convention)

    def get_titre(self):
        return "Proposer une question évaluative"


class ModifierView(QuestionEditionView):
    def get_refus(self):
        return services.raison_de_ne_pas_ecrire(self.objet)

    def get_titre(self):
        return f"Modifier la question {self.objet.code}"


class MethodesView(QuestionEditionView):
    form_class = MethodesForm
    enregistrer = staticmethod(services.enregistrer_methodes)
    consigne = "La question et ce sur quoi elle porte sont approuvés : ils ne changent plus. Comment on y répond se complète."

    def get_refus(self):
        return services.raison_de_ne_pas_suivre(self.objet)

    def get_titre(self):
        return f"Comment répondre à {self.objet.code}"


class QuestionPostView(QuestionMixin, View):
    """POST: one service on one question, and where one goes."""

    permission_code = TENIR
    http_method_names = ["post"]

    def agir(self, question: QuestionEvaluative) -> tuple[str, str]:
        """(what was done, where one goes)"""
        raise NotImplementedError

    def post(self, request, *args, **kwargs):
        questions = questions_lisibles(request.user, self.convention)
        question = get_object_or_404(questions, pk=kwargs["pk"])
        try:
            message, suite = self.agir(question)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(question.get_absolute_url())
        messages.success(request, message)
        return redirect(suite)


class SupprimerView(QuestionPostView):
    def agir(self, question):
        services.supprimer(question)
        return f"La question {question.code} est supprimée. L’historique en garde la trace.", liste(
            self.convention
        )


class RemplacerView(QuestionPostView):
    def agir(self, question):
        nouvelle = services.proposer_un_remplacement(question)
        suite = reverse(
            "protocole:question_modifier", kwargs={"convention": self.convention.slug, "pk": nouvelle.pk}
        )
        return (
            f"{nouvelle.code} reprend {question.code} : modifiez-la, puis soumettez-la. {question.code} reste valable "
            "jusqu’à son approbation."
            if question.statut == StatutQuestion.APPROUVEE
            else f"{nouvelle.code} reprend {question.code} : modifiez-la, puis soumettez-la."
        ), suite


class CommuniquerView(QuestionPostView):
    """`oui` in the form: communicate; without, take it back."""

    def agir(self, question):
        oui = "oui" in self.request.POST
        services.communiquer(question, now=timezone.now(), oui=oui)
        message = (
            "La réponse est communiquée : les membres du COPIL, les représentants et les lecteurs la lisent, avec ses preuves."
            if oui
            else "La réponse n’est plus communiquée : elle se lit dans l’équipe et à la Caf."
        )
        return message, f"{question.get_absolute_url()}#reponse"
