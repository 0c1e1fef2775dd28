"""The head of a projet d’avenant, and one form for each kind of change: what the avenant changes, and only what it may."""

from decimal import Decimal

from django import forms
from django.db import models
from django.db.models import QuerySet

from ctg.dates import date_plausible, saisie_de_jour
from ctg.forms_a_deux import ADeuxForm
from ctg.models import Convention, Organisme, Service
from ctg.nombres import NombreField
from ctg.textes import COMPTEUR, RICHE, TexteField, texte_borne
from evaluation.avenants.enums import NatureChangement
from evaluation.avenants.services import lire_champ
from evaluation.models import ChangementProjete, Indicateur, ProjetAvenant
from evaluation.models.regles_avenants import CIBLES_CHIFFREES, REGLES, is_sortie, nom_du_champ
from fiches.models import Axe, FicheProjet, ObjectifOperationnel
from fiches.models.fiche import FicheQuerySet
from gouvernance.models import Decision
from structures.models import Inscription, Structure

N = NatureChangement
DANS = {"axe": "dans l’axe", "fiche": "dans la fiche"}
AIDES = {
    "code": "Court et sans espace, par exemple PE-1-05.",
    "rubrique": "Le titre sous lequel la ligne est rangée dans l’annexe.",
    "qualite": "Par exemple : partenaire, financeur.",
}


class ProjetForm(ADeuxForm):
    numero = forms.IntegerField(label="numéro", min_value=1, max_value=99)

    class Meta:
        model = ProjetAvenant
        fields = ("numero", "objet", "date_effet", "decision", "expose")
        widgets = {
            "date_effet": saisie_de_jour(),
            "expose": forms.Textarea(attrs={"rows": 6, **COMPTEUR, **RICHE}),
        }
        field_classes = {"expose": TexteField}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["decision"].queryset = (
            Decision.objects.filter(reunion__convention=self.instance.convention)
            .select_related("reunion")
            .order_by("-reunion__date", "-reunion__rang", "-rang")
        )
        self.fields["decision"].empty_label = "pas encore prise"


class MotifForm(forms.Form):
    motif = forms.CharField(max_length=300, help_text="Il reste dans l’historique.")


class SignatureForm(forms.Form):
    date_signature = forms.DateField(
        label="date de signature",
        widget=saisie_de_jour(),
        validators=[date_plausible],
        help_text="Celle du dernier signataire.",
    )


class NatureForm(forms.Form):
    """Which kind of change; GET."""

    nature = forms.ChoiceField(
        label="ajouter un changement",
        choices=[
            (titre, [(n.value, n.label) for n in N if n.value.startswith(prefixes)])
            for titre, prefixes in (
                ("Axes et objectifs", ("axe", "objectif")),
                ("Fiches projet", ("fiche",)),
                ("Indicateurs", ("indicateur",)),
                ("Annexes 2 et 2 bis", ("structure", "inscription")),
                ("Signataires", ("signataire",)),
            )
        ],
    )


def cibles_possibles(nature: str, convention: Convention) -> QuerySet:
    """What a line of that nature may name."""
    fiches: FicheQuerySet = FicheProjet.objects.filter(convention=convention, date_fin=None)
    possibles = {
        "axe": Axe.objects.filter(convention=convention, date_fin=None).order_by(
            "rang", "parent__ordre", "ordre", "pk"
        ),
        "objectif": ObjectifOperationnel.objects.filter(axe__convention=convention, date_fin=None).order_by(
            "axe__code", "ordre", "pk"
        ),
        "fiche": fiches.for_list(),
        "indicateur": Indicateur.objects.filter(fiche__in=fiches, date_fin=None).order_by(
            "fiche__axe__ordre", "fiche__numero", "ordre", "pk"
        ),
        "inscription": Inscription.objects.filter(convention=convention, date_fin=None).for_list(),
        "structure": Structure.objects.filter(territoire=convention.territoire_id)
        .exclude(inscriptions__in=convention.inscriptions.filter(date_fin=None))
        .order_by("nom", "pk"),
        "organisme": Organisme.objects.exclude(
            signatures__in=convention.signataires.filter(date_fin=None)
        ).order_by("nom"),
        "signataire": convention.signataires.filter(date_fin=None)
        .select_related("organisme")
        .order_by("ordre", "pk"),
    }
    return possibles[REGLES[nature].cible]


