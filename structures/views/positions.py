"""Where structures stand: one by hand on the map, and what the address service proposes."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import TemplateView, View

from ctg.brouillons import sans_erreurs
from ctg.nombres import ecrire_nombre
from ctg.views import BrouillonMixin, ConventionMixin
from ctg.views.deux_versions import dire_la_reunion
from structures import positions
from structures.enums import StatutProposition
from structures.forms_positions import PositionForm
from structures.models import PropositionPosition, Structure
from structures.views.carte import FondMixin


class PlacerView(BrouillonMixin, FondMixin, ConventionMixin, TemplateView):
    """POST: `action` is « placer » (the default) or « retirer »."""

    permission_code = "structures.tenir"
    template_name = "structures/placer.html"
    http_method_names = ["get", "head", "post", "options"]

    def get_structure(self) -> Structure:
        """Locked while saving."""
        registre = Structure.objects.du_registre(self.convention, is_tenu=True)
        if self.request.method == "POST":
            registre = registre.select_for_update(of=("self",), no_key=True)
        return get_object_or_404(registre, pk=self.kwargs["pk"])

    def get_success_url(self):
        return reverse("structures:detail", args=[self.convention.slug, self.kwargs["pk"]])

    def get(self, request, *args, **kwargs):
        self.structure = self.get_structure()
        form = PositionForm(self.brouillon_data, instance=self.structure)
        if self.brouillon:
            sans_erreurs(form)
        return self.render_to_response(self.get_context_data(form=form))

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        self.structure = self.get_structure()
        if request.POST.get("action") == "retirer":
            return self._retirer()
        if reponse := self.avant_enregistrement():
            return reponse
        form = PositionForm(request.POST, instance=self.structure)
        if form.is_valid():
            try:
                with transaction.atomic():
                    self._placer(form)
            except ValidationError as error:
                form.add_error(None, error.messages)
            else:
                self.recevoir()
                dire_la_reunion(request, form)
                return redirect(self.get_success_url())
        return self.render_to_response(self.get_context_data(form=form))

    def _placer(self, form) -> None:
        etait_placee = self.structure.latitude is not None
        lus = form.cleaned_data
        placee = positions.placer(
            self.structure.pk,
            latitude=lus["latitude"],
            longitude=lus["longitude"],
            source=lus["source_coordonnees"],
        )
        verbe = "a changé de place" if etait_placee else "est placée"
        messages.success(
            self.request, f"{placee} {verbe} : {dire_position(placee.latitude, placee.longitude)}."
        )

    def _retirer(self):
        avant = self.structure
        if avant.latitude is None:
            messages.info(self.request, f"{avant} n’avait pas de coordonnées : rien n’est changé.")
        else:
            dite = dire_position(avant.latitude, avant.longitude)
            positions.retirer(avant.pk)
            messages.success(
                self.request,
                f"{avant} n’est plus sur la carte. Sa position était {dite} ; l’historique la garde.",
            )
        return redirect("structures:placer", self.convention.slug, avant.pk)

    def get_context_data(self, **kwargs):
        # A POST that draws the page was refused.
        return super().get_context_data(
            structure=self.structure,
            propositions=self.structure.propositions.filter(statut=StatutProposition.EN_ATTENTE).order_by(
                "-score", "pk"
            ),
            voisines=f"{reverse('structures:list', args=[self.convention.slug])}?export=geojson",
            anciennes=positions.precedentes(self.structure),
            retour=self.get_success_url(),
            formulaires=[kwargs["form"]],
            erreurs=self.request.method == "POST",
            **kwargs,
        )


class APlacerView(ConventionMixin, TemplateView):
    """Structures without coordinates, with what the address service proposes for them."""

    permission_code = "structures.tenir"
    template_name = "structures/a_placer.html"

    def get_context_data(self, **kwargs):
        proposees = PropositionPosition.objects.order_by("-score", "pk")
        sans = (
            Structure.objects.du_registre(self.convention, is_tenu=True)
            .sans_coordonnees()
            .select_related("type_structure")
            .prefetch_related(Prefetch("propositions", proposees))
            .order_by("nom", "pk")
        )
        a_choisir, autres, sans_adresse = [], [], []
        for structure in sans:
            attendent = [p for p in structure.propositions.all() if p.statut == StatutProposition.EN_ATTENTE]
            refusees = [p for p in structure.propositions.all() if p.statut == StatutProposition.REFUSEE]
            liste = a_choisir if attendent else autres if structure.adresse else sans_adresse
            liste.append({"structure": structure, "propositions": attendent, "refusees": refusees})
        return super().get_context_data(
            a_choisir=a_choisir, autres=autres, sans_adresse=sans_adresse, nb=len(sans), **kwargs
        )


class PropositionView(ConventionMixin, View):
    """POST: `action` is « accepter », « refuser » or « remettre »."""

    permission_code = "structures.tenir"
    http_method_names = ["post"]
    ACTIONS = {
        "accepter": (positions.accepter, "{} est placée à l’adresse « {} »."),
        "refuser": (
            positions.refuser,
            "{} : « {} » est refusée. Elle reste plus bas, si c’était une erreur.",
        ),
        "remettre": (positions.remettre, "{} : « {} » attend de nouveau."),
    }

    def post(self, request, *args, **kwargs):
        registre = Structure.objects.du_registre(self.convention, is_tenu=True)
        proposition = get_object_or_404(PropositionPosition, pk=kwargs["pk"], structure__in=registre)
        if (action := request.POST.get("action")) not in self.ACTIONS:
            raise Http404("Cette action n’existe pas.")
        agir, dit = self.ACTIONS[action]
        try:
            faite = agir(proposition.pk)
        except ValidationError as error:
            messages.warning(request, " ".join(error.messages))
        else:
            messages.success(request, dit.format(faite.structure, faite.libelle))
        return redirect("structures:a_placer", self.convention.slug)


def dire_position(latitude, longitude) -> str:
    return f"{ecrire_nombre(latitude)} ; {ecrire_nombre(longitude)}"
