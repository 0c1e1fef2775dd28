"""Notes of the watch, by quartier."""

from django.db.models import F
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django_filters.views import FilterView

from ctg.listes import Colonne
from ctg.models import Convention
from ctg.perimetres import droits
from ctg.permissions import check
from ctg.views import ConventionMixin
from ctg.views.listes import ListeMixin
from ctg.views.mixins import exiger
from evaluation.models import NoteVeille
from evaluation.veille.filters import NoteFilterSet
from evaluation.veille.forms import NoteForm
from evaluation.veille.services import enregistrer_note, retirer_note
from evaluation.views.veille_edition import FormulaireMixin
from gouvernance.views.simples import RetraitView

VILLE = "Toute la ville"


def _origine(note: NoteVeille) -> str:
    if note.jalon:
        return f"{note.jalon.titre}, {note.jalon.date_debut:%d/%m/%Y}"
    return f"Réunion {note.reunion.numero}" if note.reunion else ""


COLONNES = (
    Colonne(
        "quartier",
        "Quartier",
        (("Quartier", lambda note: str(note.quartier or VILLE)),),
        (F("quartier__ordre").asc(nulls_first=True),),
    ),
    Colonne("date", "Date", (("Date", lambda note: note.date),), ("date",)),
    Colonne(
        "note",
        "Ce qui a été vu ou dit",
        (("Titre", lambda note: note.titre), ("Note", lambda note: note.texte)),
        ("titre",),
    ),
    Colonne("theme", "Thème", (("Thème", lambda note: note.theme),), ("theme",)),
    Colonne(
        "liens",
        "Série, axe",
        (
            ("Série", lambda note: str(note.serie or "")),
            ("Axe", lambda note: note.axe.code if note.axe else ""),
        ),
    ),
    Colonne("origine", "D’où elle vient", (("D’où elle vient", _origine),)),
)


class NotesView(ListeMixin, ConventionMixin, FilterView):
    permission_code = "evaluation.lire_veille"
    colonnes = COLONNES
    ordre = (F("quartier__ordre").asc(nulls_first=True), "-date", "-pk")
    filterset_class = NoteFilterSet
    template_name = "evaluation/veille/notes.html"
    paginate_by = 50

    def get_queryset(self):
        return self.trier(NoteVeille.objects.filter(convention=self.convention).for_list())

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        user = self.request.user
        for note in context["page_obj"].object_list:
            note.origine = _origine(note)
            note.ecrire = bool(check(user, "evaluation.noter", note))
        return context | {
            "ville": VILLE,
            "ouvrir": check(user, "evaluation.ouvrir_note", self.convention),
            "is_vide": not NoteVeille.objects.filter(convention=self.convention).exists(),
        }


class NoteModifierView(FormulaireMixin):
    permission_code = "evaluation.ouvrir_note"

    def form_class(self, *args, **kwargs):
        return NoteForm(*args, user=self.request.user, **kwargs)

    def get_objet(self):
        notes = NoteVeille.objects.filter(convention=self.convention).select_related("convention__territoire")
        if self.request.method == "POST":
            notes = notes.select_for_update(of=("self",), no_key=True)
        note = get_object_or_404(notes, pk=self.kwargs["pk"])
        exiger(self.request.user, "evaluation.noter", note)
        return note

    def enregistrer(self, note):
        return enregistrer_note(note, par=self.request.user)

    def get_fil(self):
        return [(self.page("notes"), "Notes de veille")]

    def get_retour(self):
        return self.page("notes")

    def get_titre(self):
        return "Modifier la note"

    def get_message(self, note):
        return "La note est enregistrée."

    def get_context_data(self, **kwargs):
        retirer = self.page("note_retirer", pk=self.objet.pk) if self.objet.pk else ""
        return super().get_context_data(retirer=retirer, retirer_dit="Retirer cette note", **kwargs)


class NoteAjouterView(NoteModifierView):
    """One's own quartier is proposed where there is one alone; `?quartier=` and `?serie=` too."""

    def get_objet(self):
        if self.request.method == "POST":  # the same form twice at once is taken once
            Convention.objects.select_for_update(of=("self",), no_key=True).get(pk=self.convention.pk)
        return NoteVeille(convention=self.convention)

    def get_initial(self):
        siens = sorted(droits(self.request.user, self.convention.pk).dans("quartiers"))
        demande = self.request.GET
        return {
            "date": timezone.localdate(),
            "quartier": demande.get("quartier") or (siens[0] if len(siens) == 1 else None),
            "serie": demande.get("serie"),
        }

    def get_titre(self):
        return "Ajouter une note de veille"


class NoteRetirerView(RetraitView):
    permission_code = "evaluation.ouvrir_note"
    titre, action = "Retirer la note « {} »", "Retirer la note"
    question = "« {} » disparaît des pages ; l’historique en garde la trace."
    message = "La note est retirée."

    def get_objet(self):
        notes = NoteVeille.objects.filter(convention=self.convention).select_related("convention", "quartier")
        note = get_object_or_404(notes, pk=self.kwargs["pk"])
        exiger(self.request.user, "evaluation.noter", note)
        return note

    def retirer(self, objet):
        retirer_note(objet, par=self.request.user)
