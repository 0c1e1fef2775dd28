"""The register of participation, an event, its form and its history."""

from functools import partial
from operator import attrgetter

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Exists, F, OuterRef
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.generic import DetailView
from django_filters.views import FilterView

from ctg.historique import collect_historique
from ctg.listes import Colonne
from ctg.permissions import check
from ctg.views import ConventionMixin
from ctg.views.listes import ListeMixin
from ctg.views.mixins import exiger
from evaluation.models import EvenementParticipation
from evaluation.participation.filters import ParticipationFilterSet
from evaluation.participation.forms import EvenementForm
from evaluation.participation.reports import SANS_QUARTIER, collect_participation
from evaluation.participation.services import enregistrer_evenement, retirer_evenement
from evaluation.views.retrait import RetraitView
from fiches.models import FicheProjet
from gouvernance.models import Decision
from gouvernance.views.edition import EditionView

PERSONNES = "personnes"


def _codes(objets) -> str:
    return ", ".join(objet.code for objet in objets.all())


def _sur_quoi(evenement) -> str:
    dits = [_codes(evenement.axes), _codes(evenement.fiches)]
    return ", ".join(filter(None, [*dits, "pilotage" if evenement.is_gouvernance else ""]))


COLONNES = (
    Colonne(
        "intitule",
        "Temps de participation",
        (
            ("Temps de participation", attrgetter("intitule")),
            ("Ce que les personnes ont dit", attrgetter("paroles")),
            ("Ce que cela a changé", attrgetter("changements")),
            (
                "Décision qui a suivi",
                lambda e: e.decision.numero if e.decision and e.is_decision_lue else "",
            ),
        ),
        ("intitule",),
    ),
    Colonne(
        "date",
        "Date",
        (("Premier jour", attrgetter("date_debut")), ("Dernier jour", attrgetter("date_fin"))),
        ("date_debut",),
    ),
    Colonne("niveau", "Niveau", (("Niveau", lambda e: e.get_niveau_display()),), ("niveau",)),
    Colonne("publics", "Qui", (("Qui", lambda e: ", ".join(e.dits)),)),
    Colonne(
        PERSONNES,
        "Personnes",
        (("Nombre de personnes", attrgetter("nb_personnes")),),
        (F("nb_personnes").asc(nulls_last=True),),
    ),
    Colonne(
        "quartiers", "Quartiers", (("Quartiers", lambda e: ", ".join(q.nom for q in e.quartiers.all())),)
    ),
    Colonne("objet", "Sur quoi", (("Sur quoi", _sur_quoi),)),
)


class EvenementsMixin(ConventionMixin):
    permission_code = "evaluation.lire_participation"

    def get_queryset(self):
        """`is_decision_lue`: whether this person reads the decision that followed."""
        lues = Decision.objects.visible_to(self.request.user).filter(pk=OuterRef("decision"))
        evenements = EvenementParticipation.objects.filter(convention=self.convention)
        return evenements.annotate(is_decision_lue=Exists(lues)).for_list()

    @property
    def lit_chiffres(self):
        return check(self.request.user, "ctg.lire_chiffres", self.convention)


class ParticipationListView(ListeMixin, EvenementsMixin, FilterView):
    """The latest first. Numbers of people, and what is counted, are figures: not for the COPIL."""

    colonnes = COLONNES
    ordre = ("-date_debut", "-pk")
    filterset_class = ParticipationFilterSet
    template_name = "evaluation/participation/list.html"
    paginate_by = 50

    def get_colonnes(self):
        return tuple(c for c in COLONNES if c.code != PERSONNES or self.lit_chiffres)

    def get_queryset(self):
        return self.trier(super().get_queryset())

    def get_context_data(self, **kwargs):
        lit = self.lit_chiffres
        return super().get_context_data(
            resume=collect_participation(self.convention, evenements=self.object_list) if lit else None,
            is_vide=not EvenementParticipation.objects.filter(convention=self.convention).exists(),
            ajouter=check(self.request.user, "evaluation.ouvrir_participation", self.convention),
            lit_chiffres=lit,
            sans_quartier=SANS_QUARTIER,
            **kwargs,
        )


class EvenementDetailView(EvenementsMixin, DetailView):
    template_name = "evaluation/participation/detail.html"
    context_object_name = "evenement"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            modifier=check(self.request.user, "evaluation.noter_participation", self.object.concernes),
            lit_chiffres=self.lit_chiffres,
            **kwargs,
        )


class EvenementHistoriqueView(EvenementsMixin, DetailView):
    permission_code = "ctg.lire_chiffres"
    template_name = "evaluation/participation/historique.html"
    context_object_name = "evenement"

    def get_context_data(self, **kwargs):
        evenements = collect_historique("participation", self.request.user, self.object, self.convention)
        page = Paginator(evenements, 30).get_page(self.request.GET.get("page"))
        return super().get_context_data(page_obj=page, **kwargs)


class EvenementMixin:
    """`pk` is an event that this person may write; locked on a POST."""

    permission_code = "evaluation.ouvrir_participation"

    def get_evenement(self) -> EvenementParticipation:
        siens = EvenementParticipation.objects.filter(convention=self.convention)
        if self.request.method == "POST":
            get_object_or_404(siens.select_for_update(no_key=True), pk=self.kwargs["pk"])
        evenement = get_object_or_404(siens.for_list(), pk=self.kwargs["pk"])
        exiger(self.request.user, "evaluation.noter_participation", evenement.concernes)
        return evenement


class EvenementFormView(EvenementMixin, EditionView):
    template_name = "evaluation/participation/formulaire.html"

    @property
    def form_class(self):
        return partial(EvenementForm, user=self.request.user)

    def sauver(self, form):
        choisis = {nom: form.cleaned_data[nom] for nom in ("publics", "quartiers", "fiches", "axes")}
        try:
            return enregistrer_evenement(
                form.save(commit=False), **choisis, user=self.request.user, today=timezone.localdate()
            )
        except (
            PermissionDenied
        ) as refus:  # what was chosen is corrected on the page, where all that was typed is
            raise ValidationError(str(refus)) from refus

    def get_message(self, objet):
        return f"« {objet} » est enregistré."


class EvenementAjoutView(EvenementFormView):
    """`?fiche=PE-1` comes from the page of a fiche."""

    def get_objet(self):
        return EvenementParticipation(convention=self.convention)

    def get_titre(self):
        return "Noter un temps de participation"

    def get_retour(self):
        return reverse("participation:list", kwargs={"convention": self.convention.slug})

    def get_initial(self):
        fiches = FicheProjet.objects.filter(convention=self.convention).en_vigueur(au=timezone.localdate())
        code = self.request.GET.get("fiche", "")
        return {"fiches": list(fiches.filter(code=code))} if code else {}


class EvenementEditView(EvenementFormView):
    def get_objet(self):
        return self.get_evenement()

    def get_titre(self):
        return "Modifier un temps de participation"

    def get_retour(self):
        return self.objet.get_absolute_url()


class EvenementRetraitView(EvenementMixin, RetraitView):
    nom = "le temps de participation"

    def get_objet(self):
        return self.get_evenement()

    def get_retour(self, objet):
        return reverse("participation:list", kwargs={"convention": self.convention.slug})

    def retirer(self, objet):
        retirer_evenement(objet, user=self.request.user)
