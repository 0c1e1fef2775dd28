"""Forms of the grid: the same validation as everywhere, in the narrow controls of a table."""

from django import forms
from django.http import QueryDict

from evaluation.enums import NatureIndicateur
from evaluation.forms import MesureForm, nombre_de
from evaluation.forms_complements import faute_de_part

LIBELLES = {
    "valeur": "valeur {annee}",
    "numerateur": "numérateur",
    "denominateur": "dénominateur",
    "etat": "état de la valeur",
    "sans_objet": "sans objet",
    "motif": "motif (valeur manquante ou sans objet)",
    "commentaire": "commentaire",
}


def _nommer(form: forms.Form, nom: str, libelle: str, retour: str) -> None:
    """Each control says its row, and is tied to what the page says of its cell."""
    form.fields[nom].widget.attrs |= {
        "aria-label": libelle,
        "aria-describedby": f"retour-{form.prefix}-{retour}",
        "data-champ": nom,
    }


class LigneForm(MesureForm):
    """`ligne`: evaluation.grille.LigneGrille."""

    def __init__(self, ligne, data=None):
        self.ligne = ligne
        super().__init__(data, indicateur=ligne.indicateur, mesure=ligne.mesure())
        for nom, libelle in LIBELLES.items():
            if nom in self.fields:
                retour = nom if nom in {"etat", "commentaire"} else "valeur"
                complet = f"{ligne.indicateur.code}, {libelle.format(annee=ligne.annee)}"
                if nom == "valeur" and ligne.indicateur.unite_affichee:
                    complet += f" ({ligne.indicateur.unite_affichee})"
                _nommer(self, nom, complet, retour)
        if ligne.indicateur.nature == NatureIndicateur.TEXTE:
            self.fields["valeur"].widget.attrs["rows"] = 2

    def avec(self, data: QueryDict) -> "LigneForm":
        return LigneForm(self.ligne, data)


class PartForm(forms.Form):
    """`part`: evaluation.grille.PartGrille."""

    def __init__(self, part, data=None):
        self.part = part
        super().__init__(
            data, prefix=f"p{part.modalite.pk}", initial={"valeur": part.valeur(part.ligne.annee)}
        )
        self.fields["valeur"] = nombre_de(part.ligne.indicateur, part.modalite.libelle)
        unite = part.ligne.indicateur.unite_affichee
        _nommer(
            self, "valeur", f"{part.nom}, {part.ligne.annee}" + (f" ({unite})" if unite else ""), "valeur"
        )

    def clean_valeur(self):
        valeur = self.cleaned_data["valeur"]
        if faute := faute_de_part(self.part.ligne.indicateur, valeur):
            raise forms.ValidationError(faute)
        return valeur

    def avec(self, data: QueryDict) -> "PartForm":
        return PartForm(self.part, data)


class FiltreForm(forms.Form):
    """Which lines the page shows; a filter that cannot part them is not offered."""

    qui = forms.ChoiceField(label="indicateurs", required=False)
    axe = forms.ChoiceField(label="axe", required=False)
    fiche = forms.ChoiceField(label="fiche", required=False)
    manquants = forms.BooleanField(label="manquants seulement", required=False)

    def __init__(self, data, *, grille, tous: str):
        super().__init__(data)
        fiches = [groupe.fiche for groupe in grille.groupes]
        axes = {fiche.axe.code: fiche.axe.intitule for fiche in fiches}
        self.fields["qui"].choices = [("", tous), ("miens", "les miens")]
        self.fields["axe"].choices = [("", "tous"), *axes.items()]
        self.fields["fiche"].choices = [("", "toutes"), *((f.code, f"{f.code} – {f.titre}") for f in fiches)]
        miennes = {ligne.is_mienne for ligne in grille}
        inutiles = {"qui": len(miennes) < 2, "axe": len(axes) < 2, "fiche": len(fiches) < 2}
        for nom, est_inutile in inutiles.items():
            if est_inutile:
                del self.fields[nom]

    def retient(self, ligne) -> bool:
        """A choice that does not exist filters nothing."""
        self.is_valid()
        choix, fiche = self.cleaned_data, ligne.groupe.fiche
        return not (
            (choix.get("qui") == "miens" and not ligne.is_mienne)
            or (choix.get("axe") and fiche.axe.code != choix["axe"])
            or (choix.get("fiche") and fiche.code != choix["fiche"])
            or (choix.get("manquants") and "non_renseignee" not in ligne.situations)
        )
