"""Definitions of the indicators: list, page, form. Values are shown to who reads figures, and never written here."""

from operator import attrgetter

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import DetailView, TemplateView
from django_filters.views import FilterView

from ctg.brouillons import garder, sans_erreurs
from ctg.dates import derniere_annee_finie
from ctg.listes import Colonne
from ctg.permissions import check
from ctg.views import BrouillonMixin, ConventionMixin
from ctg.views.dates import ListeDateeMixin
from ctg.views.deux_versions import DeuxVersions, demander, dire_la_reunion
from ctg.views.mixins import exiger
from evaluation.annees import AnneesDUnIndicateur, collect_annees
from evaluation.definitions import enregistrer_indicateur, verrouiller_fiche
from evaluation.evolutions import collect_evolutions
from evaluation.filters import IndicateurFilterSet
from evaluation.forms_indicateurs import IndicateurForm
from evaluation.fusion_indicateur import a_bouge, fusionner_indicateur, lire_indicateur, signer_indicateur
from evaluation.lecture import caches
from evaluation.models import Cible, Indicateur, LienRegistre
from evaluation.models.verrouillage import premier, verrous_de
from evaluation.preparation import demande_en_mots
from evaluation.renouvellement.departs import proposition_de
from evaluation.series import collect_anciens
from fiches.filters import textes_du_jour
from fiches.models import FicheProjet
from gouvernance.models import Decision

DEFINIR = "evaluation.definir"


def fiches_definies(user, convention) -> list[FicheProjet]:
    """The fiches in force whose indicators this person defines; two queries."""
    fiches = FicheProjet.objects.filter(convention=convention).en_vigueur(au=timezone.localdate())
    return [f for f in fiches.for_list().prefetch_related("axes") if check(user, DEFINIR, f)]


class IndicateurMixin(ConventionMixin):
    """One indicator of the convention; `permission_code` is asked of its fiche."""

    context_object_name = "indicateur"

    def check_access(self) -> None:
        """The object says."""

    def get_queryset(self):
        return (
            Indicateur.objects.filter(fiche__convention=self.convention)
            .select_related("fiche__convention__territoire", "fiche__axe", "succede_a", "responsable")
            .prefetch_related("fiche__axes")
        )

    def get_object(self, queryset=None):
        indicateur = super().get_object(queryset)
        exiger(self.request.user, self.permission_code, indicateur.fiche)
        return indicateur

    def get_object_verrouille(self) -> Indicateur:
        """Read anew once its fiche is locked."""
        pk = self.get_object().fiche_id
        verrouiller_fiche(pk)
        return self.get_object()


def _valeur(annee: int):
    return lambda indicateur: indicateur.evolution.valeurs.get(annee)


def _cible(annee: int):
    return lambda indicateur: next((c.valeur for c in indicateur.cibles.all() if c.annee == annee), None)


COLONNES = (
    Colonne(
        "indicateur",
        "Indicateur",
        (("Code", attrgetter("code")), ("Indicateur", attrgetter("intitule"))),
        ("code",),
    ),
    Colonne(
        "fiche",
        "Fiche",
        (("Fiche", lambda indicateur: indicateur.fiche.code),),
        ("rang_axe", "rang_fiche"),
    ),
    Colonne(
        "nature",
        "Nature et type",
        (
            ("Nature", lambda indicateur: indicateur.get_nature_display()),
            ("Unité", attrgetter("unite_affichee")),
            ("Type", lambda indicateur: indicateur.get_type_indicateur_display()),
            ("Détail", lambda indicateur: indicateur.get_ventilation_display()),
        ),
        ("type_indicateur", "nature"),
    ),
    Colonne("definition", "Définition", (("Définition", attrgetter("definition")),), is_en_plus=True),
    Colonne("depart", "Départ", (("Départ", attrgetter("valeur_depart")),)),
)


