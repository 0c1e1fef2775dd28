"""A structure comes into an annexe, changes there or leaves it; its own page follows; the last change is undone."""

import hashlib
import json
import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.generic import TemplateView

from ctg import brouillons
from ctg.permissions import check
from ctg.templatetags.affichage import date_longue
from ctg.views import ConventionMixin
from ctg.views.brouillons import DEJA_RECU
from structures.forms_inscriptions import InscriptionForm, RetirerForm
from structures.inscriptions import annuler, changer, derniere, dire_annulation, inscrire, retirer
from structures.mise_a_jour import Ecart, collect_ecarts, reporter
from structures.models import Inscription, Structure

ACTIONS = {"changer", "retirer", "reporter", "annuler"}


class InscriptionView(ConventionMixin, TemplateView):
    """POST: `action` is « changer » (the default: the line as it will be), « retirer », « reporter » (the structure follows
    its line) or « annuler ». `relu`: the mark of what the structure would take of the line, once it was shown.
    """

    permission_code = "structures.inscrire"
    template_name = "structures/inscription.html"
    http_method_names = ["get", "head", "post", "options"]

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        is_tenu = bool(check(request.user, self.permission_code, self.convention))
        registre = Structure.objects.du_registre(self.convention, is_tenu=is_tenu)
        self.structure = get_object_or_404(registre.select_related("gestionnaire"), pk=kwargs["pk"])
        siennes = Inscription.objects.filter(convention=self.convention, structure=self.structure)
        self.derniere = derniere(self.convention, self.structure)
        self.courante = siennes.filter(date_fin=None).first()
        self.action = request.POST.get("action") or "changer"
        if self.action not in ACTIONS or (self.action == "retirer" and self.courante is None):
            raise Http404("Cette structure n’est inscrite à aucune annexe.")

    def get_forms(self, data=None) -> dict:
        recu = {self.action: data} if data is not None else {}
        return {
            "changer": InscriptionForm(
                recu.get("changer"),
                convention=self.convention,
                structure=self.structure,
                inscription=self.courante or self.derniere,
                auto_id="id_%s",
            ),
            "retirer": RetirerForm(recu.get("retirer"), convention=self.convention, auto_id="id_retirer_%s"),
        }

    def get_context_data(self, **kwargs):
        kwargs = {"ecarts": (), "relu": "", "fautes": (), "motif_annuler": "", **kwargs}
        kwargs.setdefault("forms", self.get_forms())
        fin = self.derniere.date_fin if self.derniere else None
        return super().get_context_data(
            structure=self.structure,
            courante=self.courante,
            derniere=self.derniere,
            finira=fin is not None and fin > timezone.localdate(),
            annulation=dire_annulation(self.derniere),
            envoi=self.request.POST.get("envoi") or str(uuid.uuid4()),
            reporter="reporter" in self.request.POST or "relu" not in self.request.POST,
            **kwargs,
        )

    def retour(self):
        return redirect("structures:detail", self.convention.slug, self.structure.pk)

    def post(self, request, *args, **kwargs):
        autres = {"annuler": self._annuler, "reporter": self._reporter}
        return autres.get(self.action, self._saisir)(request)

    def _saisir(self, request):
        forms = self.get_forms(request.POST)
        form, ecarts = forms[self.action], []
        if form.is_valid():
            ecarts = self._ecarts(form) if self.action == "changer" else []
            est_relu = not ecarts or request.POST.get("relu") == _marque(ecarts)
            try:
                with transaction.atomic():
                    if not brouillons.recevoir(request.POST.get("envoi", ""), now=timezone.now()):
                        messages.info(request, DEJA_RECU)
                        return self.retour()
                    dits = self._agir(form)
                    # What would be refused is said before it is read again.
                    transaction.set_rollback(not est_relu)
            except ValidationError as error:
                form.add_error(None, ValidationError(error.messages))
                ecarts = ecarts if est_relu else []
            else:
                if est_relu:
                    self._dire(*dits)
                    return self.retour()
        context = self.get_context_data(forms=forms, ecarts=ecarts, relu=_marque(ecarts))
        return self.render_to_response(context)

    def _ecarts(self, form) -> list[Ecart]:
        """What the structure itself would say otherwise; nothing before the day of the change."""
        if form.date_du_changement > timezone.localdate():
            return []
        return collect_ecarts(self.structure, form.champs(), self.courante)

    def _agir(self, form) -> tuple[str, list[Ecart]]:
        """What was done of the line, in words, and what the structure took of it."""
        acte = form.agir()
        jour = date_longue(acte.date_effet)
        if self.action == "retirer":
            retirer(self.courante.pk, acte)
            return f"{self.structure} n’est plus inscrite à partir du {jour}.", []
        if self.courante is not None:
            suite = changer(self.courante.pk, acte, form.champs())
            dit = (
                f"La ligne de {self.structure} change à partir du {jour}. L’ancienne reste lisible à sa date."
            )
        else:
            suite = inscrire(self.structure, self.convention, acte, form.champs())
            dit = f"{self.structure} est inscrite à partir du {jour}."
        today = timezone.localdate()
        suit = acte.date_effet <= today and self.request.POST.get("reporter")
        return dit, reporter(suite.pk, au=today) if suit else []

    def _dire(self, dit: str, ecarts: list[Ecart]) -> None:
        messages.success(self.request, dit)
        self._dire_report(ecarts)

    def _reporter(self, request):
        if self.courante is None:
            raise Http404("Cette structure n’est inscrite à aucune annexe.")
        try:
            ecarts = reporter(self.courante.pk, au=timezone.localdate())
        except ValidationError as error:
            messages.warning(request, " ".join(error.messages))
            return self.retour()
        if not ecarts:
            messages.info(request, "La fiche dit déjà ce que dit la ligne : rien n’est changé.")
        self._dire_report(ecarts)
        return self.retour()

    def _dire_report(self, ecarts: list[Ecart]) -> None:
        if not ecarts:
            return
        dits = " ; ".join(f"{e.titre} « {e.avant or 'à compléter'} » → « {e.apres} »" for e in ecarts)
        messages.success(self.request, f"La fiche est mise à jour : {dits}.")
        if self.structure.latitude is not None and any(e.titre == "adresse" for e in ecarts):
            messages.warning(
                self.request,
                "Sa place sur la carte est celle de l’ancienne adresse : changez-la si elle a bougé.",
            )

    def _annuler(self, request):
        motif = request.POST.get("motif", "")
        if self.derniere is None:
            raise Http404("Cette structure n’a jamais été inscrite.")
        if request.POST.get("ligne") != str(self.derniere.pk):
            messages.info(
                request, "Un autre changement a été saisi, ou celui-ci est déjà annulé : rien n’est changé."
            )
            return self.retour()
        try:
            est_defaite = annuler(self.derniere.pk, motif=motif)
        except ValidationError as error:
            return self.render_to_response(self.get_context_data(fautes=error.messages, motif_annuler=motif))
        messages.success(request, "Le changement est annulé. L’historique garde ce qui avait été saisi.")
        if not est_defaite:
            messages.warning(
                request,
                "La fiche a été modifiée depuis : son nom, son adresse et son gestionnaire restent ce qu’ils sont. Relisez-les.",
            )
        return self.retour()


def _marque(ecarts: list[Ecart]) -> str:
    dit = json.dumps([(e.titre, e.avant, e.apres) for e in ecarts])
    return hashlib.sha256(dit.encode()).hexdigest()[:16]
