"""The minutes of a meeting: written, taken from the points, sent for the aval, distributed; and the printed papers."""

from contextlib import suppress

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.generic import View

from ctg.fichiers import tout_ou_rien
from ctg.templatetags.affichage import pluriel
from ctg.views.fichiers import servir_conserve
from ctg.views.mixins import exiger
from gouvernance.avertissements import qui_avalise
from gouvernance.compte_rendu import rediger
from gouvernance.diffusion import document_de
from gouvernance.documents import nom_de_fichier, render_convocation, render_dossier, render_releve
from gouvernance.enums import ActionCompteRendu as A
from gouvernance.envois import convoques, envoyer_compte_rendu
from gouvernance.forms import CompteRenduForm
from gouvernance.forms_envois import DestinatairesForm, MotifForm, SansChampForm
from gouvernance.lecture import papiers_lisibles
from gouvernance.models import Label, Reunion
from gouvernance.tasks import faire_partir
from gouvernance.transitions import (
    CIRCUIT,
    TransitionError,
    appliquer,
    preparer_diffusion,
    raison_de_ne_pas,
)
from gouvernance.views.envois import EtapeReunionView
from gouvernance.views.reunions import ReunionEditView, ReunionMixin

PDF = "application/pdf"
QUESTIONS = {
    A.TRANSMETTRE: (
        (
            "Ceux qui donnent l’aval liront le compte rendu et ses décisions. Jusqu’à leur réponse, plus rien n’y change : ni "
            "le texte, ni le responsable ou l’échéance d’une décision."
        ),
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
            "Les membres du COPIL liront le compte rendu ici, tous liront ses décisions, et les personnes choisies le reçoivent "
            "par courriel. Ses fichiers PDF sont gardés tels quels : après cela, plus rien n’y change. Une échéance qui bouge "
            "ensuite se note dans le suivi de sa décision."
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
        return raison_de_ne_pas(self.action, self.reunion, timezone.localdate())

    def get_form(self, data=None):
        if self.action == A.REFUSER:
            return MotifForm(data)
        if self.action == A.DIFFUSER:
            tous = {personne.pk for personne in convoques(self.reunion)} or None
            return DestinatairesForm(data, reunion=self.reunion, tous=tous)
        return SansChampForm(data)

    def preparer(self) -> None:
        """The files of a distribution; a draft needs none."""
        self.now, self.dessins = timezone.now(), None
        lu = self.request.POST
        if self.action != A.DIFFUSER or lu.get("brouillon") or lu.get("abandonner"):
            return
        with suppress(TransitionError, PermissionDenied, Reunion.DoesNotExist):  # said under the lock
            self.dessins = preparer_diffusion(self.kwargs["pk"], user=self.request.user, now=self.now)

    def agir(self, form) -> str:
        with tout_ou_rien():
            return self._agir(form.cleaned_data)

    def _agir(self, lu: dict) -> str:
        user, now = self.request.user, self.now
        motif, dit = lu.get("motif", ""), QUESTIONS[self.action][1]
        try:
            appliquer(self.action, self.reunion.pk, user=user, now=now, motif=motif, dessins=self.dessins)
        except TransitionError as refus:
            raise ValidationError(str(refus)) from refus
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
        question = QUESTIONS[self.action][0]
        if self.action == A.TRANSMETTRE:
            question = f"{question} {self._qui_est_prevenu()}"
        attente = "Les documents se préparent : quelques secondes." if self.action == A.DIFFUSER else ""
        return super().get_context_data(question=question, a_lire=a_lire, attente=attente, **kwargs)

    def _qui_est_prevenu(self) -> str:
        personnes = qui_avalise(self.reunion, au=timezone.localdate())
        if personnes:
            return f"Prévenus par courriel : {', '.join(map(str, personnes))}."
        return (
            "Personne n’a encore de compte pour donner cet aval : demandez à un administrateur d’en ouvrir un à la Caf, "
            "ou à l’organisme choisi dans les paramètres de la convention."
        )


class DocumentView(ReunionMixin, View):
    """A printed paper, of the state of the moment; of distributed minutes, the very file. `?label=`: the extract for one label."""

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
        if document == "compte-rendu" and reunion.documents_diffuses.exists():
            if (garde := document_de(reunion, label)) is None:
                raise Http404("Aucun extrait n’a été diffusé pour ce label.")
            return servir_conserve(request, garde, PDF)
        octets = (
            render_releve(reunion, now=now, label=label) if label else DOCUMENTS[document](reunion, now=now)
        )
        response = HttpResponse(octets, content_type=PDF)
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