class IndicateurListView(ListeDateeMixin, ConventionMixin, FilterView):
    """Those in force or to come; of another day, those in force, with the values of the years that had ended."""

    ordre = ("rang_axe", "rang_fiche", "ordre", "pk")
    filterset_class = IndicateurFilterSet
    template_name = "evaluation/indicateur_list.html"
    paginate_by = 50

    @property
    def voit_personnes(self) -> bool:
        return bool(check(self.request.user, "ctg.voir_personnes", self.convention))

    @property
    def voit_chiffres(self) -> bool:
        return bool(check(self.request.user, "ctg.lire_chiffres", self.convention))

    @property
    def annees_commencees(self) -> list[int]:
        derniere = derniere_annee_finie(self.jour.au) if self.jour.is_passe else self.jour.today.year
        return [annee for annee in self.convention.annees if annee <= derniere]

    def preparer(self, lignes):
        """With the values of their years, where they are shown and this person reads them."""
        if "evolution" not in self.demande.codes:
            return lignes
        indicateurs, user, convention = list(lignes), self.request.user, self.convention
        evolutions = collect_evolutions(
            [indicateur.pk for indicateur in indicateurs],
            self.annees_commencees,
            collect_anciens(convention, user),
            caches(user, convention),
        )
        for indicateur in indicateurs:
            indicateur.evolution = evolutions[indicateur.pk]
        return indicateurs

    def get_filterset_kwargs(self, filterset_class):
        return super().get_filterset_kwargs(filterset_class) | {
            "voit_personnes": self.voit_personnes,
            "is_autre_jour": self.jour.is_autre,
        }

    def get_queryset(self):
        indicateurs = Indicateur.objects.filter(fiche__convention=self.convention)
        au = self.jour.au
        if self.jour.is_autre:
            indicateurs = indicateurs.en_vigueur(au=au)
        elif not self.request.GET.get("clos"):
            a_venir = indicateurs.filter(succede_a__isnull=False, date_effet__gt=au)
            indicateurs = indicateurs.non_clos(au=au).exclude(pk__in=a_venir)
        textes = textes_du_jour(self.request).filter(code=OuterRef("fiche__code"))
        indicateurs = indicateurs.annotate(
            rang_axe=Coalesce(Subquery(textes.values("axe__ordre")[:1]), F("fiche__axe__ordre")),
            rang_fiche=Coalesce(Subquery(textes.values("numero")[:1]), F("fiche__numero")),
        )
        cibles = Prefetch("cibles", Cible.objects.order_by("annee"))
        liens = ("fiche__axe", "fiche__convention", "responsable")
        return self.trier(indicateurs.select_related(*liens).prefetch_related(cibles))

    def get_colonnes(self):
        cibles = tuple((f"Cible {annee}", _cible(annee)) for annee in self.convention.annees)
        valeurs = tuple((f"Valeur {annee}", _valeur(annee)) for annee in self.annees_commencees)
        evolution = Colonne("evolution", "Évolution", valeurs)
        saisi_par = Colonne(
            "responsable",
            "Saisi par",
            (("Saisi par", lambda indicateur: str(indicateur.responsable or "référent de la fiche")),),
            (F("responsable__nom").asc(nulls_last=True),),
        )
        return (
            *COLONNES,
            Colonne("cibles", "Cibles", cibles),
            *((evolution,) if self.voit_chiffres and valeurs else ()),
            *((saisi_par,) if self.voit_personnes else ()),
        )

    def get_context_data(self, **kwargs):
        fiches = [] if self.jour.is_autre else fiches_definies(self.request.user, self.convention)
        context = super().get_context_data(
            voit_personnes=self.voit_personnes,
            fiches_definies=fiches,
            definies={fiche.pk for fiche in fiches},
            today=self.jour.today,
            **kwargs,
        )
        context["lignes"] = self.preparer(context["page_obj"].object_list)
        return context

    def get(self, request, *args, **kwargs):
        """`?ajouter=PE-1`: the choice of a fiche, from the form of the list."""
        if code := request.GET.get("ajouter"):
            fiche = get_object_or_404(
                FicheProjet.objects.en_vigueur(au=timezone.localdate()), convention=self.convention, code=code
            )
            return redirect("indicateurs:ajouter", convention=self.convention.slug, code=fiche.code)
        return super().get(request, *args, **kwargs)


class IndicateurDetailView(IndicateurMixin, DetailView):
    template_name = "evaluation/indicateur_detail.html"

    def get_queryset(self):
        return super().get_queryset().for_entry()

    def _url_avant(self) -> str:
        """The indicator that it continues, for who reads it."""
        avant = self.object.predecesseur
        lu = avant is not None and check(self.request.user, "fiches.consulter", avant.fiche)
        return avant.get_absolute_url() if lu else ""

    def _valeurs(self) -> AnneesDUnIndicateur | None:
        """Those that this person reads, of the years that have begun."""
        user, convention = self.request.user, self.convention
        if not check(user, "ctg.lire_chiffres", convention):
            return None
        annees = [annee for annee in convention.annees if annee <= timezone.localdate().year]
        if self.object.predecesseur_id:  # before the first one, the curve is that of the convention before
            annees = annees or convention.annees[:1]
        return collect_annees(
            self.object, annees, collect_anciens(convention, user), caches(user, convention)
        )

    def get_context_data(self, **kwargs):
        indicateur, valeurs = self.object, self._valeurs()
        verrous = verrous_de(indicateur)
        voit_personnes = bool(check(self.request.user, "ctg.voir_personnes", self.convention))
        return super().get_context_data(
            url_avant=self._url_avant(),
            proposition=proposition_de(indicateur, self.request.user),
            valeurs=valeurs,
            par_annee=list(zip(valeurs.annees, valeurs.lignes, strict=True)) if valeurs else [],
            cibles=list(indicateur.cibles.order_by("annee")),
            parts=list(indicateur.modalites.order_by("ordre", "pk")),
            suite=Indicateur.objects.filter(succede_a=indicateur).select_related("fiche__convention").first(),
            verrou=premier(verrous) if voit_personnes else None,  # it says who submitted
            annees_verrouillees=sorted(verrous),
            voit_personnes=voit_personnes,
            decisions=Decision.objects.visible_to(self.request.user)
            .filter(liens_indicateur__indicateur=indicateur)
            .select_related("reunion__convention")
            .order_by("liens_indicateur__pk"),
            droit=check(self.request.user, DEFINIR, indicateur.fiche),
            lien_registre=LienRegistre.objects.filter(indicateur=indicateur)
            .select_related("type_structure", "quartier")
            .first(),
            today=timezone.localdate(),
            **kwargs,
        )


