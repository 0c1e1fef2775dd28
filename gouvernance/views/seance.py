"""During a meeting: who came, what is said and decided on each point."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from ctg.brouillons import sans_erreurs
from ctg.templatetags.affichage import pluriel
from ctg.views import BrouillonMixin
from gouvernance.feuille_presence import Feuille, collect_feuille
from gouvernance.forms_presences import InviteForm, PresenceForm
from gouvernance.forms_seance import LigneDecisionForm, NotesForm, choix_responsables
from gouvernance.models import Invite
from gouvernance.ordre_du_jour import collect_ordre_du_jour
from gouvernance.services import enregistrer_decision, enregistrer_point, noter_invites, noter_presences
from gouvernance.verrous import raison_de_ne_rien_inscrire
from gouvernance.views.reunions import ReunionMixin

NB_LIGNES_VIDES = 3  # of « autres personnes présentes »; more come once these are saved


class SeanceView(BrouillonMixin, ReunionMixin, TemplateView):
    """A page of one meeting that is open: not cancelled, its minutes not sent."""

    permission_code = "gouvernance.tenir"

    def get(self, request, *args, **kwargs):
        self.reunion = self.get_reunion()
        if raison := self.get_refus():
            messages.error(request, raison)
            return redirect(self.reunion)
        return self.render_to_response(self.get_context_data(erreurs=[]))

    def get_refus(self) -> str:
        return raison_de_ne_rien_inscrire(self.reunion)

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        self.reunion = self.get_reunion()  # locked until the end
        if reponse := self.avant_enregistrement():
            return reponse
        context = self.get_context_data(erreurs=[])
        if self.is_valid(context):
            try:
                with transaction.atomic():
                    sortie = self.enregistrer(context)
            except ValidationError as refus:
                return self.render_to_response(context | {"erreurs": refus.messages})
            self.recevoir()
            return redirect(sortie)
        return self.render_to_response(context | {"erreurs": ["Corrigez ce qui est signalé ci-dessous."]})

    def is_valid(self, context) -> bool:
        raise NotImplementedError

    def enregistrer(self, context) -> str:
        """Says what was done, and gives where one goes."""
        raise NotImplementedError

    def get_donnees(self):
        return self.request.POST if self.request.method == "POST" else self.brouillon_data

    def get_success_url(self):
        return self.reunion.get_absolute_url()

    def get_context_data(self, **kwargs):
        return super().get_context_data(reunion=self.reunion, **kwargs)


class PresencesView(SeanceView):
    template_name = "gouvernance/presences.html"

    def get_context_data(self, **kwargs):
        feuille, data = collect_feuille(self.reunion), self.get_donnees()
        sieges = [
            (siege, [PresenceForm(data, ligne=ligne) for ligne in siege.lignes]) for siege in feuille.sieges
        ]
        invites = self._get_invites(feuille, data)
        forms = [form for _, lignes in sieges for form in lignes]
        if self.brouillon:
            sans_erreurs(*forms, *invites)
        return super().get_context_data(
            feuille=feuille, sieges=sieges, forms=forms, invites=invites, **kwargs
        )

    def _get_invites(self, feuille: Feuille, data) -> list[InviteForm]:
        """Those noted, and empty lines; one that another person has added since the page was drawn is left alone."""
        invites = {f"i{invite.pk}": invite for invite in feuille.invites}
        if data is not None:
            invites = {prefix: invite for prefix, invite in invites.items() if f"{prefix}-nom" in data}
        invites |= {f"in{rang}": Invite(reunion=self.reunion) for rang in range(NB_LIGNES_VIDES)}
        return [InviteForm(data, instance=invite, prefix=prefix) for prefix, invite in invites.items()]

    def is_valid(self, context) -> bool:
        return all(form.is_valid() for form in (*context["forms"], *context["invites"]))

    def enregistrer(self, context) -> str:
        changes = [form for form in context["forms"] if form.has_changed()]
        notees = [form.get_presence(self.reunion) for form in changes if form.cleaned_data["etat"]]
        oubliees = [form.ligne.cle for form in changes if not form.cleaned_data["etat"]]
        noter_presences(self.reunion, notees, oublier=oubliees)
        invites = [form for form in context["invites"] if form.has_changed()]
        partis = [form.instance.pk for form in invites if form.is_retire and form.instance.pk]
        noter_invites(
            self.reunion, [f.save(commit=False) for f in invites if not f.is_retire], oublier=partis
        )
        feuille = collect_feuille(self.reunion)
        siegent, autres = feuille.comptes[0].nb_siegent, len(feuille.invites)
        messages.success(
            self.request,
            f"Les présences sont enregistrées : {siegent}\u00a0siège{pluriel(siegent)} présent{pluriel(siegent)} "
            f"ou représenté{pluriel(siegent)}"
            + (f", {autres}\u00a0autre{pluriel(autres)} personne{pluriel(autres)}." if autres else "."),
        )
        return f"{self.reunion.get_absolute_url()}#presences"


class ConduiteView(SeanceView):
    """One form for the whole meeting: Enter in a line of decision saves it, and all the notes with it."""

    template_name = "gouvernance/conduite.html"

    def get_context_data(self, **kwargs):
        user, today = self.request.user, timezone.localdate()
        ordre = collect_ordre_du_jour(self.reunion, au=today, lecteur=user)
        data, choix = self.get_donnees(), choix_responsables(self.convention)
        decisions: dict[int | None, list] = {}
        for decision in self.reunion.decisions.for_list():
            decisions.setdefault(decision.point_id, []).append(decision)
        lignes = []
        for place in ordre.places:
            point = place.point
            point.reunion = self.reunion
            notes = NotesForm(data, instance=point, prefix=f"n{point.pk}")
            ligne = LigneDecisionForm(data, prefix=f"d{point.pk}", choix=choix)
            lignes.append((place, notes, ligne, decisions.get(point.pk, [])))
        libre = LigneDecisionForm(data, prefix="d0", choix=choix)
        if self.brouillon:
            sans_erreurs(libre, *(form for _, notes, ligne, _ in lignes for form in (notes, ligne)))
        feuille = collect_feuille(self.reunion)
        return super().get_context_data(
            ordre=ordre,
            lignes=lignes,
            libre=libre,
            autres=decisions.get(None, []),
            compte=feuille.comptes[0],
            presences=feuille.groupes(),
            **kwargs,
        )

    def is_valid(self, context) -> bool:
        forms = [
            context["libre"],
            *(form for _, notes, ligne, _ in context["lignes"] for form in (notes, ligne)),
        ]
        return all(form.is_valid() for form in forms)

    def enregistrer(self, context) -> str:
        nb_notes, prises, ancre = 0, [], ""
        for place, notes, ligne, _ in context["lignes"]:
            if notes.has_changed():
                enregistrer_point(notes.save(commit=False))
                nb_notes += 1
            if decision := ligne.get_decision(self.reunion, place.point):
                prises.append(enregistrer_decision(decision))
                ancre = ancre or f"#{place.point.ancre}"
        if decision := context["libre"].get_decision(self.reunion, None):
            prises.append(enregistrer_decision(decision))
            ancre = ancre or "#hors-point"
        self._dire(nb_notes, prises)
        slug, pk = self.convention.slug, self.reunion.pk
        return reverse("gouvernance:conduite", kwargs={"convention": slug, "pk": pk}) + ancre

    def _dire(self, nb_notes: int, prises: list) -> None:
        phrases = []
        if prises:
            s = pluriel(len(prises))
            numeros = ", ".join(decision.numero for decision in prises)
            phrases.append(f"Décision{s} notée{s} : {numeros}.")
        if nb_notes:
            phrases.append("Les notes sont enregistrées.")
        messages.success(self.request, " ".join(phrases) or "Rien n’avait changé.")

    def get_success_url(self):
        return self.request.path
