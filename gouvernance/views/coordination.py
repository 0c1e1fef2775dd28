"""Who coordinates what, and what the posts cost."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from ctg.permissions import check
from ctg.views import ConventionMixin
from gouvernance.coordination import collect_coordination, collect_postes
from gouvernance.forms_coordination import FinancementForm, PosteForm
from gouvernance.models import FinancementPoste, PosteCooperation
from gouvernance.postes import enregistrer_financement, enregistrer_poste
from gouvernance.views.simples import FormulaireView, RetraitView


class CoordinationView(ConventionMixin, TemplateView):
    """Names are read by those who read « Personnes », amounts by those who read the figures."""

    template_name = "gouvernance/coordination.html"

    def get_context_data(self, **kwargs):
        user = self.request.user
        nommer = check(user, "ctg.voir_personnes", self.convention)
        return super().get_context_data(
            coordination=collect_coordination(self.convention, au=timezone.localdate()),
            postes=collect_postes(self.convention),
            nommer=nommer,
            inviter=nommer and check(user, "ctg.inviter", self.convention),
            compter=check(user, "ctg.lire_chiffres", self.convention),
            **kwargs,
        )


class PosteMixin(ConventionMixin):
    permission_code = "gouvernance.tenir"

    def get_poste(self):
        """Locked while saving."""
        postes = PosteCooperation.objects.filter(convention=self.convention).select_related("convention")
        if self.request.method == "POST":
            postes = postes.select_for_update(of=("self",), no_key=True)
        return get_object_or_404(postes, pk=self.kwargs["pk"])

    def get_fil(self):
        page = reverse("gouvernance:coordination", kwargs={"convention": self.convention.slug})
        return [(page, "Coordination")]

    def get_retour(self):
        return self.objet.get_absolute_url()


class PosteEditView(PosteMixin, FormulaireView):
    form_class = PosteForm
    enregistrer = staticmethod(enregistrer_poste)

    def get_objet(self):
        return self.get_poste()

    def get_message(self, poste) -> str:
        return f"« {poste} » : c’est enregistré."

    def get_titre(self):
        return f"Modifier le poste « {self.objet} »"


class FinancementAjoutView(PosteMixin, FormulaireView):
    """`pk` is the post; `?annee=` is proposed."""

    form_class = FinancementForm
    enregistrer = staticmethod(enregistrer_financement)

    def get_objet(self):
        return FinancementPoste(poste=self.get_poste())

    def get_initial(self):
        annee = self.request.GET.get("annee", "")
        return {"annee": int(annee) if annee.isdecimal() and len(annee) == 4 else timezone.localdate().year}

    def get_message(self, financement) -> str:
        return f"{financement} : c’est enregistré."

    def get_titre(self):
        return f"Ajouter un financement du poste « {self.objet.poste} »"


class FinancementMixin(PosteMixin):
    """The line of the address, in the convention of the address; locked while saving."""

    def get_objet(self):
        lignes = FinancementPoste.objects.filter(poste__convention=self.convention)
        lignes = lignes.select_related("poste__convention", "financeur")
        if self.request.method == "POST":
            lignes = lignes.select_for_update(of=("self",), no_key=True)
        return get_object_or_404(lignes, pk=self.kwargs["pk"])


class FinancementEditView(FinancementMixin, FinancementAjoutView):
    retrait, retrait_dit = "gouvernance:financement_supprimer", "Retirer cette ligne"

    def get_initial(self):
        return {}

    def get_titre(self):
        return f"Modifier le financement : {self.objet}"


class FinancementRetraitView(FinancementMixin, RetraitView):
    titre = "Retirer le financement : {}"
    question = "La ligne « {} » disparaît, avec ses montants ; l’historique en garde la trace."
    action = "Retirer cette ligne"
    message = "La ligne « {} » est retirée."
