"""Forms of the convention's own pages: people, mandates, settings."""

import re

from django import forms
from django.core.exceptions import ValidationError
from PIL import Image, UnidentifiedImageError

from ctg.conservation import HORS_BORNES, MOIS_MAX
from ctg.dates import saisie_de_jour
from ctg.enums import AvalComptesRendus, Role
from ctg.formsets import PartieFormSet
from ctg.jours import ecrire_jours, lire_jours
from ctg.mandats import REFUS, REPRESENTENT
from ctg.models import Convention, Fonction, Mandat, NiveauArbre, Organisme, Personne, Service
from ctg.perimetres import perimetres
from ctg.permissions import check

TAILLE_LOGO = 500_000  # bytes
COTE_LOGO = 2000  # pixels: a browser holds four bytes of each
JOUR = saisie_de_jour()


class PersonneForm(forms.ModelForm):
    class Meta:
        model = Personne
        fields = ("prenom", "nom", "email")
        help_texts = {
            "email": "Celle de l’invitation. Facultative : une personne peut n’avoir pas de compte."
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.utilisateur_id:
            self.fields["email"].disabled = True
            self.fields["email"].help_text = "C’est l’adresse du compte : un administrateur la change."

    def save(self, commit=True):
        """A name that is corrected is so on the account too, where it was the same."""
        noms = ("prenom", "nom")
        compte, avant = self.instance.utilisateur, [self.initial.get(nom, "") for nom in noms]
        personne = super().save(commit)
        if compte and [getattr(compte, nom) for nom in noms] == avant and set(noms) & set(self.changed_data):
            compte.prenom, compte.nom = personne.prenom, personne.nom
            compte.save(update_fields=noms)
        return personne


class FonctionForm(forms.ModelForm):
    class Meta:
        model = Fonction
        fields = ("intitule", "organisme", "service", "date_effet", "date_fin")
        widgets = {"date_effet": JOUR, "date_fin": JOUR}
        labels = {"date_effet": "depuis le", "date_fin": "jusqu’au"}
        help_texts = {"date_effet": "", "date_fin": ""}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisme"].queryset = Organisme.objects.order_by("nom")
        self.fields["service"].queryset = Service.objects.order_by("nom")


FonctionFormSet = forms.inlineformset_factory(
    Personne, Fonction, form=FonctionForm, formset=PartieFormSet, extra=1, max_num=30, validate_max=True
)


# Roles that many may not grant, and the sentence that says who does.
TUS = ((Role.CONSEILLER_CAF, "aval"), (Role.ADMINISTRATEUR, Role.ADMINISTRATEUR))


class MandatForm(forms.ModelForm):
    """An invitation, or one more mandate. Only the roles that the person who grants may grant."""

    email = forms.EmailField(label="adresse électronique", max_length=254)

    class Meta:
        model = Mandat
        fields = ("role", "organisme", "date_debut", "date_fin")
        widgets = {"date_debut": JOUR, "date_fin": JOUR}
        help_texts = {
            "organisme": "Pour un conseiller Caf ou le représentant d’un signataire.",
            "date_debut": "Vide : dès maintenant.",
            "date_fin": "Vide : sans terme. Premier jour où le mandat ne vaut plus.",
        }

    field_order = ("email", "role")

    def __init__(self, *args, convention: Convention, personne: Personne, roles: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        noms = dict(Role.choices)
        self.fields["role"].choices = [("", "Choisissez un rôle"), *((role, noms[role]) for role in roles)]
        tus = [REFUS[cle] for role, cle in TUS if role not in roles]
        self.fields["role"].help_text = " ".join(tus)
        self.fields["organisme"].queryset = (
            Organisme.objects.filter(signatures__convention=convention).distinct()
            | Organisme.objects.filter(pk__in=convention.get_organismes_qui_avalisent()).distinct()
        )
        self.fields["email"].initial = personne.email
        if personne.utilisateur_id:
            del self.fields["email"]
        for perimetre in perimetres():
            if perimetre.role in roles:
                self.fields[f"perimetre_{perimetre.role}"] = forms.TypedMultipleChoiceField(
                    label=perimetre.libelle,
                    choices=perimetre.choix(convention),
                    coerce=int,
                    required=False,
                    widget=forms.CheckboxSelectMultiple,
                )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("role") in REPRESENTENT and not cleaned.get("organisme"):
            self.add_error("organisme", "Dites quel organisme ce mandat représente.")
        return cleaned

    def _post_clean(self):
        """The whole mandate is checked by `accorder`, once it has its person and its convention."""

    def get_mandat(self) -> dict:
        """Arguments of `accorder`."""
        cleaned = self.cleaned_data
        return {
            "role": cleaned["role"],
            "organisme": cleaned["organisme"],
            "perimetre": cleaned.get(f"perimetre_{cleaned['role']}", []),
            "date_debut": cleaned["date_debut"],
            "date_fin": cleaned["date_fin"],
        }


CHAMPS_AVAL = ("organismes_aval", "aval_comptes_rendus", "organismes_aval_comptes_rendus")


class ParametresForm(forms.ModelForm):
    class Meta:
        model = Convention
        fields = (
            "intitule",
            *(
                f"{sorte}_{nom}"
                for nom in ("deliberation", "signature", "debut", "fin", "mi_parcours")
                for sorte in ("date", "precision")
            ),
            *CHAMPS_AVAL,
            "couleur",
            "logo",
            "conservation_mois",
            "jours_rappel",
        )
        widgets = {
            **{f"date_{nom}": JOUR for nom in ("deliberation", "signature", "debut", "fin", "mi_parcours")},
            "organismes_aval": forms.CheckboxSelectMultiple,
            "aval_comptes_rendus": forms.RadioSelect,
            "organismes_aval_comptes_rendus": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        # Who grants mandates does not choose whose aval is needed: one could give it to oneself.
        if not (access := check(user, "ctg.choisir_aval", self.instance)):
            for nom in CHAMPS_AVAL:
                self.fields[nom].disabled = True
                self.fields[nom].help_text = f"{self.fields[nom].help_text} {access.reason}".strip()
        signataires = (
            Organisme.objects.filter(signatures__convention=self.instance).distinct().order_by("nom")
        )
        for nom in ("organismes_aval", "organismes_aval_comptes_rendus"):
            self.fields[nom].queryset = signataires
        self.fields["aval_comptes_rendus"].choices = [
            ("", "des mêmes organismes que le bilan"),
            *AvalComptesRendus.choices,
        ]
        self.fields["logo"].help_text = "Une image PNG ou JPEG de moins de 500 ko."
        self.fields["jours_rappel"].required = True

    def clean(self):
        cleaned = super().clean()
        choisis = cleaned.get("aval_comptes_rendus") == AvalComptesRendus.CHOISIS
        if choisis and not cleaned.get("organismes_aval_comptes_rendus"):
            self.add_error(
                "organismes_aval_comptes_rendus",
                "Choisissez au moins un organisme, ou dites que les comptes rendus n’attendent aucun aval.",
            )
        return cleaned

    def clean_conservation_mois(self):
        mois = self.cleaned_data["conservation_mois"]
        if mois is not None and not 1 <= mois <= MOIS_MAX:
            raise ValidationError(HORS_BORNES)
        return mois

    def clean_couleur(self):
        couleur = self.cleaned_data["couleur"].lower()
        if couleur and not re.fullmatch(r"#[0-9a-f]{6}", couleur):
            raise ValidationError("Écrivez la couleur comme #0f5e59.")
        if couleur and contraste_avec_le_blanc(couleur) < 4.5:
            raise ValidationError(
                "Cette couleur est trop claire pour du texte blanc : choisissez-en une plus foncée."
            )
        return couleur

    def clean_jours_rappel(self):
        return ecrire_jours(lire_jours(self.cleaned_data["jours_rappel"]))

    def clean_logo(self):
        """Judged by its content: what a browser says of a file is not believed."""
        logo = self.cleaned_data["logo"]
        if not logo or not hasattr(logo, "content_type"):
            return logo
        if logo.size > TAILLE_LOGO:
            raise ValidationError("Ce fichier dépasse 500 ko : réduisez l’image.")
        try:
            with Image.open(logo, formats=("PNG", "JPEG")) as image:
                if max(image.size) > COTE_LOGO:
                    raise ValidationError(f"Cette image dépasse {COTE_LOGO} pixels de côté : réduisez-la.")
                image.verify()
                extension = {"PNG": "png", "JPEG": "jpg"}[image.format]
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
            raise ValidationError("Ce fichier n’est pas une image PNG ou JPEG lisible.") from None
        logo.seek(0)
        logo.name = f"{self.instance.slug}.{extension}"
        return logo


def contraste_avec_le_blanc(couleur: str) -> float:
    """WCAG contrast ratio of white text on « #rrggbb »."""

    def lineaire(octet: int) -> float:
        part = octet / 255
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    rouge, vert, bleu = (lineaire(int(couleur[i : i + 2], 16)) for i in (1, 3, 5))
    return 1.05 / (0.2126 * rouge + 0.7152 * vert + 0.0722 * bleu + 0.05)


class NiveauxFormSet(PartieFormSet):
    CLE = ("rang",)


NiveauFormSet = forms.inlineformset_factory(
    Convention,
    NiveauArbre,
    fields=("rang", "singulier", "pluriel"),
    formset=NiveauxFormSet,
    extra=1,
    max_num=10,
)
