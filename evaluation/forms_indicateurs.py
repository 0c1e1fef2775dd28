"""Definition of an indicator: what is counted, its start, its targets and its parts, in one form.

The page, the paste and the replacement all write through this form.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.db.models import Q
from django.utils import timezone

from ctg.models import Personne, Quartier
from ctg.nombres import NombreField
from ctg.textes import TexteField
from evaluation.enums import NatureIndicateur, Ventilation
from evaluation.equipe import Equipe, collect_equipe
from evaluation.models import Indicateur, ModaliteIndicateur
from evaluation.models.verrouillage import MOTIVER, premier, verrous_de
from fiches.forms import QuartiersField
from fiches.models import FicheProjet
from structures.models import Structure

# The control of the parts, for each kind of detail; « par sexe » needs none.
CHAMPS_DES_PARTS = {
    Ventilation.QUARTIER: "quartiers",
    Ventilation.STRUCTURE: "structures",
    Ventilation.AGE: "tranches",
}
SEXES = ("Femmes", "Hommes")
JOUR = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
DATES_LUES = ["%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y"]
DATE_ILLISIBLE = {"invalid": "Écrivez la date comme 31/12/2023."}
MAX_TRANCHES = 40


@dataclass(frozen=True, slots=True)
class Part:
    """A part as the form says it; it is the same as an existing one where they name the same thing."""

    libelle: str
    quartier_id: int | None = None
    structure_id: int | None = None

    @property
    def cle(self) -> tuple:
        nomme = self.quartier_id or self.structure_id
        return (self.quartier_id, self.structure_id, "" if nomme else self.libelle)


def nom_de(bound: forms.BoundField) -> str:
    """The name of a field, in a sentence."""
    label = str(bound.label)
    return label[:1].lower() + label[1:]


def part_de(modalite: ModaliteIndicateur) -> Part:
    return Part(modalite.libelle, modalite.quartier_id, modalite.structure_id)


class IndicateurForm(forms.ModelForm):
    """`cibles` and `modalites`: those to begin with, where they are not those of the instance."""

    jeton = forms.CharField(widget=forms.HiddenInput, required=False)
    definition = TexteField(
        label="définition et mode de calcul",
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Ce qui est compté, ce qui ne l’est pas, et comment : deux personnes doivent trouver le même nombre.",
    )
    valeur_depart = NombreField(
        label="valeur de départ",
        required=False,
        suffixes="%€",
        help_text="La situation avant la convention. Vide si elle n’est pas connue.",
    )
    date_depart = forms.DateField(
        label="date de la valeur de départ",
        required=False,
        widget=JOUR,
        input_formats=DATES_LUES,
        error_messages=DATE_ILLISIBLE,
        help_text="Le jour auquel la valeur de départ se rapporte.",
    )
    borne_min = NombreField(
        label="plus petite valeur plausible",
        required=False,
        suffixes="%€",
        help_text="En dessous, la saisie demande une confirmation.",
    )
    borne_max = NombreField(
        label="plus grande valeur plausible",
        required=False,
        suffixes="%€",
        help_text="Au-dessus, la saisie demande une confirmation.",
    )
    quartiers = QuartiersField(Quartier.objects.none(), label="quartiers", required=False)
    structures = QuartiersField(Structure.objects.none(), label="structures", required=False)
    tranches = TexteField(
        label="tranches d’âge",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Une par ligne, par exemple : 0-3 ans.",
    )
    motif = forms.CharField(
        label="motif du changement",
        required=False,
        max_length=300,
        help_text="Demandé pour changer ce qui est verrouillé ; il reste dans l’historique.",
    )

    class Meta:
        model = Indicateur
        fields = (
            "code",
            "intitule",
            "definition",
            "nature",
            "type_indicateur",
            "unite",
            "periodicite",
            "periode",
            "sens",
            "valeur_depart",
            "date_depart",
            "borne_min",
            "borne_max",
            "producteur",
            "responsable",
            "ventilation",
            "agregation",
        )
        error_messages = {
            "code": {"invalid": "Écrivez le code en lettres sans accent, chiffres et tirets, sans espace."}
        }
        help_texts = {
            "code": "Court et sans espace, par exemple PE-1-05. Il suit l’indicateur dans les tableaux.",
            "intitule": "Ce que l’on compte, en une ligne.",
            "nature": "Elle décide de ce qui se saisit : un nombre, un pourcentage avec sa fraction, oui ou non…",
            "type_indicateur": "Moyens : ce qui est mis. Réalisation : ce qui est fait. Résultat : ce qui change pour le public. Impact : l’effet durable.",
            "unite": "Au pluriel, par exemple : familles. Inutile pour un pourcentage ou un montant en euros.",
            "periodicite": "« Une fois » : l’indicateur n’est plus demandé après sa première valeur.",
            "periode": "Ce que couvre la valeur d’une année.",
            "sens": "Ce que l’on souhaite voir faire à la valeur ; le taux d’atteinte en dépend.",
            "producteur": "Qui produit la donnée, dans quel logiciel ou quel registre.",
            "ventilation": "La valeur se saisit alors aussi pour chaque part, en plus du total.",
            "agregation": "Comment les parts font le total. « Aucun total » : elles ne s’additionnent pas.",
        }

    def __init__(
        self,
        *args,
        fiche: FicheProjet,
        cibles=None,
        modalites=None,
        equipe: Equipe | None = None,
        **kwargs,
    ):
        """`equipe`: given by whoever makes many forms of one convention."""
        instance = kwargs.pop("instance", None) or Indicateur(fiche=fiche)
        super().__init__(*args, instance=instance, **kwargs)
        self.fiche, convention = fiche, fiche.convention
        self.annees = convention.annees
        enregistre = instance.pk is not None
        self.verrous = verrous_de(instance) if enregistre else {}
        self.cibles = {c.annee: c.valeur for c in instance.cibles.all()} if enregistre else {}
        self.modalites = list(instance.modalites.order_by("ordre", "pk")) if enregistre else []
        self._champs_des_cibles(self.cibles if cibles is None else cibles)
        self._champs_des_parts(self.modalites if modalites is None else modalites)
        equipe = equipe or collect_equipe(convention, today=timezone.localdate())
        personnes = Personne.objects.filter(convention=convention, is_anonyme=False)
        self.fields["responsable"].queryset = personnes.filter(
            # Somebody without an account may be invited later; one whose mandate enters nothing never enters it.
            Q(utilisateur=None) | Q(utilisateur__in=equipe.permis(fiche)) | Q(pk=instance.responsable_id)
        ).order_by("nom", "prenom", "pk")
        self.fields["responsable"].empty_label = "le référent de la fiche, sinon le coordinateur de l’axe"
        self.fields[
            "responsable"
        ].help_text = "Qui saisit la valeur de chaque année : un référent de la fiche, un coordinateur de l’axe, le chargé de coopération, ou une personne qui n’a pas encore de compte."

    def _champs_des_cibles(self, cibles: dict[int, Decimal]) -> None:
        for annee in self.annees:
            verrou = self.verrous.get(annee)
            self.fields[f"cible_{annee}"] = NombreField(
                label=f"cible {annee}",
                required=False,
                suffixes="%€",
                initial=cibles.get(annee),
                help_text=verrou.raison if verrou else "",
            )

    def _champs_des_parts(self, modalites: Iterable[ModaliteIndicateur]) -> None:
        convention = self.fiche.convention
        self.fields["quartiers"].queryset = Quartier.objects.de_reference(convention.territoire)
        self.fields["structures"].queryset = Structure.objects.of_convention(convention).order_by("nom", "pk")
        parts = [part_de(modalite) for modalite in modalites]
        par_age = self.initial.get("ventilation") == Ventilation.AGE
        self.initial |= {
            "quartiers": [part.quartier_id for part in parts if part.quartier_id],
            "structures": [part.structure_id for part in parts if part.structure_id],
            "tranches": "\n".join(part.libelle for part in parts if par_age),
        }

    def _get_validation_exclusions(self):
        """The code is unique in its fiche: these are judged though nobody types them."""
        return super()._get_validation_exclusions() - {"fiche", "date_effet", "date_fin", "succede_a"}

    def clean(self):
        cleaned = super().clean()
        self.instance.motiver(cleaned.get("motif") or "")
        self._clean_depart(cleaned)
        self._clean_bornes(cleaned)
        self._clean_nature(cleaned)
        self._clean_cibles(cleaned)
        self._clean_parts(cleaned)
        return cleaned

    def _clean_depart(self, cleaned) -> None:
        if {"valeur_depart", "date_depart"} & set(self.errors):
            return
        if cleaned.get("valeur_depart") is not None and not cleaned.get("date_depart"):
            self.add_error("date_depart", "Dites à quelle date se rapporte la valeur de départ.")
        elif cleaned.get("date_depart") and cleaned.get("valeur_depart") is None:
            self.add_error("valeur_depart", "Écrivez la valeur de départ, ou effacez sa date.")

    def _clean_bornes(self, cleaned) -> None:
        borne_min, borne_max = cleaned.get("borne_min"), cleaned.get("borne_max")
        if borne_min is not None and borne_max is not None and borne_max < borne_min:
            # Said of the one that the person has just written.
            if "borne_min" in self.changed_data and "borne_max" not in self.changed_data:
                self.add_error(
                    "borne_min", "Elle est supérieure à la plus grande : corrigez l’une ou l’autre."
                )
            else:
                self.add_error(
                    "borne_max", "Elle est inférieure à la plus petite : corrigez l’une ou l’autre."
                )

    def _clean_nature(self, cleaned) -> None:
        nature = cleaned.get("nature")
        if nature in NatureIndicateur.SANS_DECIMALE:
            for name in {*self.noms_des_cibles, "valeur_depart"} & set(self.changed_data):
                ecrite = cleaned.get(name)
                if ecrite is not None and ecrite != ecrite.to_integral_value():
                    self.add_error(name, "Cet indicateur compte en nombres entiers : écrivez-en un.")
        if nature not in NatureIndicateur.SANS_ECART:
            return
        nom = NatureIndicateur(nature).label
        for name in self.noms_des_cibles:
            if cleaned.get(name) is not None:
                self.add_error(
                    name, f"Un indicateur de nature « {nom} » n’a pas de cible chiffrée : effacez-la."
                )
        if cleaned.get("ventilation") not in {None, Ventilation.AUCUNE}:
            self.add_error("ventilation", f"Un indicateur de nature « {nom} » ne se détaille pas en parts.")

    def _clean_cibles(self, cleaned) -> None:
        if cleaned.get("motif"):
            return
        for annee, verrou in self.verrous.items():
            name = f"cible_{annee}"
            touchee = name in self.fields and cleaned.get(name) != self.cibles.get(annee)
            if touchee and name not in self.errors:
                self.add_error(name, f"{verrou.raison} {MOTIVER}")

    def _clean_parts(self, cleaned) -> None:
        ventilation = cleaned.get("ventilation")
        name = CHAMPS_DES_PARTS.get(ventilation, "ventilation")
        if not ventilation or name in self.errors or "ventilation" in self.errors:
            return
        parts = self.get_parts()
        if ventilation != Ventilation.AUCUNE and not parts:
            self.add_error(name, f"Détail {Ventilation(ventilation).label} : dites au moins une part.")
        if len({part.libelle.casefold() for part in parts}) < len(parts):
            self.add_error(name, "Deux parts portent le même nom : gardez-en une.")
        if name == "tranches" and (len(parts) > MAX_TRANCHES or any(len(p.libelle) > 200 for p in parts)):
            self.add_error(name, f"Au plus {MAX_TRANCHES} tranches, de 200 caractères chacune.")
        avant, apres = {part_de(m).cle for m in self.modalites}, {part.cle for part in parts}
        ont_une_valeur = [
            m.libelle for m in self.modalites if part_de(m).cle not in apres and m.valeurs.exists()
        ]
        if ont_une_valeur:
            noms = ", ".join(f"« {nom} »" for nom in ont_une_valeur)
            self.add_error(
                name, f"Ces parts ont déjà une valeur et ne s’ôtent pas : {noms}. Remplacez l’indicateur."
            )
        elif avant != apres and not cleaned.get("motif") and (verrou := premier(self.verrous)):
            self.add_error(name, f"{verrou.raison} {MOTIVER}")

    @property
    def noms_des_cibles(self) -> list[str]:
        return [f"cible_{annee}" for annee in self.annees]

    def get_cibles(self) -> dict[int, Decimal | None]:
        return {annee: self.cleaned_data.get(f"cible_{annee}") for annee in self.annees}

    def get_parts(self) -> list[Part]:
        """In the order of the form."""
        cleaned = self.cleaned_data
        ventilation = cleaned.get("ventilation")
        if ventilation == Ventilation.QUARTIER:
            return [Part(q.nom, quartier_id=q.pk) for q in cleaned.get("quartiers") or ()]
        if ventilation == Ventilation.STRUCTURE:
            structures = list(cleaned.get("structures") or ())
            noms = [s.nom for s in structures]
            return [
                Part(s.nom if noms.count(s.nom) == 1 else f"{s.nom} ({s.code})", structure_id=s.pk)
                for s in structures
            ]
        if ventilation == Ventilation.AGE:
            lignes = (cleaned.get("tranches") or "").splitlines()
            return [Part(ligne.strip()) for ligne in lignes if ligne.strip()]
        return [Part(sexe) for sexe in SEXES] if ventilation == Ventilation.SEXE else []

    # The parts of the page, in order.
    def quoi(self):
        return [self[n] for n in ("code", "intitule", "definition", "nature", "type_indicateur", "unite")]

    def quand(self):
        return [self[n] for n in ("periodicite", "periode", "sens", "responsable", "producteur")]

    def depart(self):
        return [self[n] for n in ("valeur_depart", "date_depart", "borne_min", "borne_max")]

    def champs_cibles(self):
        return [self[name] for name in self.noms_des_cibles]

    def detail(self):
        return [self["ventilation"], self["agregation"]]

    @property
    def verrou(self):
        return premier(self.verrous)
