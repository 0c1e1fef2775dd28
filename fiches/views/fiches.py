"""List, page and edition of the fiches projet."""

from operator import attrgetter

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Prefetch
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import DetailView, UpdateView
from django_filters.views import FilterView

from ctg.brouillons import existe, garder, sans_erreurs
from ctg.jetons import lire_jeton
from ctg.jour_lu import JourLu
from ctg.listes import Colonne
from ctg.panneaux import composer
from ctg.permissions import check
from ctg.templatetags.affichage import date_longue
from ctg.views import BrouillonMixin, ConventionMixin, LockedPostMixin, ObjectPermissionMixin
from ctg.views.dates import DateeMixin, ListeDateeMixin
from ctg.views.deux_versions import DeuxVersions, demander, dire_la_reunion
from fiches.arbre import objectifs_par_axe
from fiches.enums import RoleImplication
from fiches.etats import EtatsDeFin, etats_au
from fiches.filters import FicheFilterSet
from fiches.forms import FicheForm, parties
from fiches.fusion import FusionFiche
from fiches.lecture import Faits, collect_faits
from fiches.models import Axe, FicheProjet
from fiches.services import enregistrer_fiche
from fiches.succession_arbre import textes_des_axes

RUBRIQUES = (
    "constat",
    "objectif_general",
    "description",
    "publics",
    "territoire",
    "participation_detail",
    "resultats_attendus",
)


DOUBLON = "Deux lignes disent la même chose (même acteur et même rôle, ou même moyen) : gardez-en une."


def _pilote(fiche) -> str:
    return fiche.pilote.nom if fiche.pilote else ""


COLONNES = (
    Colonne(
        "fiche",
        "Fiche",
        (("Code", attrgetter("code")), ("Intitulé", attrgetter("intitule"))),
        ("axe__ordre", "numero"),
    ),
    Colonne("axe", "Axe", (("Axe", lambda fiche: fiche.axe.intitule),), ("axe__ordre",)),
    Colonne(
        "pilote",
        "Pilote",
        (
            ("Pilote", _pilote),
            ("Service pilote", lambda fiche: fiche.service_pilote.nom if fiche.service_pilote else ""),
        ),
        (F("pilote__nom").asc(nulls_last=True), F("service_pilote__nom").asc(nulls_last=True)),
    ),
    Colonne(
        "priorite", "Priorité", (("Priorité", lambda fiche: fiche.get_priorite_display()),), is_en_plus=True
    ),
    Colonne(
        "participation",
        "Participation",
        (("Participation des habitants", lambda fiche: fiche.get_participation_display()),),
        is_en_plus=True,
    ),
)
COLONNES_CHIFFRES = (
    Colonne("statut", "Statut", (("Statut", lambda fiche: fiche.get_statut_display()),), ("statut",)),
    Colonne(
        "etapes",
        "Étapes",
        (
            ("Étapes", attrgetter("nb_etapes")),
            ("Étapes faites", attrgetter("nb_etapes_faites")),
            ("Étapes en retard", attrgetter("nb_etapes_en_retard")),
        ),
        ("-nb_etapes_en_retard", "nb_etapes"),
    ),
)


def colonnes_de_fin(fins: EtatsDeFin) -> tuple[Colonne, ...]:
    """What fiches were at the end of that year."""
    fin = f"au 31 décembre {fins.annee}"

    def statut(fiche):
        return etat.libelle if (etat := fins.de(fiche)) else ""

    def taux(fiche):
        return etat.taux if (etat := fins.de(fiche)) else None

    return (
        Colonne(
            "fin",
            f"Statut {fin}",
            ((f"Statut {fin}", statut), (f"Avancement {fin} (%)", taux)),
        ),
    )


class FicheListView(ListeDateeMixin, ConventionMixin, FilterView):
    """Those in force on the day, with their text of that day. Before today, a status is that of the tree."""

    ordre = ("axe__ordre", "numero", "pk")
    filterset_class = FicheFilterSet
    template_name = "fiches/fiche_list.html"
    paginate_by = 50

    @cached_property
    def lit_chiffres(self) -> bool:
        return bool(check(self.request.user, "ctg.lire_chiffres", self.convention))

    @property
    def montre_l_etat(self) -> bool:
        return self.lit_chiffres and not self.jour.is_autre

    @cached_property
    def fins(self) -> EtatsDeFin | None:
        """In the place of what is of today."""
        if not (self.lit_chiffres and self.jour.is_passe):
            return None
        return etats_au(self.request.user, self.convention, self.jour.au)

    def get_filterset_kwargs(self, filterset_class):
        lecture = {"montre_l_etat": self.montre_l_etat, "faits": self.faits}
        return super().get_filterset_kwargs(filterset_class) | lecture

    @cached_property
    def faits(self) -> Faits:
        return collect_faits(self.request.user, self.convention)

    def get_queryset(self):
        fiches = FicheProjet.objects.visible_to(self.request.user).filter(convention=self.convention)
        fiches = fiches.en_vigueur(au=self.jour.au)
        if self.montre_l_etat:
            fiches = fiches.with_etapes(au=self.jour.au, faites=self.faits.faites("etapes__"))
        return self.trier(fiches.prefetch_related("axes").for_list())

    def get_colonnes(self):
        if self.montre_l_etat:
            return (*COLONNES, *COLONNES_CHIFFRES)
        return (*COLONNES, *(colonnes_de_fin(self.fins) if self.fins else ()))

    def get_context_data(self, **kwargs):
        return super().get_context_data(fins=self.fins, lit_chiffres=self.lit_chiffres, **kwargs)


