"""Comments: written and answered on their own page or from the page of their object, resolved, opened again."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.generic import TemplateView, View

from ctg import brouillons
from ctg.commentables import commentable, commentable_de
from ctg.commentaires import Fil, commenter, resoudre, rouvrir
from ctg.discussions import rediger
from ctg.mentions import Mentions, mentionnables
from ctg.models import Commentaire
from ctg.views.brouillons import DEJA_RECU, BrouillonMixin
from ctg.views.mixins import ConventionMixin, exiger


class CommentaireMixin(ConventionMixin):
    """What is commented, read by whoever asks; 404 outside."""

    permission_code = "ctg.commenter"
    fil: Commentaire | None = None

    def check_access(self) -> None:
        super().check_access()
        self.objet = self.get_objet()
        self.objet.convention = self.convention
        self.commentable = commentable_de(self.objet)
        exiger(self.request.user, self.commentable.lire, self.objet)

    def get_objet(self):
        declare = commentable(self.kwargs["cible"])
        if declare is None:
            raise Http404("Rien de ce nom ne se commente.")
        return get_object_or_404(declare.modele, convention=self.convention, pk=self.kwargs["pk"])

    def get_page_url(self) -> str:
        return self.commentable.url(self.objet, timezone.localdate())

    def get_success_url(self, commentaire: Commentaire | None = None) -> str:
        ancre = commentaire.ancre if commentaire else self.commentable.panneau
        return f"{self.get_page_url()}#{ancre}"


class FilMixin(CommentaireMixin):
    """… and its thread."""

    def get_objet(self):
        lus = Commentaire.objects.fils().filter(convention=self.convention)
        self.fil = get_object_or_404(lus.select_related("auteur", "resolu_par"), pk=self.kwargs["pk"])
        if self.fil.objet is None:
            raise Http404("Ce que ce fil commente n’existe plus.")
        return self.fil.objet


class CommenterView(BrouillonMixin, CommentaireMixin, TemplateView):
    """A new thread. The page is where a refused text, or a draft, is found again."""

    template_name = "ctg/commenter.html"

    @property
    def champs(self) -> dict[str, str]:
        return {} if self.fil else self.commentable.champs(self.objet)

    @property
    def cle(self) -> str:
        return f"reponse-{self.fil.pk}" if self.fil else "commentaire"

    def get_context_data(self, **kwargs):
        if "redaction" not in kwargs:
            kwargs["redaction"] = self.rediger()
        return super().get_context_data(
            nom=self.commentable.nom(self.objet),
            retour=self.get_success_url(self.fil),
            fil=Fil(self.fil, list(self.fil.reponses.for_list())) if self.fil else None,
            mentionnables=mentionnables(self.objet),
            erreurs=self.request.method == "POST",
            **kwargs,
        )

    def rediger(self, data=None):
        if data is None:
            self.brouillon = brouillons.lire(self.request.user, self.request.path)
        envoi = data.get("envoi", "") if data is not None else ""
        return rediger(
            self.request.user,
            self.request.path,
            champs=self.champs,
            cle=self.cle,
            data=data,
            brouillon=self.brouillon or None,
            envoi=envoi,
        )

    def post(self, request, *args, **kwargs):
        if reponse := self.avant_enregistrement():
            return reponse
        redaction = self.rediger(request.POST)
        form = redaction.form
        if form.is_valid():
            try:
                with transaction.atomic():
                    return self.enregistrer(form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error.messages)
        return self.render_to_response(self.get_context_data(redaction=redaction))

    def enregistrer(self, saisi: dict):
        """In one transaction: the form is received, the draft forgotten, the comment written."""
        request, now = self.request, timezone.now()
        if not brouillons.recevoir(request.POST.get("envoi", ""), now=now):
            messages.info(request, DEJA_RECU)
            return redirect(self.get_success_url())
        commentaire, mentions = commenter(
            objet=self.objet,
            champ=saisi.get("champ", ""),
            texte=saisi["texte"],
            auteur=request.user,
            now=now,
            adresse=request.build_absolute_uri,
            parent=self.fil,
        )
        brouillons.oublier(request.user, request.path, request.POST.get("envoi", ""))
        self.dire(mentions)
        # A name that was not understood is said at the head of the page.
        return redirect(self.get_page_url() if mentions.inconnues else self.get_success_url(commentaire))

    def dire(self, mentions: Mentions) -> None:
        prevenus = ", ".join(str(personne) for personne in mentions.personnes)
        suite = f" Prévenus par courriel : {prevenus}." if prevenus else ""
        messages.success(self.request, f"Votre commentaire est enregistré.{suite}")
        for mots in mentions.inconnues:
            messages.warning(
                self.request,
                f"« @{mots} » ne désigne personne qui puisse lire ce commentaire : personne n’a été prévenu. "
                "Les noms que l’on peut mentionner sont sous le texte.",
            )


class RepondreView(FilMixin, CommenterView):
    """An answer to a thread."""


class ResoudreView(FilMixin, View):
    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        resoudre(self.fil, par=request.user, now=timezone.now())
        messages.success(request, "Le fil est résolu : il est rangé sous les fils ouverts.")
        return redirect(self.get_success_url(self.fil))


class RouvrirView(FilMixin, View):
    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        rouvrir(self.fil, par=request.user)
        messages.success(request, "Le fil est rouvert.")
        return redirect(self.get_success_url(self.fil))
