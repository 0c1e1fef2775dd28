"""Who does what in the convention: people, functions, mandates, invitations."""

from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView, View

from ctg import brouillons
from ctg.forms import FonctionFormSet, MandatForm, PersonneForm
from ctg.fusion import Fusion
from ctg.fusion_personne import FusionPersonne
from ctg.invitations import DESACTIVE, inviter, renvoyer
from ctg.jetons import lire_jeton, signer_jeton
from ctg.mandats import mettre_fin, motif_de_refus, roles_accordables
from ctg.models import Fonction, Mandat, Personne
from ctg.perimetres import noms_des_perimetres
from ctg.permissions import check
from ctg.places import suivre_le_depart
from ctg.views.brouillons import DEJA_RECU
from ctg.views.deux_versions import DeuxVersions, demander, dire_la_reunion
from ctg.views.mixins import ConventionMixin


def mandats_de(convention, comptes) -> dict[int, list]:
    """{account: [(mandate, names of its scope)]}: a query for the mandates and one per kind of scope."""
    mandats = list(
        Mandat.objects.filter(convention=convention, utilisateur__in=comptes)
        .select_related("organisme", "utilisateur", "convention")
        .order_by("pk")
    )
    noms = noms_des_perimetres([mandat.pk for mandat in mandats])
    today = timezone.localdate()
    par_compte: dict[int, list] = {}
    for mandat in mandats:
        actif = (mandat.date_debut is None or mandat.date_debut <= today) and (
            mandat.date_fin is None or mandat.date_fin > today
        )
        ligne = {"mandat": mandat, "perimetre": noms.get(mandat.pk, []), "actif": actif}
        par_compte.setdefault(mandat.utilisateur_id, []).append(ligne)
    return par_compte


class PersonnesView(ConventionMixin, TemplateView):
    permission_code = "ctg.voir_personnes"
    template_name = "ctg/personnes.html"

    def get_context_data(self, **kwargs):
        recherche = self.request.GET.get("q", "")
        personnes = (
            Personne.objects.filter(convention=self.convention, is_anonyme=False)
            .search(recherche)
            .select_related("utilisateur")
            .prefetch_related(
                Prefetch("fonctions", Fonction.objects.select_related("organisme", "service").order_by("pk"))
            )
            .order_by("nom", "prenom", "pk")
        )
        page = Paginator(personnes, 60).get_page(self.request.GET.get("page"))
        mandats = mandats_de(self.convention, [p.utilisateur_id for p in page if p.utilisateur_id])
        return super().get_context_data(
            page_obj=page,
            lignes=[(personne, mandats.get(personne.utilisateur_id, [])) for personne in page],
            recherche=recherche,
            gerer=check(self.request.user, "ctg.gerer_personnes", self.convention),
            **kwargs,
        )


class PersonneMixin(ConventionMixin):
    """The person of the address, or a new one."""

    def get_personne(self):
        if "pk" not in self.kwargs:
            return Personne(convention=self.convention)
        personnes = Personne.objects.filter(convention=self.convention, is_anonyme=False)
        return get_object_or_404(personnes.select_related("utilisateur", "convention"), pk=self.kwargs["pk"])

    def retour(self, personne):
        return redirect("ctg:personne", convention=self.convention.slug, pk=personne.pk)


class PersonneView(PersonneMixin, TemplateView):
    """One person: functions and mandates, and what this reader may do about them."""

    permission_code = "ctg.voir_personnes"
    template_name = "ctg/personne.html"

    def get_context_data(self, **kwargs):
        personne, user = self.get_personne(), self.request.user
        roles = roles_accordables(user, self.convention)
        lignes = mandats_de(self.convention, [personne.utilisateur_id]).get(personne.utilisateur_id, [])
        for ligne in lignes:
            mandat = ligne["mandat"]
            ligne["refus"] = motif_de_refus(user, self.convention, mandat.role, mandat.organisme)
        kwargs.setdefault("form", self.mandat_form(personne, roles) if roles else None)
        return super().get_context_data(
            personne=personne,
            fonctions=personne.fonctions.select_related("organisme", "service").order_by("date_effet", "pk"),
            lignes=lignes,
            gerer=check(user, "ctg.gerer_personnes", self.convention),
            inviter=check(user, "ctg.inviter", self.convention),
            relancer=any(not ligne["refus"] for ligne in lignes),
            envoi=str(uuid4()),
            **kwargs,
        )

    def mandat_form(self, personne, roles, data=None):
        return MandatForm(data, convention=self.convention, personne=personne, roles=roles, prefix="mandat")


