"""Committees and coordination, as annexe 4 says them."""

from django.contrib import messages
from django.utils import timezone
from django.views.generic import DetailView, TemplateView

from ctg.models import Decoupage
from ctg.views import ConventionMixin
from fiches.models import Axe
from gouvernance.enums import NatureEnonce, QualiteMembre
from gouvernance.models import InstanceGouvernance, Reunion
from gouvernance.obligations import collect_obligations

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


class GouvernanceView(ConventionMixin, TemplateView):
    template_name = "gouvernance/index.html"

    def get_context_data(self, **kwargs):
        enonces: dict[str, list] = {nature: [] for nature in NatureEnonce.values}
        for enonce in self.convention.enonces.order_by("ordre", "pk"):
            enonces[enonce.nature].append(enonce)
        decoupages = Decoupage.objects.filter(territoire=self.convention.territoire_id)
        today = timezone.localdate()
        instances = list(self.convention.instances_gouvernance.for_list())
        obligations = collect_obligations(self.convention, instances, au=today)
        reunions = Reunion.objects.visible_to(self.request.user).filter(convention=self.convention).for_list()
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
            axes=Axe.objects.filter(convention=self.convention, rang=1).en_vigueur(au=today).for_tree(),
            decoupages=decoupages.prefetch_related("quartiers").order_by("-is_reference", "nom", "pk"),
            **kwargs,
        )


class InstanceView(ConventionMixin, DetailView):
    template_name = "gouvernance/instance.html"
    context_object_name = "instance_gouvernance"

    def get_queryset(self):
        return InstanceGouvernance.objects.filter(convention=self.convention)

    def get_context_data(self, **kwargs):
        instance = self.object
        membres = instance.membres.select_related("organisme", "label").order_by("ordre", "pk")
        par_qualite: dict[str, list] = {}
        for membre in membres:
            par_qualite.setdefault(membre.qualite, []).append(membre)
        today = timezone.localdate()
        obligations = collect_obligations(self.convention, [instance], au=today)[instance.pk]
        annees, texte = {str(annee): annee for annee in obligations}, self.request.GET.get("annee", "")
        demandee = annees.get(texte, today.year)
        if texte and texte not in annees:
            messages.warning(
                self.request, f"Cette année n’est pas de la convention : voici l’année {demandee}."
            )
        reunions = Reunion.objects.visible_to(self.request.user).filter(instance_gouvernance=instance)
        return super().get_context_data(
            obligations=obligations.values(),
            annee=demandee,
            reunions=reunions.filter(annee=demandee).for_list(),
            missions=instance.missions.order_by("ordre", "pk"),
            composition=[
                {"nom": nom, "membres": par_qualite[qualite]}
                for qualite, nom in QualiteMembre.choices
                if qualite in par_qualite
            ],
            labels=instance.labels.order_by("ordre", "pk"),
            textes=[
                (InstanceGouvernance._meta.get_field(name).verbose_name, getattr(instance, name))
                for name in TEXTES
                if getattr(instance, name)
            ],
            **kwargs,
        )
