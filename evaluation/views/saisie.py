"""Entry of the indicators and of the progress of one fiche for one year."""

from functools import cached_property

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import DetailView

from ctg.brouillons import en_formulaire, garder, lire, sans_erreurs
from ctg.permissions import check
from ctg.views import BrouillonMixin, LockedPostMixin, ObjectPermissionMixin
from ctg.views.deux_versions import DeuxVersions, demander, dire_la_reunion
from evaluation.enums import StatutCampagne
from evaluation.fiche_de_l_annee import fiche_de_la_saisie, jour_de
from evaluation.forms import FormulaireSaisie
from evaluation.fusion import ecarts, fusionner_saisie, signer_etat
from evaluation.models import Avancement, Campagne, Indicateur
from evaluation.pages import page_de_saisie
from evaluation.services import enregistrer_saisie
from evaluation.verrous import Verrou, VerrouError, champs_ouverts, saisie_courante, verrou
from fiches.models import FicheProjet, Moyen

PERDU = "Ce que vous avez écrit n’est pas enregistré, mais il est gardé ci-dessous."


class FicheDeLAnneeMixin(ObjectPermissionMixin):
    """The fiche of that code that carries the year: one that has begun, or whose campaign is open."""

    slug_field = "code"
    slug_url_kwarg = "code"
    pk_url_kwarg = "fiche"  # never `pk`, which is of something on the fiche
    context_object_name = "fiche"

    def get_queryset(self):
        today = timezone.localdate()
        annee = self.kwargs["annee"]
        if annee not in self.convention.annees or not (annee <= today.year or self._est_ouverte(annee)):
            raise Http404("Cette année n’est pas à saisir dans cette convention.")
        pk = fiche_de_la_saisie(self.convention, self.kwargs["code"], annee, today=today)
        fiches = FicheProjet.objects.filter(convention=self.convention, pk=pk)
        return fiches.select_related("axe", "convention").prefetch_related("axes")

    def _est_ouverte(self, annee: int) -> bool:
        """A campaign may open before its year begins: what it asks for is entered from then on."""
        campagnes = Campagne.objects.filter(convention=self.convention, annee=annee)
        return campagnes.exclude(statut=StatutCampagne.EN_PREPARATION).exists()

    def exiger(self, obj) -> None:
        """The fiche is read by whoever reads the convention: its entry is refused with its reason, never hidden."""
        if not (access := check(self.request.user, self.permission_code, obj)):
            raise PermissionDenied(access.reason)

    def adresse(self, nom: str = "evaluation:saisie", **kwargs) -> str:
        return reverse(
            nom,
            kwargs={
                "convention": self.convention.slug,
                "annee": self.kwargs["annee"],
                "code": self.object.code,
            }
            | kwargs,
        )

    def get_success_url(self):
        return self.adresse()


