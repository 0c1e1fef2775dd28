"""What every import and export shares: natural keys, the checks of a form, all rows or none."""

import datetime

from django.core.exceptions import ValidationError
from import_export import resources, widgets
from import_export.widgets import ForeignKeyWidget

from ctg.models import Contractuel, Motivable, Organisme
from ctg.nombres import ecrire_nombre, lire_nombre

JOURS = ("%d/%m/%Y", "%Y-%m-%d")
MAX_DOUBLONS = 10  # told at once


class FichierError(ValueError):
    """A file that cannot be taken as a whole; the message is a French sentence that says what to do."""


class NombreWidget(widgets.NumberWidget):
    """« 1 234,5 » with any space; what could be read two ways is refused. `suffixes`: signs that may follow it."""

    def __init__(self, *args, suffixes: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.suffixes = suffixes

    def clean(self, value, row=None, **kwargs):
        try:
            return lire_nombre("" if value is None else str(value), suffixes=self.suffixes)
        except ValidationError as error:
            raise ValueError(error.messages[0]) from None

    def render(self, value, obj=None, **kwargs):
        return ecrire_nombre(value)


class EntierWidget(NombreWidget):
    """« 30,5 » places is refused: nothing is rounded in silence."""

    def clean(self, value, row=None, **kwargs):
        lu = super().clean(value, row, **kwargs)
        if lu is None:
            return None
        if lu != int(lu):
            raise ValueError(f"« {value} » n’est pas un nombre entier.")
        return int(lu)

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else str(value)


class JourWidget(widgets.DateWidget):
    def clean(self, value, row=None, **kwargs):
        texte = "" if value is None else str(value).strip()
        if not texte:
            return None
        for forme in JOURS:
            try:
                return datetime.datetime.strptime(texte, forme).date()  # noqa: DTZ007 -- a day, without an hour
            except ValueError:
                continue
        raise ValueError(f"« {texte} » n’est pas une date. Écrivez par exemple 31/12/2025.")


class NaturelleResource(resources.ModelResource):
    """A row is known by its key of the domain.

    Beside its fields, a column « source_contrat » says where what fills an empty signed field comes from,
    « rectification » why a filled one is corrected, « motif » why what is locked changes: as in the forms.
    """

    WIDGETS_MAP = resources.ModelResource.WIDGETS_MAP | {
        "DecimalField": NombreWidget,
        "DateField": JourWidget,
        "PositiveIntegerField": EntierWidget,
        "PositiveSmallIntegerField": EntierWidget,
    }

    class Meta:
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = False
        use_transactions = True

    @classmethod
    def colonnes_de_motif(cls) -> tuple[str, ...]:
        contrat = ("source_contrat", "rectification") if issubclass(cls._meta.model, Contractuel) else ()
        return (*contrat, "motif") if issubclass(cls._meta.model, Motivable) else contrat

    def import_data(self, dataset, *args, **kwargs):
        """All rows or none, by every door."""
        return super().import_data(dataset, *args, **kwargs | {"rollback_on_validation_errors": True})

    def before_import(self, dataset, **kwargs):
        super().before_import(dataset, **kwargs)
        self._verifier_colonnes(dataset.headers or [])
        self._verifier_cles(dataset)

    def _verifier_colonnes(self, titres):
        connues = [*(field.column_name for field in self.get_import_fields()), *self.colonnes_de_motif()]
        if inconnues := [titre for titre in titres if titre not in connues]:
            noms = ", ".join(f"« {titre} »" for titre in inconnues)
            raise FichierError(f"Colonne inconnue : {noms}. Les colonnes sont : {', '.join(connues)}.")
        if doubles := sorted({titre for titre in titres if titres.count(titre) > 1}):
            raise FichierError(f"La colonne « {doubles[0]} » est là deux fois : gardez-en une.")
        if manquantes := [nom for nom in self._colonnes_de_cle() if nom not in titres]:
            noms = ", ".join(f"« {nom} »" for nom in manquantes)
            raise FichierError(f"Il manque la colonne {noms}, par laquelle une ligne se reconnaît.")

    def _colonnes_de_cle(self) -> list[str]:
        return [self.fields[name].column_name for name in self._meta.import_id_fields]

    def _verifier_cles(self, dataset):
        """The first row of data is line 2 of the file."""
        colonnes = self._colonnes_de_cle()
        rangs = [dataset.headers.index(nom) for nom in colonnes]
        vues, fautes = {}, []
        for ligne, valeurs in enumerate(dataset, start=2):
            cle = tuple(_texte(valeurs[rang]) for rang in rangs)
            if "" in cle:
                fautes.append(f"Ligne {ligne} : la colonne « {colonnes[cle.index('')]} » est vide.")
            elif cle in vues:
                noms = ", ".join(f"{nom} « {valeur} »" for nom, valeur in zip(colonnes, cle, strict=True))
                fautes.append(
                    f"Les lignes {vues[cle]} et {ligne} disent la même chose ({noms}) : gardez-en une."
                )
            vues.setdefault(cle, ligne)
        if fautes:
            reste = len(fautes) - MAX_DOUBLONS
            suite = f" … et {reste} autres." if reste > 0 else ""
            raise FichierError(" ".join(fautes[:MAX_DOUBLONS]) + suite)

    def before_import_row(self, row, **kwargs):
        super().before_import_row(row, **kwargs)
        for nom in self._colonnes_de_cle():
            row[nom] = _texte(row.get(nom))

    def after_init_instance(self, instance, new, row, **kwargs):
        if isinstance(instance, Contractuel):
            instance.completer(_texte(row.get("source_contrat")))
            instance.rectifier(_texte(row.get("rectification")))
        if isinstance(instance, Motivable):
            instance.motiver(_texte(row.get("motif")))


def _texte(value) -> str:
    return "" if value is None else str(value).strip()


class LienWidget(ForeignKeyWidget):
    """A link by a name; an unknown name is refused with what to do."""

    def clean(self, value, row=None, **kwargs):
        nom = self.model._meta.verbose_name
        try:
            return super().clean(_texte(value), row, **kwargs)
        except self.model.DoesNotExist:
            raise ValueError(f"{nom} inconnu : « {value} ». Corrigez le nom, ou créez-le d’abord.") from None
        except self.model.MultipleObjectsReturned:
            raise ValueError(f"{nom} : plusieurs portent le nom « {value} ».") from None


class OrganismeResource(NaturelleResource):
    class Meta(NaturelleResource.Meta):
        model = Organisme
        fields = ("nom", "sigle", "nature", "autres_graphies", "source", "mention", "a_verifier")
        import_id_fields = ("nom",)
