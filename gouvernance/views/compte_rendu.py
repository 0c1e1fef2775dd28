"""The minutes of a meeting: written, taken from the points, sent for the aval, distributed; and the printed papers."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.generic import View

from ctg.templatetags.affichage import pluriel
from ctg.views.mixins import exiger
from gouvernance.compte_rendu import rediger
from gouvernance.documents import nom_de_fichier, render_convocation, render_dossier, render_releve
from gouvernance.enums import ActionCompteRendu as A
from gouvernance.envois import convoques, envoyer_compte_rendu
from gouvernance.forms import CompteRenduForm
from gouvernance.forms_envois import DestinatairesForm, MotifForm, SansChampForm
from gouvernance.lecture import papiers_lisibles
from gouvernance.models import Label
from gouvernance.transitions import CIRCUIT, CONDITIONS, TransitionError, appliquer
from gouvernance.views.envois import EtapeReunionView, faire_partir
from gouvernance.views.reunions import ReunionEditView, ReunionMixin

QUESTIONS = {
    A.TRANSMETTRE: (
        "Ceux qui donnent l’aval liront le compte rendu et ses décisions. Jusqu’à leur réponse, son texte ne change plus ; le responsable et l’échéance d’une décision se suivent encore.",
        "Le compte rendu est transmis pour aval.",
    ),
    A.AVALISER: (
        "Vous donnez l’aval au compte rendu tel qu’il est écrit. Il pourra ensuite être diffusé aux membres.",
        "Votre aval est enregistré.",
    ),
    A.REFUSER: (
        "Le compte rendu redevient un brouillon, avec votre motif : il sera corrigé, puis transmis de nouveau.",
        "Votre refus est enregistré.",
    ),
    A.DIFFUSER: (
        (
            "Les membres du COPIL liront le compte rendu ici, tous liront ses décisions, et les personnes choisies le reçoivent par courriel. "
            "Après cela, plus rien n’y change."
        ),
        "Le compte rendu est diffusé.",
    ),
}


class CompteRenduView(ReunionEditView):
    """The text alone."""

    form_class = CompteRenduForm

    def get_refus(self):
        if self.objet.is_annulee:
            return "Cette réunion est annulée : elle n’a pas de compte rendu."
        return super().get_refus()

    def get_message(self, reunion):
        return f"Le compte rendu de la réunion {reunion.numero} est enregistré."

    def get_apres(self, reunion):
        return f"{reunion.get_absolute_url()}#compte-rendu"

    def get_titre(self):
        return f"Écrire le compte rendu de la réunion {self.objet.numero}"


class RepriseView(EtapeReunionView):
    """Puts what was noted on the points in the minutes; a text that is there goes to the history."""

    titre = "Reprendre le compte rendu des points"

    def get_form(self, data=None):
        return SansChampForm(data)

    def agir(self, form) -> str:
        rediger(self.reunion, au=timezone.localdate())
        return "Le compte rendu est repris des présences, des notes et des décisions : relisez et complétez."

    def get_success_url(self):
        kwargs = {"convention": self.convention.slug, "pk": self.reunion.pk}
        return reverse("gouvernance:compte_rendu", kwargs=kwargs)

    def get_context_data(self, **kwargs):
        question = (
            "Le compte rendu écrit jusqu’ici sera remplacé par les présences, les notes et les décisions de chaque "
            "point. L’historique de la réunion en garde le texte."
            if self.reunion.compte_rendu
            else "Les présences, les notes et les décisions de chaque point font la première version du compte rendu."
        )
        return super().get_context_data(question=question, **kwargs)


class EtapeCompteRenduView(EtapeReunionView):
    """One action of the circuit."""

    permission_code = "ctg.consulter"  # the action says more

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.action = kwargs["action"]
        if self.action not in CIRCUIT:
            raise Http404("Cette étape n’existe pas.")
        self.titre = CIRCUIT[self.action].label

    def get_reunion(self):
        reunion = super().get_reunion()
        exiger(self.request.user, CIRCUIT[self.action].permission, reunion)
        return reunion

    def get_refus(self) -> str:
        if self.reunion.etat_compte_rendu not in CIRCUIT[self.action].sources:
            return f"Impossible : le compte rendu est « {self.reunion.get_etat_compte_rendu_display()} »."
        return CONDITIONS.get(self.action, lambda reunion, au: "")(self.reunion, timezone.localdate())

    def get_form(self, data=None):
        if self.action == A.REFUSER:
            return MotifForm(data)
        if self.action == A.DIFFUSER:
            tous = {personne.pk for personne in convoques(self.reunion)} or None
            return DestinatairesForm(data, reunion=self.reunion, tous=tous)
        return SansChampForm(data)

    def agir(self, form) -> str:
        user, now, lu = self.request.user, timezone.now(), form.cleaned_data
        try:
            appliquer(self.action, self.reunion.pk, user=user, now=now, motif=lu.get("motif", ""))
        except TransitionError as refus:
            raise ValidationError(str(refus)) from refus
        dit = QUESTIONS[self.action][1]
        if self.action != A.DIFFUSER:
            return dit
        envoi = envoyer_compte_rendu(
            self.reunion.pk, lu["personnes"], user=user, now=now, message=lu["message"]
        )
        faire_partir(envoi)
        nb = len(lu["personnes"])
        return f"{dit} Il part vers {nb}\u00a0personne{pluriel(nb)}."

    def get_success_url(self):
        return f"{self.reunion.get_absolute_url()}#compte-rendu"

    def get_context_data(self, **kwargs):
        a_lire = self.action in {A.AVALISER, A.REFUSER, A.DIFFUSER}
        return super().get_context_data(question=QUESTIONS[self.action][0], a_lire=a_lire, **kwargs)


class DocumentView(ReunionMixin, View):
    """A printed paper, of the state of the moment. `?label=`: the extract for one label."""

    http_method_names = ["get", "head"]

    def get(self, request, *args, **kwargs):
        reunion, document = self.get_reunion(), kwargs["document"]
        papiers = papiers_lisibles(request.user, reunion)
        lisible = papiers.compte_rendu if document == "compte-rendu" else papiers.ordre_du_jour
        if document not in DOCUMENTS:
            raise Http404("Ce document n’existe pas.")
        if not lisible:
            raise PermissionDenied(papiers.raison)
        label, now = self._label(), timezone.now()
        octets = (
            render_releve(reunion, now=now, label=label) if label else DOCUMENTS[document](reunion, now=now)
        )
        response = HttpResponse(octets, content_type="application/pdf")
        nom = nom_de_fichier("extrait" if label else document, reunion, label)
        response["Content-Disposition"] = f'attachment; filename="{nom}"'
        return response

    def _label(self) -> Label | None:
        voulu = self.request.GET.get("label", "")
        if not voulu or self.kwargs["document"] != "compte-rendu":
            return None
        if not voulu.isdecimal() or len(voulu) > 9:
            raise Http404("Ce label n’existe pas.")
        label = Label.objects.filter(convention=self.convention, pk=int(voulu)).first()
        if label is None:
            raise Http404("Ce label n’existe pas.")
        return label


DOCUMENTS = {"convocation": render_convocation, "dossier": render_dossier, "compte-rendu": render_releve}
