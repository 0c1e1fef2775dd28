"""The quartiers, the other ways to cut the territory, and outlines."""

import secrets

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import TemplateView, View

from ctg.brouillons import sans_erreurs
from ctg.contours import Rapprochement, lire_contours, nb_points, rapprocher
from ctg.decoupages import (
    ce_qui_nomme,
    collect_decoupages,
    enregistrer_secteur,
    geojson_des_contours,
    poser_contours,
    retirer_contour,
    supprimer_secteur,
)
from ctg.forms_quartiers import ContoursForm, SecteurForm
from ctg.models import Decoupage, Quartier
from ctg.panneaux import composer
from ctg.views.brouillons import BrouillonMixin
from ctg.views.deux_versions import dire_la_reunion
from ctg.views.mixins import ConventionMixin

DUREE = 3600  # seconds between the preview of a file and its confirmation
PERDU = (
    "Ce fichier n’attend plus : il a déjà été importé, ou son aperçu date de plus d’une heure. Regardez les quartiers, "
    "puis déposez-le de nouveau s’il le faut."
)


class QuartiersView(ConventionMixin, TemplateView):
    template_name = "ctg/quartiers.html"

    def get_context_data(self, **kwargs):
        decoupages = collect_decoupages(self.convention.territoire)
        dessines = [quartier for quartier in decoupages.quartiers if quartier.contour is not None]
        return super().get_context_data(
            decoupages=decoupages,
            lignes=decoupages.lignes,
            fond=settings.CARTE_FOND,
            contours=reverse("ctg:contours", args=[self.convention.slug]) if dessines else "",
            panneaux=composer("quartiers", self.request, self.convention.territoire, self.convention),
            **kwargs,
        )


class ContoursView(ConventionMixin, View):
    """GeoJSON of the outlines of the quartiers of reference, for the maps."""

    def get(self, request, *args, **kwargs):
        quartiers = Quartier.objects.de_reference(self.convention.territoire)
        return JsonResponse(
            geojson_des_contours(quartiers),
            content_type="application/geo+json",
            json_dumps_params={"ensure_ascii": False},
        )