class FicheObjectMixin(ObjectPermissionMixin):
    """The fiche of that code in force today: a code may have successors.

    `lit_closes`: where none is in force, the last one that was.
    """

    slug_field = "code"
    slug_url_kwarg = "code"
    context_object_name = "fiche"
    lit_closes = False

    def get_au(self):
        return timezone.localdate()

    def get_queryset(self):
        axes = Prefetch("axes", queryset=Axe.objects.order_by("ordre", "pk"))
        visibles = FicheProjet.objects.visible_to(self.request.user).filter(convention=self.convention)
        fiches = visibles.en_vigueur(au=self.get_au())
        if self.lit_closes and not fiches.filter(code=self.kwargs["code"]).exists():
            closes = visibles.filter(code=self.kwargs["code"], date_fin__lte=self.get_au())
            fiches = visibles.filter(pk__in=closes.order_by("-date_fin").values("pk")[:1])
        return fiches.select_related("axe").prefetch_related(axes)

    def get_object(self, queryset=None):
        """Where the fiche has been closed meanwhile, that is said: it is no page that does not exist."""
        try:
            return super().get_object(queryset)
        except Http404:
            visibles = FicheProjet.objects.visible_to(self.request.user).filter(convention=self.convention)
            closes = visibles.filter(code=self.kwargs["code"], date_fin__lte=timezone.localdate())
            if self.lit_closes or (close := closes.order_by("-date_fin").first()) is None:
                raise
            raise PermissionDenied(
                f"La fiche {close.code} est close depuis le {date_longue(close.date_fin)} : elle se lit, et ne se modifie plus."
            ) from None


class FicheLueMixin(FicheObjectMixin):
    """A fiche with all that its page says of it, today unless the page is read at another day."""

    @cached_property
    def jour(self) -> JourLu:
        return JourLu(timezone.localdate(), timezone.localdate(), self.convention)

    def get_au(self):
        return self.jour.au

    def contexte_lu(self) -> dict:
        fiche, today, user = self.object, self.jour.today, self.request.user
        lit_chiffres = bool(check(user, "ctg.lire_chiffres", self.convention))
        # A text that an avenant replaced is read with what hangs on the fiche, which goes on.
        actuelle = fiche.actuelle
        axes = list(fiche.axes.all()) or [fiche.axe]
        objectifs = objectifs_par_axe([axe.pk for axe in axes], au=self.get_au())
        textes = textes_des_axes(axes, self.get_au())
        rubriques = [
            (name, FicheProjet._meta.get_field(name).verbose_name, getattr(fiche, name)) for name in RUBRIQUES
        ]
        implications = list(
            actuelle.implications.select_related("organisme", "structure").order_by("role", "pk")
        )
        return {
            "jour": self.jour,
            "is_close": fiche.date_fin is not None and fiche.date_fin <= today,
            "is_a_venir": fiche.date_effet is not None and fiche.date_effet > today,
            "suite": getattr(fiche, "successeur", None),
            "axes": [
                {"axe": textes.get(axe.pk, axe), "objectifs": objectifs.get(axe.pk, [])} for axe in axes
            ],
            "rubriques": [rubrique for rubrique in rubriques if rubrique[2]],
            "a_completer": [(name, nom) for name, nom, texte in rubriques if not texte],
            "quartiers": fiche.quartiers.order_by("ordre", "pk"),
            "contributions": actuelle.contributions.select_related("demarche").order_by(
                "demarche__ordre", "pk"
            ),
            "implications": implications,
            "pilotes_acteurs": [i for i in implications if i.role == RoleImplication.PILOTE],
            "lit_chiffres": lit_chiffres,
            "fins": etats_au(user, self.convention, self.jour.au)
            if lit_chiffres and self.jour.is_passe
            else None,
            "url_avant": self._url_avant(),
            "panneaux": composer("fiche", self.request, actuelle, self.convention),
        }

    def _url_avant(self) -> str:
        """The fiche that it continues, for who reads it."""
        avant = self.object.predecesseur
        return (
            avant.get_absolute_url() if avant and check(self.request.user, "fiches.consulter", avant) else ""
        )


