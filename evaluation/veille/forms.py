"""Forms of the social watch."""

from django import forms
from django.utils import timezone

from ctg.dates import saisie_de_jour
from ctg.imports.formulaires import FichierForm
from ctg.models import Convention, Quartier
from ctg.nombres import NombreField
from ctg.perimetres import droits
from ctg.permissions import check
from ctg.textes import COMPTEUR, TexteField
from evaluation.models import AutreNom, NoteVeille, SerieSociale, Seuil, TerritoireCompare
from fiches.models import Axe, FicheProjet
from gouvernance.forms import EditionForm
from gouvernance.models import Jalon, Reunion

DU_FICHIER = "celle que dit le fichier (colonne « Série », ou données ouvertes reconnues)"
LA_VILLE = "la ville"


class SerieForm(EditionForm):
    class Meta:
        model = SerieSociale
        fields = (
            "intitule",
            "code",
            "theme",
            "nature",
            "unite",
            "periode",
            "cumul",
            "definition",
            "producteur",
            "jeu_de_donnees",
            "lien",
            "licence",
            "date_donnees",
            "is_publique",
        )
        widgets = {
            "definition": forms.Textarea(attrs={"rows": 4, **COMPTEUR}),
            "date_donnees": saisie_de_jour(),
        }
        field_classes = {"definition": TexteField}
        help_texts = {
            "cumul": "Pour des effectifs, la somme. Un taux ne s’additionne pas : sa moyenne demande des poids, et n’est pas "
            "calculée.",
            "definition": "Ce qui est compté, et comment : la phrase que lira quelqu’un qui découvre le chiffre.",
        }


class SeuilForm(EditionForm):
    class Meta:
        model = Seuil
        fields = ("portee", "nature", "valeur", "nb_periodes")
        field_classes = {"valeur": NombreField}
        help_texts = {"valeur": "Dans l’unité de la série, ou en % pour une évolution et un écart."}


class AxesField(forms.ModelMultipleChoiceField):
    """Named by their rank too: « PE », then « PE.1 »."""

    def label_from_instance(self, axe):
        return f"{axe.code} – {axe.intitule}"


class LiensForm(forms.Form):
    """Which axes and fiches show a series as their context."""

    axes = AxesField(
        queryset=Axe.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Axes",
        help_text="Les fiches d’un axe coché montrent la série aussi.",
    )
    fiches = forms.ModelMultipleChoiceField(
        queryset=FicheProjet.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Fiches projet",
    )

    def __init__(self, *args, serie: SerieSociale, **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        axes = Axe.objects.filter(convention=serie.convention)
        self.fields["axes"].queryset = (
            (axes.en_vigueur(au=today) | axes.filter(series_sociales=serie)).distinct().order_by("code", "pk")
        )
        fiches = FicheProjet.objects.filter(convention=serie.convention)
        self.fields["fiches"].queryset = (
            (fiches.en_vigueur(au=today) | fiches.filter(series_sociales=serie))
            .distinct()
            .order_by("axe__ordre", "numero", "pk")
        )


class TerritoireForm(EditionForm):
    class Meta:
        model = TerritoireCompare
        fields = ("nom", "niveau", "code")


class AutreNomForm(EditionForm):
    class Meta:
        model = AutreNom
        fields = ("nom", "quartier", "territoire_compare")
        help_texts = {
            "nom": "Tel qu’il est écrit dans les fichiers : « 21231 », « Les Grésilles », le code d’un Iris.",
            "territoire_compare": "Laissez les deux vides si ce nom ou ce code est celui de la ville.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        convention = self.instance.convention
        self.fields["quartier"].queryset = _quartiers(convention)
        self.fields["quartier"].empty_label = "aucun"
        self.fields["territoire_compare"].queryset = TerritoireCompare.objects.filter(
            convention=convention
        ).order_by("nom", "pk")
        self.fields["territoire_compare"].empty_label = "aucun"


class NoteForm(EditionForm):
    """Who holds a quartier writes the notes of that one; the chargé de coopération those of all."""

    class Meta:
        model = NoteVeille
        fields = ("titre", "texte", "quartier", "date", "jalon", "reunion", "theme", "serie", "axe")
        widgets = {
            "texte": forms.Textarea(attrs={"rows": 6, **COMPTEUR}),
            "date": saisie_de_jour(),
        }
        field_classes = {"texte": TexteField}
        help_texts = {
            "texte": "Ce que les habitants, les partenaires ou vous-même avez constaté. Lue par l’équipe et la Caf : ne "
            "nommez personne.",
            "jalon": "Facultatif : le séminaire de quartier d’où vient cette note.",
            "reunion": "Facultatif.",
            "theme": "Facultatif : deux ou trois mots, par exemple « garde d’enfants ».",
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        convention = self.instance.convention
        quartiers = Quartier.objects.de_reference(convention.territoire)
        quartier = self.fields["quartier"]
        if check(user, "evaluation.tenir_veille", convention):
            quartier.empty_label = "toute la ville"
        else:
            quartiers = quartiers.filter(pk__in=droits(user, convention.pk).dans("quartiers"))
            quartier.required, quartier.empty_label = True, "Choisissez un quartier"
        quartier.queryset, quartier.help_text = quartiers, ""
        for nom, objets in {
            "jalon": Jalon.objects.filter(convention=convention).order_by("-date_debut", "pk"),
            "reunion": Reunion.objects.filter(convention=convention).order_by("-date", "pk"),
            "serie": SerieSociale.objects.filter(convention=convention).order_by("intitule", "pk"),
            "axe": Axe.objects.filter(convention=convention)
            .en_vigueur(au=timezone.localdate())
            .order_by("code", "pk"),
        }.items():
            self.fields[nom].queryset = objets
            self.fields[nom].empty_label = "aucun" if nom in {"jalon", "axe"} else "aucune"
        self.fields["jalon"].label_from_instance = lambda jalon: (
            f"{jalon.titre}, {jalon.quartier or LA_VILLE}, {jalon.date_debut:%d/%m/%Y}"
        )


class DepotForm(FichierForm):
    """The file, and the series that it is of where it does not say so."""

    serie = forms.ModelChoiceField(
        queryset=SerieSociale.objects.none(),
        required=False,
        to_field_name="code",
        label="Série",
        empty_label=DU_FICHIER,
        help_text="Le tableau peut avoir une colonne par année, une colonne par quartier, ou une ligne par chiffre.",
    )

    def __init__(self, *args, convention: Convention, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["serie"].queryset = SerieSociale.objects.filter(convention=convention).order_by(
            "intitule", "pk"
        )


def _quartiers(convention: Convention):
    return Quartier.objects.filter(decoupage__territoire=convention.territoire_id).order_by(
        "-decoupage__is_reference", "decoupage__nom", "ordre", "pk"
    )