def demande_sa_cible(nature: str) -> bool:
    """Whether what it names is chosen first: the form opens on what it says now."""
    regle = REGLES[nature]
    return bool(regle.champs) and (
        (
            issubclass(regle.modele, ChangementProjete._meta.get_field(regle.cible).related_model)
            and not nature.endswith("ajouter")
        )
        or nature == N.STRUCTURE_INSCRIRE
    )


class CibleForm(forms.Form):
    """What the line names."""

    def __init__(self, *args, nature: str, convention: Convention, **kwargs):
        super().__init__(*args, **kwargs)
        regle = REGLES[nature]
        libelle = ChangementProjete._meta.get_field(regle.cible).verbose_name
        ajoute = nature.endswith("ajouter") and regle.cible in DANS
        self.fields["cible"] = forms.ModelChoiceField(
            cibles_possibles(nature, convention),
            label=DANS[regle.cible] if ajoute else libelle,
            empty_label="au premier rang" if regle.is_cible_facultative else "choisissez",
            required=not (regle.sous and ajoute),
        )


class ChangementForm(CibleForm):
    """A line of a projet. `cible`: chosen already; `ligne`: the one that is written again."""

    def __init__(
        self,
        *args,
        nature: str,
        projet: ProjetAvenant,
        cible: models.Model | None = None,
        ligne: ChangementProjete | None = None,
        **kwargs,
    ):
        super().__init__(*args, nature=nature, convention=projet.convention, **kwargs)
        self.nature, self.projet, self.cible, self.ligne = nature, projet, cible, ligne
        self.regle = REGLES[nature]
        if cible is not None or ligne is not None:
            del self.fields["cible"]
        self._champ_sous()
        for nom in self.regle.champs:
            self._champ(nom)
        self.fields["motif"] = forms.CharField(
            max_length=300,
            required=is_sortie(nature),
            help_text="Pourquoi ; il est imprimé dans les annexes de l’avenant.",
            initial=ligne.motif if ligne else "",
        )

    def _champ_sous(self) -> None:
        if not self.regle.sous:
            return
        ajoutees = self.projet.changements.filter(nature=self.regle.sous).order_by("ordre")
        if self.ligne:
            ajoutees = ajoutees.exclude(pk=self.ligne.pk)
        if ajoutees.exists():
            quoi = "une fiche" if self.regle.sous == N.FICHE_AJOUTER else "un axe"
            self.fields["sous"] = forms.ModelChoiceField(
                ajoutees,
                required=False,
                label=f"{'et' if self.regle.is_sous_en_plus else 'ou dans'} {quoi} que ce projet ajoute",
                empty_label="aucun" if quoi == "un axe" else "aucune",
                initial=self.ligne.sous_id if self.ligne else None,
            )
            self.fields["sous"].label_from_instance = lambda ajout: ajout.valeurs.get("intitule", "")

    def _actuel(self, nom: str):
        """What the field opens on: what the line says, else what its target says."""
        if self.ligne and nom in self.ligne.valeurs:
            return self.ligne.valeurs[nom]
        objet = self.ligne.cible if self.ligne else self.cible
        if isinstance(objet, self.regle.modele) and not self.nature.endswith("ajouter"):
            return lire_champ(objet, nom)
        if isinstance(objet, Structure) and nom in {"nom", "adresse", "gestionnaire"}:
            return str((objet.adresse_complete if nom == "adresse" else getattr(objet, nom)) or "")
        return None

    def _champ(self, nom: str) -> None:
        actuel = self._actuel(nom)
        if nom == CIBLES_CHIFFREES:
            for annee in self.projet.convention.annees:
                valeur = (actuel or {}).get(str(annee))
                self.fields[f"cible_{annee}"] = NombreField(
                    label=f"cible {annee}",
                    required=False,
                    suffixes="%€",
                    initial=None if valeur is None else Decimal(valeur),
                )
            return
        champ = self.regle.modele._meta.get_field(nom)
        self.fields[nom] = field = _field(champ, self.projet.convention)
        field.initial = Decimal(actuel) if isinstance(field, NombreField) and actuel is not None else actuel
        if actuel is None and champ.has_default() and nom != "axes":
            field.initial = champ.get_default()
        field.required = nom in self.regle.requis
        field.help_text = AIDES.get(nom, "")
        if self.nature == N.AXE_AJOUTER and nom == "code":
            field.required, field.help_text = False, "Vide : le numéro suivant, comme ses voisins."
        if nom == "axes":
            field.label = "axes que la fiche porte désormais"

    def clean(self):
        cleaned = super().clean()
        dit_ou = cleaned.get("cible") or cleaned.get("sous") or "cible" in self.errors
        if "cible" in self.fields and not self.regle.is_cible_facultative and not dit_ou:
            self.add_error("cible", "Choisissez où l’ajouter.")
        if cleaned.get("cible") and cleaned.get("sous"):
            self.add_error("sous", "Choisissez l’un ou l’autre.")
        return cleaned

    @property
    def choisie(self) -> models.Model | None:
        return self.cible or self.cleaned_data.get("cible")

    def valeurs(self) -> dict:
        """What the line says: all of what is added or replaced, else only what changes."""
        cleaned, dites = self.cleaned_data, {}
        tout = self.nature.endswith(("ajouter", "remplacer", "inscrire"))
        for nom in self.regle.champs:
            if nom == CIBLES_CHIFFREES:
                cibles = {annee: cleaned.get(f"cible_{annee}") for annee in self.projet.convention.annees}
                dites[nom] = {str(annee): valeur for annee, valeur in cibles.items() if valeur is not None}
            elif (
                nom in self.regle.requis or nom in self._changes or (tout and cleaned[nom] not in (None, ""))
            ):
                dites[nom] = cleaned[nom]
        return dites

    @property
    def _changes(self) -> set[str]:
        """Fields that differ from what the target says now; those that the line says already stay."""
        changes = set(self.changed_data)
        if self.ligne:
            changes |= set(self.ligne.valeurs)
        return changes


def _field(champ: models.Field, convention: Convention) -> forms.Field:
    libelle = nom_du_champ(champ.model, champ.name)
    if champ.name == "axes":
        return forms.ModelMultipleChoiceField(
            Axe.objects.filter(convention=convention, date_fin=None).order_by(
                "rang", "parent__ordre", "ordre", "pk"
            ),
            label=libelle,
            widget=forms.CheckboxSelectMultiple,
        )
    if isinstance(champ, models.DecimalField):
        return NombreField(label=libelle, suffixes="%€")
    if isinstance(champ, models.DateField):
        return forms.DateField(label=libelle, widget=saisie_de_jour(), validators=[date_plausible])
    if isinstance(champ, models.TextField):
        riche = RICHE if champ.model is FicheProjet else {}
        return TexteField(
            label=libelle,
            validators=[texte_borne],
            widget=forms.Textarea(attrs={"rows": 4, **COMPTEUR, **riche}),
        )
    if isinstance(champ, models.ForeignKey):
        modele = champ.related_model
        return forms.ModelChoiceField(
            modele.objects.order_by("nom"),
            label=libelle,
            empty_label="à compléter" if modele is not Service else "aucun",
        )
    return champ.formfield(label=libelle)
