"""Committees and coordination, as annexe 4 says them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.views.generic import DetailView, TemplateView

from ctg.historique import collect_historique
from ctg.models import Decoupage
from ctg.views import ConventionMixin
from ctg.views.dates import DateeMixin
from fiches.models import Axe
from gouvernance.composition import collect_composition
from gouvernance.enums import NatureEnonce, TypeInstance
from gouvernance.models import InstanceGouvernance, Reunion
from gouvernance.obligations import collect_obligations, collect_seminaires

NB_REUNIONS = 5  # next, and latest, on the first page
TEXTES = (
    "presidence",
    "portage",
    "animation",
    "preparation",
    "secretariat",
    "diffusion",
    "deroulement",
    "evolution",
)


class GouvernanceView(DateeMixin, ConventionMixin, TemplateView):
    """The seats and the axes are those of the day; meetings and obligations are of today."""

    template_name = "gouvernance/index.html"

    def get_context_data(self, **kwargs):
        enonces: dict[str, list] = {nature: [] for nature in NatureEnonce.values}
        for enonce in self.convention.enonces.order_by("ordre", "pk"):
            enonces[enonce.nature].append(enonce)
        decoupages = Decoupage.objects.filter(territoire=self.convention.territoire_id)
        today = self.jour.today
        instances = list(self.convention.instances_gouvernance.for_list(au=self.jour.au))
        obligations = collect_obligations(self.convention, instances, au=today)
        reunions = Reunion.objects.visible_to(self.request.user).filter(convention=self.convention)
        reunions = reunions.for_list(self.request.user)
        return super().get_context_data(
            lignes=[(instance, obligations[instance.pk][today.year]) for instance in instances],
            prochaines=reunions.maintenues()
            .filter(date__gt=today)
            .order_by("date", "rang", "pk")[:NB_REUNIONS],
            dernieres=reunions.filter(date__lte=today)[:NB_REUNIONS],
            enonces=[
                {"nature": nature, "nom": nom, "lignes": enonces[nature]}
                for nature, nom in NatureEnonce.choices
                if enonces[nature]
            ],
            postes=self.convention.postes.order_by("ordre", "pk"),
            axes=Axe.objects.filter(convention=self.convention, rang=1)
            .en_vigueur(au=self.jour.au)
            .for_tree(),
            decoupages=decoupages.prefetch_related("quartiers").order_by("-is_reference", "nom", "pk"),
            **kwargs,
        )


class InstanceView(DateeMixin, ConventionMixin, DetailView):
    """Its composition is that of the day; the rest is of today, and of `?annee=`."""

    template_name = "gouvernance/instance.html"
    context_object_name = "instance_gouvernance"

    def get_queryset(self):
        return InstanceGouvernance.objects.filter(convention=self.convention).select_related("convention")

    def get_context_data(self, **kwargs):
        instance = self.object
        today = self.jour.today
        obligations = collect_obligations(self.convention, [instance], au=today)[instance.pk]
        annees, texte = {str(annee): annee for annee in obligations}, self.request.GET.get("annee", "")
        demandee = annees.get(texte, today.year)
        if texte and texte not in annees:
            messages.warning(
                self.request, f"Cette année n’est pas de la convention : voici l’année {demandee}."
            )
        reunions = Reunion.objects.visible_to(self.request.user).filter(instance_gouvernance=instance)
        seminaires = (
            collect_seminaires(self.convention, demandee, au=today)
            if instance.type_instance == TypeInstance.SEMINAIRE
            else []
        )
        return super().get_context_data(
            seminaires=seminaires,
            nb_seminaires=sum(bool(s.tenu or s.prevu) for s in seminaires),
            obligations=obligations.values(),
            annee=demandee,
            reunions=reunions.filter(annee=demandee).for_list(self.request.user),
            missions=instance.missions.order_by("ordre", "pk"),
            composition=collect_composition(instance, au=self.jour.au),
            today=today,
            labels=instance.labels.order_by("ordre", "pk"),
            textes=[
                (InstanceGouvernance._meta.get_field(name).verbose_name, getattr(instance, name))
                for name in TEXTES
                if getattr(instance, name)
            ],
            **kwargs,
        )


class InstanceHistoriqueView(ConventionMixin, DetailView):
    """Its seats, and who held them."""

    permission_code = "gouvernance.historique"
    template_name = "gouvernance/instance_historique.html"
    context_object_name = "instance_gouvernance"

    def get_queryset(self):
        return InstanceGouvernance.objects.filter(convention=self.convention)

    def get_context_data(self, **kwargs):
        evenements = collect_historique("instance", self.request.user, self.object, self.convention)
        page = Paginator(evenements, 30).get_page(self.request.GET.get("page"))
        return super().get_context_data(page_obj=page, **kwargs)
