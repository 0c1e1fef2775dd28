"""The decisions of a convention: list, form, end."""

from operator import attrgetter

from django.db.models import Case, Count, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django_filters.views import FilterView

from ctg.listes import Colonne
from ctg.views import ConventionMixin
from ctg.views.listes import ListeMixin
from gouvernance.enums import EtatDecision
from gouvernance.filters import DecisionFilterSet
from gouvernance.forms import DecisionForm
from gouvernance.models import Decision
from gouvernance.services import enregistrer_decision
from gouvernance.verrous import raison_de_ne_rien_inscrire
from gouvernance.views.edition import EditionView, SuppressionView
from gouvernance.views.reunions import ReunionMixin

NUMERO = ("reunion__annee", "reunion__rang", "rang")
COLONNES = (
    Colonne(
        "numero",
        "Décision",
        (
            ("Numéro", attrgetter("numero")),
            ("Décision", attrgetter("texte")),
            ("Prise pour", lambda decision: str(decision.label or "")),
            ("Point de l’ordre du jour", lambda decision: decision.point.intitule if decision.point else ""),
            ("Annule et remplace", lambda decision: decision.remplace.numero if decision.remplace else ""),
            (
                "Remplacée par",
                lambda decision: decision.remplacee_par.numero if decision.is_remplacee else "",
            ),
        ),
        NUMERO,
    ),
    Colonne(
        "instance",
        "Instance",
        (
            ("Instance", lambda decision: str(decision.reunion.instance_gouvernance)),
            ("Date de la réunion", lambda decision: decision.reunion.date),
        ),
        ("reunion__instance_gouvernance__ordre",),
    ),
    Colonne(
        "responsable",
        "Responsable",
        (("Responsable", lambda decision: str(decision.responsable or decision.service or "")),),
        (Coalesce("responsable__nom", "service__nom").asc(nulls_last=True),),
    ),
    Colonne(
        "echeance",
        "Échéance",
        (("Échéance", attrgetter("echeance")),),
        (F("echeance").asc(nulls_last=True),),
    ),
    Colonne(
        "etat",
        "État",
        (("État", lambda decision: "remplacée" if decision.is_remplacee else decision.get_etat_display()),),
        (
            Case(
                *(When(etat=etat, then=Value(place)) for place, etat in enumerate(EtatDecision.values))
            ).asc(),
        ),
    ),
)


class DecisionListView(ListeMixin, ConventionMixin, FilterView):
    """The latest first, unless another order is asked."""

    colonnes = COLONNES
    ordre = ("-reunion__date", "-reunion__rang", "-rang", "-pk")
    filterset_class = DecisionFilterSet
    template_name = "gouvernance/decision_list.html"
    paginate_by = 50

    @property
    def decisions(self):
        decisions = Decision.objects.visible_to(self.request.user)
        return decisions.filter(reunion__convention=self.convention)

    def get_queryset(self):
        return self.trier(self.decisions.for_list(self.decisions))

    def get_context_data(self, **kwargs):
        today = timezone.localdate()
        lues = self.decisions
        totaux = lues.aggregate(
            toutes=Count("pk"),
            ouvertes=Count("pk", filter=Q(pk__in=lues.en_attente(lues).values("pk"))),
            en_retard=Count("pk", filter=Q(pk__in=lues.en_retard(au=today, parmi=lues).values("pk"))),
        )
        context = super().get_context_data(totaux=totaux, **kwargs)
        context["lignes"] = [(decision, decision.is_en_retard(today)) for decision in context["object_list"]]
        return context


class DecisionMixin(ConventionMixin):
    """The decision of the address, in the convention of the address; locked while saving."""

    def get_objet(self):
        decisions = Decision.objects.visible_to(self.request.user).filter(reunion__convention=self.convention)
        decisions = decisions.select_related("reunion__convention", "reunion__instance_gouvernance")
        if self.request.method == "POST":
            decisions = decisions.select_for_update(of=("self",), no_key=True)
        return get_object_or_404(decisions, pk=self.kwargs["pk"])


class DecisionFormView(EditionView):
    form_class = DecisionForm
    enregistrer = staticmethod(enregistrer_decision)

    def get_message(self, decision):
        return f"La décision {decision.numero} est enregistrée."

    def get_context_data(self, **kwargs):
        return super().get_context_data(reunion=self.objet.reunion, **kwargs)


class DecisionEditView(DecisionMixin, DecisionFormView):
    def get_retour(self):
        return self.objet.get_absolute_url()

    def get_titre(self):
        return f"Modifier la décision {self.objet.numero}"


class DecisionAjoutView(ReunionMixin, DecisionFormView):
    """`pk` is the meeting that decides."""

    def get_objet(self):
        return Decision(reunion=self.get_reunion())

    def get_refus(self):
        return raison_de_ne_rien_inscrire(self.objet.reunion)

    def get_retour(self):
        return self.objet.reunion.get_absolute_url()

    def get_titre(self):
        return f"Ajouter une décision à la réunion {self.objet.reunion.numero}"


class DecisionSuppressionView(DecisionMixin, SuppressionView):
    def get_success_url(self, decision):
        return decision.reunion.get_absolute_url()

    def get_context_data(self, **kwargs):
        return super().get_context_data(nom="la décision", **kwargs)