class InviterView(PersonneView):
    """POST: grant a mandate, and send the invitation."""

    permission_code = "ctg.inviter"
    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        personne = self.get_personne()
        form = self.mandat_form(personne, roles_accordables(request.user, self.convention), request.POST)
        if form.is_valid():
            try:
                with transaction.atomic():
                    self.inviter(personne, form)
            except (ValidationError, PermissionDenied) as error:
                form.add_error(None, getattr(error, "messages", None) or str(error))
            else:
                return self.retour(personne)
        return self.render_to_response(self.get_context_data(form=form))

    def inviter(self, personne, form) -> None:
        request = self.request
        if not brouillons.recevoir(request.POST.get("envoi", ""), now=timezone.now()):
            messages.info(request, DEJA_RECU)
            return
        mandat = inviter(
            par=request.user,
            personne=personne,
            email=form.cleaned_data.get("email") or personne.utilisateur.email,
            site=racine(request),
            **form.get_mandat(),
        )
        messages.success(
            request,
            f"{personne} est {mandat.get_role_display()} : l’invitation part à {mandat.utilisateur.email}.",
        )


def racine(request) -> str:
    return request.build_absolute_uri("/").rstrip("/")


class RelancerView(PersonneMixin, View):
    """POST: send the invitation again to somebody who never came."""

    permission_code = "ctg.inviter"

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        personne = self.get_personne()
        compte = personne.utilisateur
        if compte is None or compte.est_ouvert:
            messages.info(request, "Cette personne a déjà ouvert son compte, ou n’en a pas.")
        elif not compte.is_active:
            messages.error(request, DESACTIVE)
        elif refus := self._refus(compte):
            messages.error(request, refus)
        elif renvoyer(
            compte,
            personne,
            par=request.user,
            site=racine(request),
            now=timezone.now(),
        ):
            messages.success(request, f"L’invitation repart à {compte.email}.")
        else:
            messages.info(request, f"L’invitation vient de partir à {compte.email} : laissez-lui une minute.")
        return self.retour(personne)

    def _refus(self, compte) -> str:
        """Whoever gives one of its mandates may remind of it; else the reason why the first is not theirs to give."""
        mandats = Mandat.objects.filter(convention=self.convention, utilisateur=compte).select_related(
            "organisme"
        )
        refus = [
            motif_de_refus(self.request.user, self.convention, m.role, m.organisme)
            for m in mandats.order_by("pk")
        ]
        return "" if "" in refus or not refus else refus[0]


class FinMandatView(PersonneMixin, View):
    """GET asks, POST ends the mandate today."""

    permission_code = "ctg.inviter"

    def get_mandat(self, personne):
        mandats = Mandat.objects.filter(convention=self.convention, utilisateur=personne.utilisateur_id)
        mandat = get_object_or_404(
            mandats.select_related("organisme", "convention", "utilisateur"), pk=self.kwargs["mandat"]
        )
        if refus := motif_de_refus(self.request.user, self.convention, mandat.role, mandat.organisme):
            raise PermissionDenied(refus)
        return mandat

    def get(self, request, *args, **kwargs):
        personne = self.get_personne()
        mandat = self.get_mandat(personne)
        context = {
            "convention": self.convention,
            "titre": f"Mettre fin au mandat de {personne}",
            "question": f"{personne} ne sera plus {mandat.get_role_display()} dès aujourd’hui, {self._suite(mandat)} "
            "Ce qui a été écrit reste.",
            "action": "Mettre fin au mandat",
            "retour": reverse("ctg:personne", kwargs={"convention": self.convention.slug, "pk": personne.pk}),
        }
        return render(request, "ctg/confirmer.html", context)

    def _suite(self, mandat) -> str:
        autres = Mandat.objects.filter(convention=self.convention, utilisateur=mandat.utilisateur_id)
        autres = autres.actifs(au=timezone.localdate()).exclude(pk=mandat.pk)
        if not autres:
            return "et n’ouvrira plus rien de la convention dès sa prochaine page."
        roles = ", ".join(autre.get_role_display() for autre in autres.order_by("pk"))
        return f"et gardera ce que lui donne son autre mandat ({roles})."

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        personne = self.get_personne()
        try:
            mettre_fin(self.get_mandat(personne), par=request.user, au=timezone.localdate())
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, f"Le mandat de {personne} a pris fin.")
        return self.retour(personne)


