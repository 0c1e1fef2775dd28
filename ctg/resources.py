"""What every import and export shares: natural keys, the checks of a form, all rows or none."""

from import_export import resources
from import_export.widgets import ForeignKeyWidget

from ctg.models import Contractuel, Motivable, Organisme


class NaturelleResource(resources.ModelResource):
    """A column « rectification » gives the reason of what corrects the signed text, « motif » of what is locked."""

    def after_init_instance(self, instance, new, row, **kwargs):
        if isinstance(instance, Contractuel):
            instance.completer(str(row.get("source_complements") or row.get("source") or ""))
            instance.rectifier(str(row.get("rectification") or ""))
        if isinstance(instance, Motivable):
            instance.motiver(str(row.get("motif") or ""))

    class Meta:
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = False
        use_transactions = True


class LienWidget(ForeignKeyWidget):
    """A link by a name; an unknown name is refused with what to do."""

    def clean(self, value, row=None, **kwargs):
        try:
            return super().clean(value, row, **kwargs)
        except self.model.DoesNotExist:
            nom = self.model._meta.verbose_name
            raise ValueError(f"{nom} inconnu : « {value} ». Corrigez le nom, ou créez-le d’abord.") from None


class OrganismeResource(NaturelleResource):
    class Meta(NaturelleResource.Meta):
        model = Organisme
        fields = ("nom", "sigle", "nature", "autres_graphies", "source", "mention", "a_verifier")
        import_id_fields = ("nom",)
