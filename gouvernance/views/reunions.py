"""A meeting: its page, its history, its form, its end."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.generic import DetailView

from ctg.historique import collect_historique
from ctg.models import Convention
from ctg.panneaux import composer
from ctg.permissions import check
from ctg.views import ConventionMixin
from gouvernance.circuit import collect_circuit
from gouvernance.envois import a_prevenir
from gouvernance.feuille_presence import collect_feuille
from gouvernance.forms import ReunionForm
from gouvernance.lecture import papiers_lisibles
from gouvernance.models import Decision, EnvoiReunion, Reunion
from gouvernance.ordre_du_jour import collect_ordre_du_jour
from gouvernance.services import enregistrer_reunion
from gouvernance.verrous import raison_du_verrou
from gouvernance.views.edition import EditionView, SuppressionView


class ReunionMixin(ConventionMixin):
    """The meeting of the address, in the convention of the address."""

    context_object_name = "reunion"

    def get_queryset(self):
        reunions = Reunion.objects.visible_to(self.request.user).filter(convention=self.convention)
        return reunions.select_related("instance_gouvernance", "convention")

    def get_reunion(self):
        """Locked while saving."""
        reunions = self.get_queryset()
        if self.request.method == "POST":
            reunions = reunions.select_for_update(of=("self",), no_key=True)
        return get_object_or_404(reunions, pk=self.kwargs["pk"])


class ReunionView(ReunionMixin, DetailView):
    """A reader who may not read a paper is shown the sentence that says when."""

    template_name = "gouvernance/reunion.html"

    def get_context_data(self, **kwargs):
        reunion, user, today = self.object, self.request.user, timezone.localdate()
        papiers = papiers_lisibles(user, reunion)
        lues = Decision.objects.visible_to(user)
        return super().get_context_data(
            papiers=papiers,
            ordre=collect_ordre_du_jour(reunion, au=today, lecteur=user) if papiers.ordre_du_jour else None,
            feuille=collect_feuille(reunion) if papiers.compte_rendu else None,
            envois=EnvoiReunion.objects.filter(reunion=reunion).for_list() if papiers.compte_rendu else [],
            circuit=collect_circuit(user, reunion, au=today) if papiers.compte_rendu else None,
            verrou=raison_du_verrou(reunion),
            perimee=a_prevenir(reunion, now=timezone.now())
            if check(user, "gouvernance.tenir", reunion)
            else None,
            lignes=[
                (decision, decision.is_en_retard(today))
                for decision in lues.filter(reunion=reunion).for_list(lues)
            ],
            a_venir=reunion.date > today,
            panneaux=composer("reunion", self.request, reunion, self.convention),
            **kwargs,
        )


class HistoriqueView(ReunionMixin, DetailView):
    permission_code = "gouvernance.historique"
    template_name = "gouvernance/historique.html"

    def get_context_data(self, **kwargs):
        evenements = collect_historique("reunion", self.request.user, self.object, self.convention)
        page = Paginator(evenements, 30).get_page(self.request.GET.get("page"))
        return super().get_context_data(page_obj=page, **kwargs)


class ReunionEditView(ReunionMixin, EditionView):
    form_class = ReunionForm
    enregistrer = staticmethod(enregistrer_reunion)

    def get_objet(self):
        return self.get_reunion()

    def get_retour(self):
        return self.objet.get_absolute_url()

    def get_refus(self):
        return raison_du_verrou(self.objet)

    def get_message(self, reunion) -> str:
        return f"La réunion {reunion.numero} est enregistrée."

    def get_titre(self):
        return f"Modifier la réunion {self.objet.numero}"


class ReunionAjoutView(ReunionEditView):
    """`?instance=`: the slug of the instance that is proposed."""

    def get_objet(self):
        if self.request.method == "POST":  # the same form twice at once is taken once
            Convention.objects.select_for_update(of=("self",), no_key=True).get(pk=self.convention.pk)
        return Reunion(convention=self.convention)

    def get_initial(self):
        demandee = self.request.GET.get("instance", "")
        instances = {instance.slug: instance for instance in self.convention.instances_gouvernance.all()}
        return {"instance_gouvernance": instances.get(demandee)}  # any text: no database is asked for it

    def get_retour(self):
        return reverse("gouvernance:index", kwargs={"convention": self.convention.slug})

    def get_titre(self):
        return "Ajouter une réunion"


class ReunionSuppressionView(ReunionMixin, SuppressionView):
    def get_objet(self):
        return self.get_reunion()

    def get_success_url(self, reunion):
        return reunion.instance_gouvernance.get_absolute_url()

    def get_context_data(self, **kwargs):
        return super().get_context_data(nom="la réunion", **kwargs)