class PersonneEditView(PersonneMixin, TemplateView):
    """A person and their functions, saved together."""

    permission_code = "ctg.gerer_personnes"
    template_name = "ctg/personne_form.html"

    def get_context_data(self, **kwargs):
        personne = kwargs.pop("personne", None) or self.get_personne()
        # Signed before the rest is read: what is saved in between is then asked, never lost.
        jeton = signer_jeton(personne, now=timezone.now()) if personne.pk else ""
        kwargs.setdefault("form", PersonneForm(instance=personne))
        kwargs.setdefault("formset", FonctionFormSet(instance=personne, prefix="fonctions"))
        kwargs.setdefault("envoi", str(uuid4()))
        erreurs = self.request.method == "POST"
        return super().get_context_data(personne=personne, erreurs=erreurs, jeton=jeton, **kwargs)

    def reunir(self, personne) -> Fusion | None:
        """What was typed and what others saved meanwhile; None: nobody did. Locks the person."""
        if personne.pk is None:
            return None
        a_deux = FusionPersonne(Personne.objects.select_for_update(no_key=True).get(pk=personne.pk))
        jeton = lire_jeton(self.request.POST.get("version", ""), personne)
        return a_deux.fusionner(jeton, self.request.POST) if a_deux.a_bouge(jeton) else None

    def demander(self, personne, fusion):
        adresse = {"convention": self.convention.slug, "pk": personne.pk}
        page = DeuxVersions(
            titre=f"Deux versions de {personne}",
            cet_objet="cette personne",
            chacun="chaque champ que vous avez changé tous les deux",
            fil=(
                (reverse("ctg:personnes", args=[self.convention.slug]), "Personnes"),
                (reverse("ctg:personne", kwargs=adresse), str(personne)),
            ),
            retour=reverse("ctg:personne_modifier", kwargs=adresse),
            retour_libelle="Abandonner ce que j’ai écrit",
        )
        return demander(self.request, self.convention, fusion, page)

    def dire_les_places(self, personne) -> None:
        depart, quittees = suivre_le_depart(personne)
        if quittees:
            messages.info(
                self.request,
                f"Aucune fonction ne reste après le {depart:%d/%m/%Y} : ce jour-là, {personne} quitte aussi "
                f"{' ; '.join(quittees)}.",
            )

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        if brouillons.est_recu(request.POST.get("envoi", "")):
            messages.info(request, DEJA_RECU)
            return redirect("ctg:personnes", convention=self.convention.slug)
        personne, data = self.get_personne(), request.POST
        if fusion := self.reunir(personne):
            if fusion.conflits:
                return self.demander(personne, fusion)
            personne, data = self.get_personne(), fusion.data
        form = PersonneForm(data, instance=personne)
        formset = FonctionFormSet(data, instance=personne, prefix="fonctions")
        if not all([form.is_valid(), formset.is_valid()]):
            context = self.get_context_data(
                personne=personne, form=form, formset=formset, envoi=request.POST.get("envoi", "")
            )
            return self.render_to_response(context)
        if not brouillons.recevoir(request.POST.get("envoi", ""), now=timezone.now()):
            messages.info(request, DEJA_RECU)
            return redirect("ctg:personnes", convention=self.convention.slug)
        personne = form.save()
        formset.save()
        self.dire_les_places(personne)
        messages.success(request, f"{personne} : c’est enregistré.")
        if memes := personne.homonymes():
            qui = ", ".join(f"« {autre} »" for autre in memes)
            messages.warning(
                request,
                f"Même nom ou même adresse : {qui}. Si c’est une seule personne, n’en tenez qu’une à jour, "
                "et demandez à un administrateur de retirer l’autre ; si ce sont deux personnes, rien n’est à faire.",
            )
        dire_la_reunion(request, fusion)
        return self.retour(personne)
