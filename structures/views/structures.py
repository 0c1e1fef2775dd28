"""A structure: its page, its history, its form."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import DetailView, TemplateView

from ctg.brouillons import existe, garder, sans_erreurs
from ctg.historique import collect_historique
from ctg.imports.importable import Candidat
from ctg.jetons import lire_jeton
from ctg.models import Convention, Emboitement
from ctg.panneaux import composer
from ctg.permissions import check
from ctg.views import BrouillonMixin, ConventionMixin
from ctg.views.dates import DateeMixin
from ctg.views.deux_versions import DeuxVersions, demander, dire_la_reunion
from structures.ages import ecrire_ages
from structures.completude import collect_manques
from structures.forms import StructureForm, parties
from structures.fusion import FusionStructure
from structures.inscriptions import derniere, dire_annulation
from structures.mise_a_jour import ecarts_de
from structures.models import Inscription, Structure
from structures.rapprochement import proches
from structures.reports import collect_annees
from structures.services import enregistrer_structure


class StructureMixin(ConventionMixin):
    """The structure of the address, among those that this person finds in the convention."""

    context_object_name = "structure"

    def get_queryset(self):
        is_tenu = bool(check(self.request.user, "structures.tenir", self.convention))
        structures = Structure.objects.du_registre(self.convention, is_tenu=is_tenu)
        return structures.select_related("territoire", "type_structure", "gestionnaire", "quartier")

    def get_structure(self) -> Structure:
        """Locked while saving."""
        structures = self.get_queryset()
        if self.request.method == "POST":
            structures = structures.select_for_update(of=("self",), no_key=True)
        return get_object_or_404(structures, pk=self.kwargs["pk"])

    def url_de(self, nom: str, structure: Structure, **autres) -> str:
        return reverse(
            f"structures:{nom}", kwargs={"convention": self.convention.slug, "pk": structure.pk, **autres}
        )


class StructureDetailView(DateeMixin, StructureMixin, DetailView):
    """Any account of the convention reads the registry; a structure that is not inscribed is not found.

    Of another day: its lines of that day and those that had ended; its facts are of today.
    """

    template_name = "structures/structure_detail.html"

    def get_queryset(self):
        return super().get_queryset().prefetch_related("agrements")

    def get(self, request, *args, **kwargs):
        """The address of a structure that was merged leads to the one that it is now."""
        try:
            return super().get(request, *args, **kwargs)
        except Http404:
            for structure in self.get_queryset().exclude(reunies=[]):
                if kwargs["pk"] in structure.reunies:
                    return redirect(self.url_de("detail", structure))
            raise

    def get_context_data(self, **kwargs):
        structure, user, today, jour = self.object, self.request.user, self.jour.today, self.jour
        inscriptions = Inscription.objects.filter(structure=structure, convention=self.convention)
        en_cours = list(inscriptions.en_vigueur(au=jour.au).for_list().select_related("succede_a"))
        a_venir = inscriptions.filter(date_effet__gt=today).for_list().select_related("succede_a")
        a_venir = [] if jour.is_autre else list(a_venir)
        retards = (
            []
            if jour.is_autre
            else [ecart for i in en_cours if i.date_fin is None for ecart in ecarts_de(structure, i)]
        )
        contacts = list(structure.contacts.order_by("fonction", "date_effet", "pk"))
        agrements = sorted(structure.agrements.all(), key=lambda a: (a.nature, a.pk))
        lit_chiffres = bool(check(user, "ctg.lire_chiffres", self.convention))
        return super().get_context_data(
            ages=ecrire_ages(structure.age_min, structure.age_max),
            agrements=[(a, a.est_expire(today), a.est_a_renouveler(today)) for a in agrements],
            contacts=[c for c in contacts if c.date_fin is None or c.date_fin > today],
            anciens=[c for c in contacts if c.date_fin is not None and c.date_fin <= today],
            en_cours=en_cours,
            a_venir=a_venir,
            annonces=[(i, ecarts) for i in a_venir if (ecarts := ecarts_de(structure, i))],
            retards=retards,
            annulation=dire_annulation(derniere(self.convention, structure)),
            a_reporter=any(ecart.valeurs for ecart in retards),
            passees=inscriptions.filter(date_fin__lte=jour.au).order_by("-date_fin", "pk"),
            manques=collect_manques(structure, contacts=bool(contacts)),
            secteurs=self._secteurs(structure),
            voisines=self._voisines(structure),
            lit_chiffres=lit_chiffres,
            nom_lu=en_cours[0].nom if jour.is_autre and en_cours else structure.nom,
            activite=collect_annees(structure, self.convention, today=today) if lit_chiffres else None,
            brouillon_attend=existe(user, self.url_de("modifier", structure)),
            panneaux=composer("structure", self.request, structure, self.convention),
            **kwargs,
        )

    @staticmethod
    def _secteurs(structure: Structure):
        """Where the other cuts of the territory put its quartier."""
        if structure.quartier is None:
            return Emboitement.objects.none()
        return structure.quartier.englobants.select_related("decoupage", "secteur").order_by(
            "decoupage__nom", "pk"
        )

    def _voisines(self, structure: Structure):
        if not structure.adresse:
            return Structure.objects.none()
        return (
            Structure.objects.of_convention(self.convention)
            .filter(adresse__iexact=structure.adresse, commune=structure.commune)
            .exclude(pk=structure.pk)
            .order_by("nom", "pk")
        )


class HistoriqueView(StructureMixin, DetailView):
    permission_code = "structures.historique"
    template_name = "structures/historique.html"

    def get_context_data(self, **kwargs):
        evenements = collect_historique("structure", self.request.user, self.object, self.convention)
        page = Paginator(evenements, 30).get_page(self.request.GET.get("page"))
        return super().get_context_data(page_obj=page, **kwargs)


class StructureEditView(BrouillonMixin, StructureMixin, TemplateView):
    """The structure and its parts, saved together or not at all."""

    permission_code = "structures.tenir"
    template_name = "structures/structure_form.html"
    http_method_names = ["get", "head", "post", "options"]

    def get_objet(self) -> Structure:
        return self.get_structure()

    def get_retour(self) -> str:
        return self.url_de("detail", self.objet)

    def get_success_url(self) -> str:
        return self.get_retour()

    def get(self, request, *args, **kwargs):
        self.objet = self.get_objet()
        data = self.brouillon_data
        form, formsets = StructureForm(data, instance=self.objet), parties(self.objet, data)
        if self.brouillon:
            sans_erreurs(form, *formsets.values())
        return self.render_to_response(self.get_context_data(form=form, parties=formsets))

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        self.objet = self.get_objet()  # locked until the end
        if reponse := self.avant_enregistrement():
            return reponse
        data, fusion = request.POST, None
        if self.objet.pk:
            a_deux = FusionStructure(self.objet)
            jeton = lire_jeton(data.get("version", ""), self.objet)
            if a_deux.a_bouge(jeton):
                fusion = a_deux.fusionner(jeton, data)
                if fusion.conflits:
                    return self.demander(fusion)
                data = fusion.data
        form, formsets = StructureForm(data, instance=self.objet), parties(self.objet, data)
        valides = [form.is_valid(), *(formset.is_valid() for formset in formsets.values())]
        if all(valides):
            if candidats := self.a_demander(form):
                context = self.get_context_data(form=form, parties=formsets, candidats=candidats)
                return self.render_to_response(context | {"erreurs": False})
            try:
                with transaction.atomic():
                    structure = enregistrer_structure(form, formsets)
            except ValidationError as error:
                form.add_error(None, error.messages)
            else:
                self.recevoir()
                return self.dire(structure, fusion)
        return self.render_to_response(self.get_context_data(form=form, parties=formsets))

    def a_demander(self, form) -> list[Candidat]:
        """What it may be the same as, before it is saved."""
        return []

    def dire(self, structure: Structure, fusion):
        messages.success(self.request, f"{structure} : c’est enregistré.")
        dire_la_reunion(self.request, fusion)
        return redirect(self.url_de("detail", structure))

    def demander(self, fusion):
        """The page where one chooses; what was typed is kept as a draft meanwhile."""
        garder(self.request.user, self.request.path, self.request.POST, now=timezone.now())
        page = DeuxVersions(
            titre=f"Deux versions de {self.objet}",
            cet_objet="cette structure",
            chacun="chaque champ que vous avez changé tous les deux",
            fil=(
                (reverse("structures:list", args=[self.convention.slug]), "Structures"),
                (self.get_retour(), str(self.objet)),
            ),
            retour=self.url_de("modifier", self.objet),
        )
        return demander(self.request, self.convention, fusion, page)

    def get_context_data(self, **kwargs):
        # A POST that draws the page was refused.
        kwargs.setdefault("candidats", ())
        return super().get_context_data(
            structure=self.objet, retour=self.get_retour(), erreurs=self.request.method == "POST", **kwargs
        )


class StructureAjoutView(StructureEditView):
    """A new structure of the territoire; an avenant then inscribes it."""

    def get_objet(self):
        if self.request.method == "POST":  # the same form twice at once is taken once
            Convention.objects.select_for_update(of=("self",), no_key=True).get(pk=self.convention.pk)
        return Structure(territoire=self.convention.territoire)

    def get_retour(self):
        return reverse("structures:list", kwargs={"convention": self.convention.slug})

    def a_demander(self, form):
        """Those of the registry that look like it, unless it was said of each that it is another one (`autres`)."""
        candidats = proches(form.instance, self.get_queryset().order_by("pk"))
        dites = set(self.request.POST.get("autres", "").split(","))
        return [] if {candidat.cle for candidat in candidats} <= dites else candidats

    def dire(self, structure, fusion):
        messages.success(
            self.request,
            f"{structure} est au registre. Dites maintenant par quel avenant, et à quelle annexe, elle est soutenue.",
        )
        return redirect(self.url_de("inscription", structure))