class FormulaireMixin(BrouillonMixin):
    """A form of a definition: its page, its faults, its draft."""

    permission_code = DEFINIR

    def get_context_data(self, **kwargs):
        kwargs["erreurs"] = self.request.method == "POST"  # a POST that draws the page was refused
        if "form" not in kwargs:
            kwargs["form"] = self.construire(self.brouillon_data)
        if self.brouillon:
            sans_erreurs(kwargs["form"])
        return super().get_context_data(fiche=kwargs["form"].fiche, **kwargs)

    def get_success_url(self):
        if self.object is not None:
            return self.object.get_absolute_url()
        return reverse("indicateurs:list", kwargs={"convention": self.convention.slug})


class IndicateurUpdateView(FormulaireMixin, IndicateurMixin, DetailView):
    template_name = "evaluation/indicateur_form.html"
    http_method_names = ["get", "head", "post", "options"]

    def construire(self, data=None) -> IndicateurForm:
        # Signed before the rest is read: what is saved in between is then asked, never lost.
        jeton = signer_indicateur(self.object.pk)
        # A form writes on its instance while it validates.
        instance = Indicateur.objects.select_related("fiche__convention__territoire").get(pk=self.object.pk)
        return IndicateurForm(data, instance=instance, fiche=instance.fiche, initial={"jeton": jeton})

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        self.object = self.get_object_verrouille()
        if reponse := self.avant_enregistrement():
            return reponse
        data, fusion, pk = request.POST, None, self.object.pk
        vu = lire_indicateur(request.POST.get("jeton", ""), pk)
        if a_bouge(pk, vu):
            fusion = fusionner_indicateur(pk, vu, request.POST)
            if fusion.conflits:
                return self.demander(fusion)
            data = fusion.data
        form = self.construire(data)
        if form.is_valid():
            try:
                with transaction.atomic():
                    self.object = enregistrer_indicateur(form, user=request.user, now=timezone.now())
            except ValidationError as error:
                form.add_error(None, ValidationError(error.messages))
            else:
                self.recevoir()
                self._dire(fusion)
                return redirect(self.object)
        return self.render_to_response(self.get_context_data(form=form))

    def _dire(self, fusion) -> None:
        messages.success(self.request, f"L’indicateur {self.object.code} est enregistré.")
        dire_la_reunion(self.request, fusion)

    def demander(self, fusion):
        """The page where one chooses; what was typed is kept as a draft meanwhile."""
        garder(self.request.user, self.request.path, self.request.POST, now=timezone.now())
        indicateur, slug = self.object, self.convention.slug
        page = DeuxVersions(
            titre=f"Deux versions de l’indicateur {indicateur.code}",
            cet_objet="cet indicateur",
            chacun="chaque champ que vous avez changé tous les deux",
            fil=(
                (reverse("indicateurs:list", args=[slug]), "Indicateurs"),
                (indicateur.get_absolute_url(), indicateur.code),
            ),
            retour=reverse("indicateurs:modifier", args=[slug, indicateur.pk]),
        )
        return demander(self.request, self.convention, fusion, page)


class IndicateurCreateView(FormulaireMixin, ConventionMixin, TemplateView):
    """A new indicator of the fiche of that code."""

    template_name = "evaluation/indicateur_form.html"
    object = None

    def check_access(self) -> None:
        exiger(self.request.user, self.permission_code, self.fiche)

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        fiches = FicheProjet.objects.filter(convention=self.convention).en_vigueur(au=timezone.localdate())
        fiches = fiches.select_related("convention__territoire", "axe").prefetch_related("axes")
        self.fiche = get_object_or_404(fiches, code=kwargs["code"])

    def construire(self, data=None) -> IndicateurForm:
        return IndicateurForm(data, fiche=self.fiche, initial={"code": code_suivant(self.fiche)})

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        verrouiller_fiche(self.fiche.pk)
        if reponse := self.avant_enregistrement():
            return reponse
        form = self.construire(request.POST)
        if form.is_valid():
            try:
                with transaction.atomic():
                    self.object = enregistrer_indicateur(form, user=request.user, now=timezone.now())
            except ValidationError as error:
                form.add_error(None, ValidationError(error.messages))
            else:
                self.recevoir()
                messages.success(
                    request, f"L’indicateur {self.object.code} est créé.{demande_en_mots(self.object)}"
                )
                return redirect(self.object)
        return self.render_to_response(self.get_context_data(form=form))


def code_suivant(fiche: FicheProjet) -> str:
    """« PE-1-05 » after « PE-1-04 », or the first that is free."""
    pris = set(Indicateur.objects.filter(fiche=fiche).values_list("code", flat=True))
    return next(code for n in range(1, len(pris) + 2) if (code := f"{fiche.code}-{n:02}") not in pris)