class FicheDetailView(DateeMixin, FicheLueMixin, DetailView):
    permission_code = "fiches.consulter"
    template_name = "fiches/fiche_detail.html"
    lit_closes = True

    def get(self, request, *args, **kwargs):
        """A fiche that had not begun on that day is no page that does not exist."""
        try:
            return super().get(request, *args, **kwargs)
        except Http404:
            fiches = FicheProjet.objects.visible_to(request.user).filter(convention=self.convention)
            siennes = fiches.filter(code=kwargs["code"], date_effet__gt=self.jour.au)
            if (premiere := siennes.order_by("date_effet").first()) is None:
                raise
            debut = premiere.date_effet
            messages.warning(
                request,
                f"Au {date_longue(self.jour.au)}, la fiche {premiere.code} n’existait pas : elle prend effet le {date_longue(debut)}.",
            )
            return redirect(f"{premiere.get_absolute_url()}?au={debut.isoformat()}")

    def get_queryset(self):
        liens = ("axe__service", "pilote", "service_pilote", "succede_a", "successeur")
        return super().get_queryset().select_related(*liens)

    def get_context_data(self, **kwargs):
        fiche = self.object
        brouillon = not fiche.date_fin and existe(
            self.request.user, reverse("fiches:update", args=[self.convention.slug, fiche.code])
        )
        return super().get_context_data(brouillon_attend=brouillon, **self.contexte_lu(), **kwargs)


class FicheUpdateView(BrouillonMixin, LockedPostMixin, FicheLueMixin, UpdateView):
    """The whole form; with `?rubrique=`, that rubric alone, in its place on the page of the fiche."""

    permission_code = "fiches.modifier"
    template_name = "fiches/fiche_form.html"
    form_class = FicheForm
    http_method_names = ["get", "head", "post", "options"]

    @property
    def lit_notes(self) -> bool:
        return bool(check(self.request.user, "fiches.lire_notes", self.object))

    def get_form_kwargs(self):
        return {
            "data": self.data if self.request.method == "POST" else self.brouillon_data,
            "instance": self.object,
            "lit_notes": self.lit_notes,
        }

    def _seule(self, form):
        """The one rubric that was asked for: the form is the same, the rest of it is not shown.

        A refusal and a draft show the whole form: what they speak of may be anywhere in it.
        """
        name = self.request.GET.get("rubrique")
        return form[name] if name in RUBRIQUES and name in form.fields else None

    def get_context_data(self, **kwargs):
        kwargs["erreurs"] = self.request.method == "POST"  # a POST that draws the page was refused
        if "parties" not in kwargs:
            kwargs["parties"] = parties(self.object, self.brouillon_data)
        if "form" not in kwargs:
            kwargs["form"] = self.get_form()
        if self.brouillon:
            sans_erreurs(kwargs["form"], *kwargs["parties"].values())
        seule = None if kwargs["erreurs"] or self.brouillon else self._seule(kwargs["form"])
        if seule:
            self.template_name = "fiches/fiche_detail.html"
            kwargs |= self.contexte_lu()
        return super().get_context_data(seule=seule, **kwargs)

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        self.object = fiche = self.get_object()  # locked until the end
        if reponse := self.avant_enregistrement():
            return reponse
        jeton = lire_jeton(request.POST.get("version", ""), fiche)
        a_deux = FusionFiche(fiche, lit_notes=self.lit_notes)
        self.data, fusion = request.POST, None
        if a_deux.a_bouge(jeton):
            fusion = a_deux.fusionner(jeton, self.data)
            if fusion.conflits:
                return self.demander(fusion)
            self.data = fusion.data
        form, formsets = self.get_form(), parties(fiche, self.data)
        valid = [
            form.is_valid(),
            *(formset.is_valid() for formset in formsets.values()),
        ]  # each says its faults
        if all(valid):
            try:
                with transaction.atomic():
                    fiche = enregistrer_fiche(form, formsets)
            except ValidationError as error:  # a planned amount that is removed without a reason
                form.add_error(None, error)
            except IntegrityError:  # a row that another door wrote meanwhile
                form.add_error(None, DOUBLON)
            else:
                self.recevoir()
                self._dire(fiche, fusion)
                return redirect(f"{fiche.get_absolute_url()}{self._ancre()}")
        return self.render_to_response(self.get_context_data(form=form, parties=formsets))

    def _ancre(self) -> str:
        """Back where one was reading."""
        rubrique = self.request.GET.get("rubrique", "")
        return f"#r-{rubrique}" if rubrique in RUBRIQUES else ""

    def _dire(self, fiche, fusion) -> None:
        messages.success(self.request, f"La fiche {fiche.code} est enregistrée.")
        dire_la_reunion(self.request, fusion)

    def demander(self, fusion):
        """The page where one chooses; what was typed is kept as a draft meanwhile."""
        garder(self.request.user, self.request.path, self.data, now=timezone.now())
        fiche, slug = self.object, self.convention.slug
        page = DeuxVersions(
            titre=f"Deux versions de la fiche {fiche.code}",
            cet_objet="cette fiche",
            chacun="chaque rubrique que vous avez changée tous les deux",
            fil=(
                (reverse("fiches:list", args=[slug]), "Fiches projet"),
                (fiche.get_absolute_url(), fiche.code),
            ),
            retour=reverse("fiches:update", args=[slug, fiche.code]),
        )
        return demander(self.request, self.convention, fusion, page)
