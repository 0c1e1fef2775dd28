"""A fiche that ends: closed at a date, or deleted when nothing depends on it."""

from collections import Counter

from django.contrib import messages
from django.contrib.admin.utils import NestedObjects
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, transaction
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.generic import DetailView

from ctg.templatetags.affichage import date_longue
from ctg.views import LockedPostMixin
from ctg.views.brouillons import DEJA_RECU
from fiches.services import clore_fiche, rouvrir_fiche, supprimer_fiche
from fiches.views.fiches import FicheObjectMixin


class SupprimerView(LockedPostMixin, FicheObjectMixin, DetailView):
    """GET says what would go and what forbids it; POST closes (`clore`, with its date),
    reopens what was closed by mistake (`rouvrir`) or deletes (`supprimer`).
    """

    permission_code = "fiches.supprimer"
    lit_closes = True
    template_name = "fiches/supprimer.html"

    def get_context_data(self, **kwargs):
        collector = NestedObjects(using=DEFAULT_DB_ALIAS)
        collector.collect([self.object])
        part = {
            modele: len(objets)
            for modele, objets in collector.model_objs.items()
            if modele is not type(self.object) and not modele._meta.auto_created
        }
        tient = Counter(type(objet) for objet in collector.protected)
        ecrit = {nom: self.request.POST.get(nom, "") for nom in ("date_fin", "motif")}
        if self.object.date_fin and not ecrit["date_fin"]:
            ecrit["date_fin"] = self.object.date_fin.isoformat()
        est_close = self.object.date_fin is not None and self.object.date_fin <= timezone.localdate()
        return super().get_context_data(
            est_close=est_close, tient=_compter(tient), part=_compter(part), **ecrit, **kwargs
        )

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        self.object = fiche = self.get_object()
        try:
            if request.POST.get("action") == "clore":
                jour = _jour(request.POST.get("date_fin", ""))
                if fiche.date_fin == jour:  # the same form, sent twice
                    messages.info(request, DEJA_RECU)
                    return redirect("fiches:list", convention=self.convention.slug)
                clore_fiche(fiche, au=jour, motif=request.POST.get("motif", ""))
                verbe = "est close" if jour <= timezone.localdate() else "se clôt"
                messages.success(
                    request,
                    f"La fiche {fiche.code} {verbe} au {date_longue(jour)}. Elle reste lisible à sa date.",
                )
            elif request.POST.get("action") == "rouvrir":
                rouvrir_fiche(fiche, motif=request.POST.get("motif", ""))
                messages.success(request, f"La fiche {fiche.code} est de nouveau en vigueur.")
                return redirect(fiche)
            else:
                code = fiche.code
                supprimer_fiche(fiche)
                messages.success(request, f"La fiche {code} est supprimée. Son historique est gardé.")
        except ValidationError as error:
            return self.render_to_response(self.get_context_data(fautes=error.messages))
        return redirect("fiches:list", convention=self.convention.slug)


def _compter(nombres: dict) -> list[str]:
    """« 12 mesures », « 1 étape »."""
    return sorted(
        f"{nb}\u00a0{modele._meta.verbose_name if nb == 1 else modele._meta.verbose_name_plural}"
        for modele, nb in nombres.items()
    )


def _jour(texte: str):
    try:
        jour = parse_date(texte)
    except ValueError:
        jour = None
    if jour is None:
        raise ValidationError("Écrivez la date de clôture, par exemple celle de demain.")
    return jour