class ContoursImporterView(ConventionMixin, TemplateView):
    """POST: a file, then its preview; « depot » confirms what was previewed, once."""

    permission_code = "ctg.tenir_quartiers"
    template_name = "ctg/contours_importer.html"
    http_method_names = ["get", "head", "post", "options"]

    def get_context_data(self, **kwargs):
        kwargs.setdefault("form", ContoursForm())
        return super().get_context_data(
            formulaires=[kwargs["form"]],
            erreurs=self.request.method == "POST",
            fond=settings.CARTE_FOND,
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        if depot := request.POST.get("depot"):
            return self._confirmer(depot)
        form = ContoursForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                return self._montrer(form)
            except ValidationError as error:
                form.add_error("fichier", error.messages)
        return self.render_to_response(self.get_context_data(form=form))

    def _montrer(self, form):
        lus = form.cleaned_data
        decoupage, source = self._reference(), lus["source"]
        quartiers = {q.pk: q for q in decoupage.quartiers.order_by("ordre", "pk")}
        zones = lire_contours(lus["fichier"].read())
        apercu = rapprocher(zones, {q.nom: cle for cle, q in quartiers.items()})
        if apercu.inconnus and not lus["laisser"]:
            raise ValidationError(
                f"Ces zones ne portent le nom d’aucun quartier : {', '.join(apercu.inconnus[:20])}. Corrigez leur nom "
                f"dans le fichier (noms attendus : {', '.join(q.nom for q in quartiers.values())}), ou cochez la case "
                "pour les laisser de côté."
            )
        contours = {cle: contour for cle, _, contour in apercu.trouves}
        depot = secrets.token_urlsafe(24)
        cache.set(self._cle(depot), (decoupage.pk, contours, source), DUREE)
        return self.render_to_response(
            self.get_context_data(form=form, **self._apercu(quartiers, apercu, decoupage, source, depot))
        )

    def _reference(self) -> Decoupage:
        """The only découpage that maps draw. Raises ValidationError."""
        decoupage = self.convention.territoire.decoupages.filter(is_reference=True).first()
        if decoupage is None:
            raise ValidationError(
                "Ce territoire n’a pas de découpage de référence : un administrateur le crée d’abord, avec ses quartiers."
            )
        return decoupage

    def _apercu(self, quartiers: dict, apercu: Rapprochement, decoupage, source: str, depot: str) -> dict:
        lignes = [(nom, quartiers[cle], nb_points(contour)) for cle, nom, contour in apercu.trouves]
        dessin = geojson_des_contours(
            Quartier(nom=quartiers[cle].nom, contour=contour) for cle, _, contour in apercu.trouves
        )
        return {
            "apercu": apercu,
            "lignes": lignes,
            "decoupage": decoupage,
            "source": source,
            "depot": depot,
            "dessin": dessin,
        }

    def _cle(self, depot: str) -> str:
        """Whoever shows a file confirms it, for the same territoire."""
        return f"contours:{self.request.user.pk}:{self.convention.territoire_id}:{depot[:40]}"

    def _confirmer(self, depot: str):
        cle = self._cle(depot)
        garde = cache.get(cle)
        if garde is None or not cache.delete(cle):  # a second post finds nothing
            messages.error(self.request, PERDU)
            return redirect("ctg:contours_importer", self.convention.slug)
        decoupage_id, contours, source = garde
        decoupage = get_object_or_404(Decoupage, pk=decoupage_id, territoire=self.convention.territoire)
        nb = poser_contours(decoupage, contours, source=source)
        dit = f"{nb} contours sont enregistrés." if nb > 1 else f"{nb} contour est enregistré."
        messages.success(
            self.request, dit if nb else "Ces contours étaient déjà enregistrés : rien n’est changé."
        )
        return redirect("ctg:quartiers", self.convention.slug)


class ContourRetirerView(ConventionMixin, TemplateView):
    """GET asks; POST: the quartier is not drawn any more. Its file imported again puts it back."""

    permission_code = "ctg.tenir_quartiers"
    template_name = "ctg/confirmer.html"
    http_method_names = ["get", "head", "post", "options"]

    def get_quartier(self) -> Quartier:
        siens = Quartier.objects.filter(decoupage__territoire=self.convention.territoire)
        return get_object_or_404(siens, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        quartier = self.get_quartier()
        return super().get_context_data(
            titre=f"Retirer le contour de « {quartier} »",
            question="Il ne sera plus dessiné sur les cartes. Pour le remettre, il faudra importer son fichier de nouveau.",
            action="Retirer ce contour",
            retour=reverse("ctg:quartiers", args=[self.convention.slug]),
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        quartier = retirer_contour(self.get_quartier().pk)
        messages.success(request, f"Le contour de « {quartier} » est retiré.")
        return redirect("ctg:quartiers", self.convention.slug)


class SecteurView(BrouillonMixin, ConventionMixin, TemplateView):
    """A secteur of a découpage that is not that of reference, new (`decoupage`) or not (`pk`)."""

    permission_code = "ctg.tenir_quartiers"
    template_name = "ctg/secteur.html"
    http_method_names = ["get", "head", "post", "options"]

    def get_success_url(self):
        return reverse("ctg:quartiers", args=[self.convention.slug])

    def get_secteur(self) -> Quartier:
        autres = Decoupage.objects.filter(territoire=self.convention.territoire, is_reference=False)
        if "pk" not in self.kwargs:
            return Quartier(decoupage=get_object_or_404(autres, code=self.kwargs["decoupage"]))
        secteurs = Quartier.objects.select_related("decoupage__territoire").filter(decoupage__in=autres)
        if self.request.method == "POST":
            secteurs = secteurs.select_for_update(of=("self",), no_key=True)
        return get_object_or_404(secteurs, pk=self.kwargs["pk"])

    def get(self, request, *args, **kwargs):
        self.secteur = self.get_secteur()
        form = SecteurForm(self.brouillon_data, instance=self.secteur)
        if self.brouillon:
            sans_erreurs(form)
        return self.render_to_response(self.get_context_data(form=form))

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        self.secteur = self.get_secteur()
        if reponse := self.avant_enregistrement():
            return reponse
        form = SecteurForm(request.POST, instance=self.secteur)
        if form.is_valid():
            try:
                with transaction.atomic():
                    secteur = enregistrer_secteur(form.save(commit=False), form.cleaned_data["compose_de"])
            except ValidationError as error:
                form.add_error(None, error.messages)
            else:
                self.recevoir()
                messages.success(request, f"Le secteur « {secteur} » est enregistré.")
                dire_la_reunion(request, form)
                return redirect(self.get_success_url())
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs):
        # A POST that draws the page was refused.
        return super().get_context_data(
            secteur=self.secteur,
            retour=self.get_success_url(),
            formulaires=[kwargs["form"]],
            erreurs=self.request.method == "POST",
            **kwargs,
        )


class SecteurSupprimerView(ConventionMixin, TemplateView):
    """GET asks, or says what forbids it; POST deletes."""

    permission_code = "ctg.tenir_quartiers"
    template_name = "ctg/secteur_supprimer.html"
    http_method_names = ["get", "head", "post", "options"]

    def get_secteur(self) -> Quartier:
        secteurs = Quartier.objects.select_related("decoupage").filter(
            decoupage__territoire=self.convention.territoire, decoupage__is_reference=False
        )
        return get_object_or_404(secteurs, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        secteur = kwargs.pop("secteur", None) or self.get_secteur()
        kwargs.setdefault("fautes", ())
        return super().get_context_data(secteur=secteur, dependants=ce_qui_nomme(secteur), **kwargs)

    def post(self, request, *args, **kwargs):
        secteur = self.get_secteur()
        nom = secteur.nom
        try:
            supprimer_secteur(secteur.pk)
        except ValidationError as error:
            return self.render_to_response(self.get_context_data(secteur=secteur, fautes=error.messages))
        messages.success(request, f"Le secteur « {nom} » est supprimé. L’historique en garde la trace.")
        return redirect("ctg:quartiers", self.convention.slug)
