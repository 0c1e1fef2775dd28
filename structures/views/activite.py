"""The yearly activity: the figures of one structure and year, and those of all of them together."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max
from django.http import Http404, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from django_filters.views import FilterView

from ctg.brouillons import sans_erreurs
from ctg.imports.sorties import FORMATS
from ctg.listes import Colonne
from ctg.views import BrouillonMixin, ConventionMixin
from ctg.views.deux_versions import dire_la_reunion
from ctg.views.listes import ListeMixin
from structures.filters import ActiviteFilterSet
from structures.forms import ActiviteForm
from structures.imports_activite import ACTIVITES, QUARTIER, TYPE
from structures.models import Activite, Structure
from structures.models.activite import ANNEE_MIN
from structures.reports import par_quartier, par_type, totaliser, totaliser_tout
from structures.services import enregistrer_activite
from structures.views.structures import StructureMixin

# What leaves with a column is what the import takes back.
donne = ACTIVITES.exporter_chiffres


def _chiffre(champ: str, titre: str) -> Colonne:
    return Colonne(champ, titre, donne(champ), (F(f"activite_{champ}").desc(nulls_last=True),))


COLONNES = (
    Colonne("nom", "Structure", donne("structure", "nom", "annee"), ("nom",)),
    Colonne("type", "Type", ((TYPE, lambda s: str(s.type_structure)),), ("type_structure__ordre",)),
    Colonne(
        "quartier",
        "Quartier",
        ((QUARTIER, lambda s: str(s.quartier or "")),),
        (F("quartier__ordre").asc(nulls_last=True),),
    ),
    _chiffre("places", "Places"),
    _chiffre("heures", "Heures réalisées"),
    _chiffre("enfants", "Enfants accueillis"),
    _chiffre("taux_occupation", "Taux d’occupation (%)"),
    Colonne("source", "Source", donne("source"), is_en_plus=True),
)


class ActivitesView(ListeMixin, ConventionMixin, FilterView):
    """`?annee=`: the last year of which something is known, unless another is asked."""

    permission_code = "ctg.lire_chiffres"
    colonnes = COLONNES
    ordre = ("type_structure__ordre", "nom", "pk")
    filterset_class = ActiviteFilterSet
    template_name = "structures/activites.html"
    paginate_by = 60
    formats_de_table = FORMATS

    @cached_property
    def annees(self) -> list[int]:
        today = timezone.localdate()
        return [annee for annee in self.convention.annees if annee <= today.year] or [today.year]

    @cached_property
    def annee(self) -> int:
        texte = self.request.GET.get("annee", "")
        if texte.isdecimal() and len(texte) == 4 and int(texte) in self.annees:
            return int(texte)
        if texte:
            messages.warning(
                self.request, "Cette année n’est pas de la convention : voici la dernière connue."
            )
        siennes = Activite.objects.filter(
            structure__in=Structure.objects.of_convention(self.convention), annee__in=self.annees
        )
        return siennes.aggregate(derniere=Max("annee"))["derniere"] or self.annees[-1]

    def get_filterset_kwargs(self, filterset_class):
        kwargs = super().get_filterset_kwargs(filterset_class)
        data = (kwargs["data"] or QueryDict()).copy()
        data["annee"] = str(self.annee)
        return kwargs | {"annees": self.annees, "data": data}

    def get_queryset(self):
        structures = Structure.objects.inscrites_dans_lannee(self.convention, self.annee)
        structures = structures.with_activite(self.annee)
        return self.trier(structures.select_related("type_structure", "quartier"))

    def get_context_data(self, **kwargs):
        context = super().get_context_data(annee=self.annee, annees=self.annees, **kwargs)
        filtre = context["filter"]
        structures = list(filtre.qs) if filtre.is_valid() else []
        return context | {
            "ensemble": totaliser_tout(structures, "Ensemble"),
            "tableaux": (
                ("type", "Par type de structure", totaliser(structures, par_type)),
                ("quartier", "Par quartier", totaliser(structures, par_quartier)),
            ),
        }


class ActiviteView(BrouillonMixin, StructureMixin, TemplateView):
    """The figures of the year of the address; all emptied, the year is not known any more."""

    permission_code = "structures.tenir"
    template_name = "structures/activite_form.html"
    http_method_names = ["get", "head", "post", "options"]

    def get_objet(self) -> Activite:
        """Locked with its structure while saving."""
        annee = self.kwargs["annee"]
        if not ANNEE_MIN <= annee <= timezone.localdate().year:
            raise Http404("Cette année n’a pas commencé.")
        self.structure = self.get_structure()
        activite = self.structure.activites.filter(annee=annee).first()
        return activite or Activite(structure=self.structure, annee=annee)

    def get_success_url(self) -> str:
        return f"{self.url_de('detail', self.structure)}#activite"

    def get(self, request, *args, **kwargs):
        self.objet = self.get_objet()
        form = ActiviteForm(self.brouillon_data, instance=self.objet)
        if self.brouillon:
            sans_erreurs(form)
        return self.render_to_response(self.get_context_data(form=form))

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        self.objet = self.get_objet()
        if reponse := self.avant_enregistrement():
            return reponse
        form = ActiviteForm(request.POST, instance=self.objet)
        if form.is_valid():
            try:
                with transaction.atomic():
                    reste = enregistrer_activite(form.save(commit=False))
            except ValidationError as error:
                form.add_error(None, error.messages)
            else:
                self.recevoir()
                dit = (
                    "c’est enregistré"
                    if reste
                    else "plus rien n’est renseigné, l’historique garde les chiffres"
                )
                messages.success(request, f"Activité {self.kwargs['annee']} de {self.structure} : {dit}.")
                dire_la_reunion(request, form)
                return redirect(self.get_success_url())
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            structure=self.structure,
            annee=self.kwargs["annee"],
            retour=self.url_de("detail", self.structure),
            erreurs=self.request.method == "POST",  # a POST that draws the page was refused
            **kwargs,
        )
