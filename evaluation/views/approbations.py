"""The steps towards an approval, of a version of the protocole and of a question: each is a page, and one transition."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.views.generic import TemplateView

from ctg.views import BrouillonMixin, ConventionMixin
from ctg.views.mixins import exiger
from evaluation.models.approuvables import Approuvable
from evaluation.protocole.approbation import (
    TRANSITIONS,
    appliquer,
    nommer,
    raison_de_ne_pas,
    siens,
    signataires,
)
from evaluation.protocole.avis import representants
from evaluation.protocole.contenus import contenu_de
from evaluation.protocole.forms import FORMULAIRES, SansChampForm
from evaluation.transitions import TransitionError
from evaluation.views.protocole import ProtocoleMixin, adresse
from evaluation.views.questions import QuestionMixin, fil

# What the person is told before, and after.
MOTS = {
    "soumettre": (
        "Le contenu est figé et part vers les signataires. Une fois qu’un signataire a répondu, il ne se reprend plus.",
        "C’est soumis à l’approbation.",
    ),
    "approuver": (
        "Vous approuvez exactement ce qui est écrit ci-dessous, au nom de :",
        "Votre approbation est enregistrée.",
    ),
    "refuser": (
        "Un seul refus suffit : il faudra une suite à ce texte. Vous refusez ce qui est écrit ci-dessous, au nom de :",
        "Votre refus est enregistré.",
    ),
    "consigner": (
        "Un signataire a répondu par écrit, hors de l’application. Votre nom montrera qui a enregistré cette réponse.",
        "La réponse est consignée.",
    ),
    "reprendre": (
        "Personne n’a encore répondu : le texte redevient modifiable. Il faudra le soumettre de nouveau.",
        "Le texte est de nouveau modifiable.",
    ),
}


class EtapeView(BrouillonMixin, ConventionMixin, TemplateView):
    """`get_objet`: what the address names; `get_fil`: the (address, name) pages above."""

    template_name = "evaluation/protocole/etape.html"
    permission_code = "ctg.consulter"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.action = kwargs["action"]
        if self.action not in TRANSITIONS:
            raise Http404("Cette étape n’existe pas.")
        self.objet: Approuvable = self.get_objet()

    def check_access(self) -> None:
        super().check_access()
        exiger(self.request.user, TRANSITIONS[self.action].permission, self.objet)

    def get(self, request, *args, **kwargs):
        if raison := self._refus():
            messages.error(request, raison)
            return redirect(self.get_success_url())
        return super().get(request, *args, **kwargs)

    def _refus(self) -> str:
        if self.objet.statut not in TRANSITIONS[self.action].sources:
            return f"Impossible : {nommer(self.objet)} est « {self.objet.get_statut_display()} »."
        return raison_de_ne_pas(self.action, self.objet, self.request.user)

    def get_form(self, data=None):
        form_class = FORMULAIRES.get(self.action)
        return form_class(data, objet=self.objet) if form_class else SansChampForm(data)

    def post(self, request, *args, **kwargs):
        if reponse := self.avant_enregistrement():
            return reponse
        form = self.get_form(request.POST)
        if form.is_valid():
            try:
                with transaction.atomic():
                    objet = appliquer(
                        self.action, self.objet, user=request.user, now=timezone.now(), donnees=form.donnees
                    )
                    self.recevoir()
            except (TransitionError, ValidationError, PermissionDenied) as refus:
                _dire(form, refus)
            else:
                messages.success(request, self._fait(objet))
                return redirect(self.get_success_url())
        return self.render_to_response(self.get_context_data(form=form))

    def _fait(self, objet: Approuvable) -> str:
        dit = MOTS[self.action][1]
        if self.action != "soumettre" and objet.statut in {"approuvee", "refusee"}:
            nom = nommer(objet)
            dit += f" {nom[:1].upper()}{nom[1:]} est {objet.get_statut_display()}."
        return dit

    def get_context_data(self, **kwargs):
        kwargs.setdefault("form", self.get_form(self.brouillon_data))
        au = timezone.localdate()
        propres = {
            "objet": self.objet,
            "contenu": contenu_de(self.objet),
            "is_protocole": hasattr(self.objet, "version"),
            "action": self.action,
            "titre": TRANSITIONS[self.action].label,
            "nom": nommer(self.objet),
            "question": MOTS[self.action][0],
            "fil": self.get_fil(),
            "retour": self.get_success_url(),
            "au_nom_de": [],
            "signataires": [],
            "prevenus": 0,
            "ferme": self._refus() if self.request.method == "POST" else "",
        }
        if self.action in {"approuver", "refuser"}:
            propres["au_nom_de"] = siens(self.request.user, self.objet, au=au)
        elif self.action == "soumettre":
            propres["signataires"] = signataires(self.convention, au=au)
            propres["prevenus"] = len(representants(self.objet, au=au))
        return super().get_context_data(**kwargs | propres)

    def get_success_url(self):
        return self.objet.get_absolute_url()


def _dire(form, refus: Exception) -> None:
    """Beside the field where it is the fault of one."""
    if isinstance(refus, ValidationError) and hasattr(refus, "error_dict"):
        for nom, erreurs in refus.error_dict.items():
            form.add_error(nom if nom in form.fields else None, erreurs)
    else:
        form.add_error(None, refus.messages if isinstance(refus, ValidationError) else str(refus))


class EtapeProtocoleView(ProtocoleMixin, EtapeView):
    def get_objet(self):
        return self.get_protocole()

    def get_fil(self):
        return [(adresse(self.convention), "Protocole"), (self.get_success_url(), str(self.objet))]


class EtapeQuestionView(QuestionMixin, EtapeView):
    def get_objet(self):
        return self.get_question()

    def get_fil(self):
        return fil(self.convention, self.objet)
