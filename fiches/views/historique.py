"""The history of a fiche: readable differences, filters, and an earlier text put back as a new change."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.views.generic import DetailView

from ctg.historique import collect_historique
from ctg.permissions import check
from ctg.views import LockedPostMixin
from fiches.services import RESTAURABLES, restaurer_champ
from fiches.views.fiches import FicheObjectMixin


class HistoriqueView(FicheObjectMixin, DetailView):
    permission_code = "fiches.historique"
    lit_closes = True
    template_name = "fiches/historique.html"

    def get_context_data(self, **kwargs):
        fiche, user, demande = self.object, self.request.user, self.request.GET
        hors = () if check(user, "fiches.lire_notes", fiche) else ("notes_internes",)
        evenements = collect_historique("fiche", user, fiche, self.convention, hors=hors)
        personnes = sorted({(e.qui_id, e.qui) for e in evenements if e.qui_id}, key=lambda p: p[1])
        champs = sorted({(d.champ, d.libelle) for e in evenements for d in e.differences}, key=lambda c: c[1])
        qui, champ = demande.get("qui", ""), demande.get("champ", "")
        if qui:
            evenements = [e for e in evenements if str(e.qui_id or "sans") == qui]
        if champ:
            for evenement in evenements:
                evenement.differences = [d for d in evenement.differences if d.champ == champ]
            evenements = [e for e in evenements if e.differences]
        modifiable = check(user, "fiches.modifier", fiche)
        derniere = fiche.historique.order_by("-history_date", "-history_id").first()
        return super().get_context_data(
            page_obj=Paginator(evenements, 30).get_page(demande.get("page")),
            personnes=personnes,
            champs=dict(champs).items(),
            qui=qui,
            champ=champ,
            vue=derniere.pk if derniere else "",
            modifiable=modifiable,
            restaurables=RESTAURABLES - set(hors) if modifiable else frozenset(),
            **kwargs,
        )


class RestaurerView(LockedPostMixin, FicheObjectMixin, DetailView):
    """POST: `ligne` is a line of the history of this fiche, `champ` one of the texts that may be put back."""

    permission_code = "fiches.modifier"
    http_method_names = ["post"]

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        fiche = self.get_object()
        champ, numero = request.POST.get("champ", ""), request.POST.get("ligne", "")
        lit_notes = check(request.user, "fiches.lire_notes", fiche)
        if champ not in RESTAURABLES or (champ == "notes_internes" and not lit_notes):
            raise Http404("Cette rubrique ne se rétablit pas.")
        ligne = (
            fiche.historique.filter(pk=int(numero)).first()
            if numero.isdecimal() and len(numero) < 18
            else None
        )
        if ligne is None:
            raise Http404("Cette version n’existe pas.")
        vue = request.POST.get("vue", "")
        lue = fiche.historique.filter(pk=int(vue)).first() if vue.isdecimal() and len(vue) < 18 else None
        if lue is None or getattr(lue, champ) != getattr(fiche, champ):
            messages.warning(
                request,
                "Rien n’est rétabli : ce texte a changé depuis que vous avez ouvert cette page. "
                "Relisez-le ci-dessous, puis recommencez si c’est toujours ce que vous voulez.",
            )
        elif restaurer_champ(fiche, champ, ligne):
            quand = timezone.localtime(ligne.history_date).strftime("%d/%m/%Y à %H:%M")
            messages.success(request, f"Le texte du {quand} est rétabli. L’autre reste dans l’historique.")
        else:
            messages.info(request, "C’est déjà le texte de la fiche.")
        return redirect("fiches:historique", convention=self.convention.slug, code=fiche.code)
