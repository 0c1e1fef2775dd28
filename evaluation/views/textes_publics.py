"""The texts that the public will read, approved one by one."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from evaluation.editions import edition_de
from evaluation.enums import ChampPublic, StatutBilan
from evaluation.forms_bilan import TextePublicForm
from evaluation.models import TextePublic
from evaluation.noms import decouper, nomme, noms_connus
from evaluation.textes_publics import approuver, retirer
from evaluation.views.bilans import BilanMixin
from fiches.models import FicheProjet

PUBLIE = "Ce bilan est publié : ses textes ne changent plus. Un rectificatif en aura d’autres."


class TextesPublicsView(BilanMixin, TemplateView):
    template_name = "evaluation/textes_publics.html"
    permission_code = "evaluation.publier"

    def dispatch(self, request, *args, **kwargs):
        self.check_access()
        if self.get_bilan().statut == StatutBilan.PUBLIEE:
            messages.info(request, PUBLIE)
            return redirect("evaluation:bilan", convention=self.convention.slug, annee=kwargs["annee"])
        return super().dispatch(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        """One text: approved, or taken back where it is emptied."""
        fiche, champ = self._lire_cle(request.POST.get("fiche", ""), request.POST.get("champ", ""))
        form = TextePublicForm(request.POST, prefix=self._prefixe(fiche, champ))
        noms = noms_connus(self.convention)
        if form.is_valid():
            texte = form.cleaned_data["texte"].strip()
            trouves = nomme(texte, noms)
            if not trouves or form.cleaned_data["confirmer"]:
                return self._enregistrer(fiche, champ, texte)
            form.add_error(
                "confirmer",
                f"Ce texte nomme : {', '.join(trouves)}. Ôtez ces noms, ou confirmez qu’ils peuvent être publiés.",
            )
        return self.render_to_response(self.get_context_data(refuse=form))

    @transaction.atomic
    def _enregistrer(self, fiche: FicheProjet | None, champ: str, texte: str):
        cle = {"convention": self.convention, "fiche": fiche, "annee": self.kwargs["annee"], "champ": champ}
        if texte:
            approuver(**cle, texte=texte, user=self.request.user, now=timezone.now())
            messages.success(self.request, "Le texte est approuvé pour le public.")
        else:
            retirer(**cle)
            messages.success(self.request, "Ce champ n’aura pas de texte dans la version publique.")
        url = reverse(
            "evaluation:textes_publics",
            kwargs={"convention": self.convention.slug, "annee": self.kwargs["annee"]},
        )
        return redirect(f"{url}#{self._prefixe(fiche, champ)}")

    def _lire_cle(self, code: str, champ: str) -> tuple[FicheProjet | None, str]:
        permis = ChampPublic.D_UNE_FICHE if code else ChampPublic.DE_LA_CONVENTION
        fiche = (
            FicheProjet.objects.filter(convention=self.convention, code=code)
            .de_l_annee(self.kwargs["annee"])
            .order_by("-pk")
            .first()
        )
        if champ not in permis or (code and fiche is None):
            raise Http404("Ce texte n’existe pas.")
        return fiche, champ

    def _prefixe(self, fiche, champ: str) -> str:
        return f"{fiche.code if fiche else 'convention'}-{champ}"

    def get_context_data(self, **kwargs):
        refuse = kwargs.pop("refuse", None)
        annee = self.kwargs["annee"]
        bilan = self.get_bilan()
        self.noms = noms_connus(self.convention)
        self.approuves = {
            (t.fiche.code if t.fiche else "", t.champ): t
            for t in TextePublic.objects.filter(convention=self.convention, annee=annee).select_related(
                "fiche", "approuve_par"
            )
        }
        contenu = edition_de(bilan).contenu
        conclusion = bilan.conclusion_rendue
        sources = {"presentation": "", "conclusions": conclusion.texte if conclusion else ""}
        groupes = [
            (
                "",
                f"Bilan {annee}",
                0,
                [self._champ("", c, sources[c], refuse) for c in ChampPublic.DE_LA_CONVENTION],
            )
        ]
        for fiche in contenu.fiches:
            champs = [
                self._champ(fiche.code, c, getattr(fiche, c), refuse)
                for c in ChampPublic.D_UNE_FICHE
                if getattr(fiche, c) or (fiche.code, c) in self.approuves
            ]
            groupes.append((fiche.code, fiche.titre, fiche.axe_rang, champs))
        propres = {
            "annee": annee,
            "version": bilan,
            "groupes": groupes,
            "nb_approuves": len(self.approuves),
        }
        return super().get_context_data(**kwargs | propres)

    def _champ(self, code: str, champ: str, source: str, refuse) -> dict:
        prefixe = f"{code or 'convention'}-{champ}"
        texte = self.approuves.get((code, champ))
        repris = refuse is not None and refuse.prefix == prefixe
        form = (
            refuse
            if repris
            else TextePublicForm(prefix=prefixe, initial={"texte": texte.texte if texte else source})
        )
        form.fields["texte"].widget.attrs["aria-label"] = f"{ChampPublic(champ).label} {code}".strip()
        courant = form.data.get(f"{prefixe}-texte", "") if repris else form.initial["texte"]
        return {
            "fiche": code,
            "champ": champ,
            "prefixe": prefixe,
            "libelle": ChampPublic(champ).label,
            "approuve": texte,
            "form": form,
            "repris": repris,
            "morceaux": decouper(courant, self.noms),
            "noms": nomme(courant, self.noms),
        }
