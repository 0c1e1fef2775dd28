"""An avenant changes the signed text of a fiche from its date on; the text that was stays readable at its date."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect
from django.utils import timezone
from django.views.generic import DetailView

from ctg import brouillons
from ctg.jetons import lire_jeton, signer_jeton
from ctg.templatetags.affichage import date_longue
from ctg.views.brouillons import DEJA_RECU
from fiches.forms import AvenantFicheForm
from fiches.models import FicheProjet
from fiches.succession import annuler, appliquer
from fiches.views.fiches import FicheObjectMixin


class AvenantView(FicheObjectMixin, DetailView):
    permission_code = "fiches.avenant"
    template_name = "fiches/avenant.html"

    def get(self, request, *args, **kwargs):
        """A fiche that ends is changed no more: that is said before one types."""
        fiche = self.get_object()
        if fiche.date_fin is not None:
            messages.info(
                request,
                f"La fin de cette fiche est déjà fixée au {date_longue(fiche.date_fin)} : un avenant ne s’y ajoute pas.",
            )
            return redirect(fiche)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        kwargs = {"fautes": (), "motif": "", **kwargs}
        kwargs.setdefault("form", AvenantFicheForm(fiche=self.object))
        envoi = self.request.POST.get("envoi") or str(uuid.uuid4())
        jeton = signer_jeton(self.object, now=timezone.now())
        return super().get_context_data(envoi=envoi, jeton=jeton, **kwargs)

    def post(self, request, *args, **kwargs):
        self.object = fiche = self.get_object()
        if request.POST.get("action") == "annuler":
            return self.annuler(fiche)
        form = AvenantFicheForm(request.POST, fiche=fiche)
        if form.is_valid():
            try:
                with transaction.atomic():
                    if not brouillons.recevoir(request.POST.get("envoi", ""), now=timezone.now()):
                        messages.info(request, DEJA_RECU)
                        return redirect(fiche)
                    self.exiger_inchangee(form)
                    avenant = form.signer()
                    appliquer(fiche.pk, avenant, form.champs(), form.prevus())
            except ValidationError as error:
                form.add_error(None, ValidationError(error.messages))
            else:
                jour = avenant.date_effet.strftime("%d/%m/%Y")
                messages.success(
                    request,
                    f"L’avenant s’applique à la fiche {fiche.code} depuis le {jour}. Ce qui valait avant reste lisible.",
                )
                return redirect(fiche)
        return self.render_to_response(self.get_context_data(form=form))

    def annuler(self, fiche):
        """The last avenant was typed by mistake, or at a wrong date."""
        motif = self.request.POST.get("motif", "")
        try:
            annuler(fiche.pk, motif=motif)
        except ValidationError as error:
            return self.render_to_response(self.get_context_data(fautes=error.messages, motif=motif))
        messages.success(
            self.request, f"L’avenant est annulé : la fiche {fiche.code} porte de nouveau le texte d’avant."
        )
        return redirect(fiche)

    def exiger_inchangee(self, form: AvenantFicheForm) -> None:
        """Under the lock of the row: a form that was opened on another text would undo what was written meanwhile.

        A missing or forged token is a conflict too. Raises ValidationError.
        """
        fiche = FicheProjet.objects.select_for_update(of=("self",), no_key=True).get(pk=self.object.pk)
        jeton = lire_jeton(self.request.POST.get("version", ""), fiche)
        if jeton is None or jeton.version != fiche.version:
            actuels = [
                f"{form[nom].label} : « {getattr(fiche, nom) or 'à compléter'} »"
                for nom in ("intitule", "pilote", "service_pilote")
                if (getattr(fiche, nom) or "") != (form.cleaned_data[nom] or "")
            ]
            axes = list(fiche.axes.order_by("ordre", "pk"))
            if {*axes} != {*form.cleaned_data["axes"]}:
                actuels.append(f"axes portés : « {', '.join(map(str, axes))} »")
            raise ValidationError(
                "La fiche a changé pendant que vous écriviez. Rien n’est perdu : ce que vous avez écrit est ci-dessous. "
                + (f"La fiche dit maintenant {' ; '.join(actuels)}. " if actuels else "")
                + "Relisez, puis envoyez de nouveau."
            )