class SaisieView(BrouillonMixin, LockedPostMixin, FicheDeLAnneeMixin, DetailView):
    permission_code = "evaluation.saisir"
    template_name = "evaluation/saisie.html"

    @cached_property
    def indicateurs(self) -> list[Indicateur]:
        au = jour_de(self.object, timezone.localdate())
        indicateurs = Indicateur.objects.filter(fiche=self.object).en_vigueur(au=au)
        return list(
            indicateurs.for_entry().prefetch_related(
                "modalites", "mesures__parts", "mesures__saisie_par", "mesures__pour_le_compte_de"
            )
        )

    @cached_property
    def courante(self):
        """The entry by which this year is written; its row is locked while one posts."""
        verrouiller = self.request.method == "POST"
        return saisie_courante(self.object, self.kwargs["annee"], verrouiller=verrouiller)

    @property
    def verrou(self) -> Verrou | None:
        return verrou(self.courante, self.kwargs["annee"], today=timezone.localdate())

    def construire(self, data=None) -> FormulaireSaisie:
        fiche, annee = self.object, self.kwargs["annee"]
        # Signed before the rest is read: what is saved in between is then asked, never lost.
        jeton = signer_etat(fiche, annee) if data is None else data.get("jeton", "")
        avancement = Avancement.objects.filter(fiche=fiche, annee=annee).first()
        moyens = Moyen.objects.filter(fiche=fiche, annee=annee).select_related("signataire__organisme")
        return FormulaireSaisie.construire(
            self.indicateurs,
            avancement,
            annee,
            data=data,
            jeton=jeton,
            etapes=fiche.etapes.order_by("ordre", "pk"),
            moyens=moyens.order_by("signataire__ordre", "nature", "pk"),
        )

    def get_context_data(self, **kwargs):
        ferme = kwargs.pop("ferme", None) or self.verrou
        perdus, saisie = kwargs.pop("perdus", ()), kwargs.pop("saisie", None)
        if saisie is None:
            donnees = self.brouillon_data
            ouverts = champs_ouverts(self.courante) if self.courante and not ferme else None
            if donnees is not None and (ferme or ouverts is not None):
                perdus = self._perdus(donnees, None if ferme else ouverts)
            saisie = self.construire(None if ferme else donnees)
        if self.brouillon:
            sans_erreurs(*saisie.formulaires)
        page = page_de_saisie(
            self.object,
            self.kwargs["annee"],
            saisie,
            self.courante,
            user=self.request.user,
            today=timezone.localdate(),
        )
        return super().get_context_data(**page, saisie=saisie, ferme=ferme, perdus=perdus, **kwargs)

    def _perdus(self, donnees, ouverts: frozenset[str] | None) -> list[tuple[str, str, str]]:
        """What a draft holds of fields that are no longer open."""
        tous = ecarts(self.construire(), donnees)
        return [ecart[1:] for ecart in tous if ouverts is None or ecart[0] not in ouverts]

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        self.object = self.get_object()  # locked until the end
        if reponse := self.avant_enregistrement():
            return reponse
        if ferme := self.verrou:
            return self.refuser(ferme)
        annee = self.kwargs["annee"]
        fusion = fusionner_saisie(self.object, annee, self.construire(), request.POST)
        if fusion.conflits:
            return self.demander(fusion)
        saisie = self.construire(fusion.data)
        if not saisie.is_valid():
            saisie.erreurs = ["Rien n’est encore enregistré : corrigez ce qui est signalé ci-dessous."]
            return self.render_to_response(self.get_context_data(saisie=saisie))
        try:
            nb = enregistrer_saisie(self.object, annee, saisie, user=request.user, now=timezone.now())
        except VerrouError as error:  # a field that was open when the page was
            return self.refuser(error.verrou)
        self.recevoir()
        self._dire(nb, fusion)
        return redirect(
            self.adresse("evaluation:saisie_soumettre") if "soumettre" in request.POST else self.adresse()
        )

    def refuser(self, ferme: Verrou):
        """The lock fell while one was typing: what was typed is shown back, and kept as a draft."""
        self.garder()
        brouillon = lire(self.request.user, self.request.path)
        perdus = self._perdus(en_formulaire(brouillon), None) if brouillon else []
        messages.error(self.request, f"{ferme.raison} {PERDU}" if perdus else ferme.raison)
        return self.render_to_response(
            self.get_context_data(saisie=self.construire(), ferme=ferme, perdus=perdus), status=409
        )

    def garder(self) -> None:
        garder(self.request.user, self.request.path, self.request.POST, now=timezone.now())

    def _dire(self, nb: int, fusion) -> None:
        if nb:
            fait = f"C’est enregistré pour {self.object.code}, année {self.kwargs['annee']}."
            messages.success(self.request, fait)
        else:
            messages.info(self.request, "Rien n’a changé.")
        dire_la_reunion(self.request, fusion)

    def demander(self, fusion):
        """The page where one chooses; what was typed is kept as a draft meanwhile."""
        self.garder()
        annee, code = self.kwargs["annee"], self.object.code
        saisie = self.adresse()
        page = DeuxVersions(
            titre=f"Deux versions de la saisie {annee} de {code}",
            cet_objet="cette saisie",
            chacun="chaque valeur et chaque texte que vous avez changés tous les deux",
            fil=(
                (reverse("evaluation:annee", args=[self.convention.slug, annee]), f"Évaluation {annee}"),
                (saisie, f"Saisie de {code}"),
            ),
            retour=saisie,
        )
        return demander(self.request, self.convention, fusion, page)
