"""What a page shows of the comments on an object: threads, and the forms to answer, all in a few queries."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from ctg.brouillons import en_formulaire, lire, sans_erreurs
from ctg.commentables import commentable_de
from ctg.commentaires import Fil, fils, peut_commenter, peut_resoudre
from ctg.envois import signer_envoi
from ctg.mentions import mentionnables
from ctg.models import Brouillon, Personne
from ctg.models.commentaires import TAILLE_MAX
from ctg.permissions import Access
from ctg.signes import texte_lisible
from ctg.templatetags.affichage import nombre, pluriel

AIDE = (
    "Pour prévenir quelqu’un par courriel, écrivez @ suivi de son prénom et de son nom : « @Prénom Nom ». "
    "Une ligne qui commence par « - » devient une puce."
)


def verifier_longueur(texte: str) -> None:
    if (nb := len(texte)) > TAILLE_MAX:
        raise ValidationError(
            f"Ce commentaire compte {nombre(nb)} caractères, et {nombre(TAILLE_MAX)} au plus sont permis. "
            "Raccourcissez-le, ou écrivez-en deux."
        )


class TexteField(forms.CharField):
    """Lines count as a browser counts them; too long a text is refused with its length, never cut."""

    default_validators = (texte_lisible, verifier_longueur)

    def __init__(self):
        super().__init__(
            label="votre commentaire",
            help_text=AIDE,
            widget=forms.Textarea(attrs={"rows": 4, "data-mentions": "", "dir": "auto"}),
            error_messages={"required": "Écrivez votre commentaire."},
        )

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n").replace("\r", "\n")


class CommentaireForm(forms.Form):
    """`champs`: {field: name} that a new thread may be about; an answer is about its thread's."""

    champ = forms.ChoiceField(label="à propos de", required=False)
    texte = TexteField()

    def __init__(self, data=None, *, champs: dict[str, str], cle: str):
        super().__init__(data, auto_id=f"{cle}-%s")
        self.cle = cle
        if champs:
            self.fields["champ"].choices = [("", "l’ensemble"), *champs.items()]
        else:
            del self.fields["champ"]


@dataclass(frozen=True, slots=True)
class Redaction:
    """One form to write in, and where it is sent."""

    url: str
    form: CommentaireForm
    envoi: str
    bouton: str
    brouillon: Brouillon | None = None

    @property
    def form_id(self) -> str:
        return f"formulaire-{self.form.cle}"

    @property
    def formulaires(self) -> list[CommentaireForm]:
        return [self.form]


@dataclass(frozen=True, slots=True)
class FilAffiche:
    fil: Fil
    rubrique: str
    redaction: Redaction | None  # None: nobody answers a thread that is resolved, or whom one may not answer
    url_resoudre: str
    url_rouvrir: str
    peut_resoudre: Access


@dataclass(frozen=True, slots=True)
class Discussion:
    ouverts: list[FilAffiche]
    resolus: list[FilAffiche]
    redaction: Redaction | None
    droit: Access
    mentionnables: list[Personne]

    @property
    def resume(self) -> str:
        nb = len(self.ouverts)
        return (
            f"{nb} fil{pluriel(nb)} de commentaires ouvert{pluriel(nb)}"
            if nb
            else "Aucun fil de commentaires ouvert"
        )


def url_commenter(objet) -> str:
    kwargs = {
        "convention": objet.convention.slug,
        "cible": commentable_de(objet).code,
        "pk": objet.pk,
    }
    return reverse("ctg:commenter", kwargs=kwargs)


def url_du_fil(nom: str, objet, racine) -> str:
    return reverse(f"ctg:{nom}", kwargs={"convention": objet.convention.slug, "pk": racine.pk})


def rediger(
    user, url: str, *, champs: dict[str, str], cle: str, data=None, brouillon=None, envoi: str = ""
) -> Redaction:
    """The form with what was sent, or with the draft that was kept, or empty."""
    gardes = en_formulaire(brouillon) if brouillon else None
    form = CommentaireForm(gardes if data is None else data, champs=champs, cle=cle)
    if data is None and brouillon:
        sans_erreurs(form)
    bouton = "Répondre" if cle.startswith("reponse") else "Commenter"
    reprend = brouillon.reprend if brouillon else ()
    envoi = envoi or signer_envoi(user, url, now=timezone.now(), reprend=reprend)
    return Redaction(url, form, envoi, bouton, brouillon)


def collect_discussion(user, objet, champ: str | None = None) -> Discussion:
    """Threads on an object, or on one of its fields. The caller has checked the right to read."""
    commentable, droit = commentable_de(objet), peut_commenter(user, objet)
    champs = commentable.champs(objet)
    lus, nouveau = fils(objet, champ), url_commenter(objet)
    adresses = {f.racine.pk: url_du_fil("repondre", objet, f.racine) for f in lus}
    brouillons = {}
    if droit:
        gardes = Brouillon.objects.filter(utilisateur=user, adresse__in=[nouveau, *adresses.values()])
        brouillons = {url: lire(user, url) for url in set(gardes.values_list("adresse", flat=True))}
    affiches = []
    for fil in lus:
        racine, url = fil.racine, adresses[fil.racine.pk]
        redaction = None
        if droit and not racine.is_resolu:
            redaction = rediger(
                user, url, champs={}, cle=f"reponse-{racine.pk}", brouillon=brouillons.get(url)
            )
        affiches.append(
            FilAffiche(
                fil,
                champs.get(racine.champ, racine.champ),
                redaction,
                url_du_fil("resoudre", objet, racine),
                url_du_fil("rouvrir", objet, racine),
                peut_resoudre(user, racine, objet),
            )
        )
    return Discussion(
        ouverts=[a for a in affiches if not a.fil.racine.is_resolu],
        resolus=[a for a in affiches if a.fil.racine.is_resolu],
        redaction=rediger(user, nouveau, champs=champs, cle="commentaire", brouillon=brouillons.get(nouveau))
        if droit
        else None,
        droit=droit,
        mentionnables=[p for p in mentionnables(objet) if p.utilisateur_id != user.pk] if droit else [],
    )
