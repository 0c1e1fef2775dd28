"""Import and export in the administration: a preview, then all the rows or none, once.

The file that was previewed waits in the cache under a signed name, for its author, until it is confirmed.
"""

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from import_export.admin import ImportExportModelAdmin
from import_export.forms import ImportForm
from import_export.results import RowResult
from import_export.tmp_storages import CacheStorage

from ctg.admin_a_deux import AdminADeux
from ctg.formats import FORMATS
from ctg.lecture_xlsx import ILLISIBLE, MAX_FICHIER, ClasseurError

SEL = "import-de-l-administration"
DUREE = 3600  # seconds between the preview and its confirmation
PERDU = (
    "Ce fichier n’attend plus d’être importé : il l’a déjà été, ou son aperçu date de plus d’une heure. "
    "Regardez la liste, puis déposez-le de nouveau s’il le faut."
)
ABIME = "L’aperçu est arrivé abîmé : rien n’est importé. Déposez le fichier de nouveau."


class Depot(CacheStorage):
    """A file between its preview and its confirmation."""

    CACHE_LIFETIME = DUREE

    def prendre(self) -> bytes | None:
        """The file, for one taker only: a second post finds nothing."""
        contenu = self.read()
        return contenu if contenu is not None and cache.delete(self.CACHE_PREFIX + self.name) else None


class DeposerForm(ImportForm):
    def clean_import_file(self):
        fichier = self.cleaned_data["import_file"]
        if fichier.size > MAX_FICHIER:
            raise forms.ValidationError(
                f"Ce fichier dépasse {MAX_FICHIER // 2**20}\u00a0Mo : déposez-le en plusieurs fois."
            )
        return fichier


class ConfirmerForm(forms.Form):
    """What was previewed: signed, so that nothing else can be imported in its place."""

    depot = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args, porte: list, **kwargs):
        """`porte`: whose file it is and for which table."""
        super().__init__(*args, **kwargs)
        self.porte = porte

    def signer(self, nom: str, nom_origine: str, rang_format: int) -> str:
        return signing.dumps([self.porte, nom, nom_origine, rang_format], salt=SEL)

    def clean_depot(self):
        try:
            porte, *depot = signing.loads(self.cleaned_data["depot"], salt=SEL)
        except (signing.BadSignature, ValueError):
            raise forms.ValidationError(ABIME) from None
        if porte != self.porte:
            raise forms.ValidationError(ABIME)
        return depot


class ImportExportAdmin(AdminADeux, ImportExportModelAdmin):
    """Import with preview, all or nothing; XLSX and CSV only. One resource for each table."""

    formats = FORMATS
    import_form_class = DeposerForm
    import_template_name = "admin/importer.html"
    tmp_storage_class = Depot

    def create_confirm_form(self, request, import_form=None):
        porte = [request.user.pk, self.opts.label]
        if import_form is None:
            return ConfirmerForm(request.POST, porte=porte)
        fichier = import_form.cleaned_data["import_file"]
        form = ConfirmerForm(porte=porte)
        form.initial["depot"] = form.signer(
            fichier.tmp_storage_name, fichier.name, int(import_form.cleaned_data["format"])
        )
        return form

    def add_data_read_fail_error_to_form(self, form, e):
        form.add_error("import_file", str(e) if isinstance(e, ClasseurError) else ILLISIBLE)

    def import_action(self, request, **kwargs):
        """The columns are shown whatever became of the file."""
        response = super().import_action(request, **kwargs)
        response.context_data["fields_list"] = self._colonnes(request)
        return response

    def _colonnes(self, request) -> list:
        resource = self.get_import_resource_classes(request)[0]()
        return [(resource.get_display_name(), [f.column_name for f in resource.get_user_visible_fields()])]

    def process_import(self, request, **kwargs):
        """What was previewed is imported once; whatever else comes here goes back to the form, with a sentence."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        form = self.create_confirm_form(request)
        if not form.is_valid():
            return self._recommencer(request, ABIME)
        nom, nom_origine, rang_format = form.cleaned_data["depot"]
        if (contenu := Depot(name=nom).prendre()) is None:
            return self._recommencer(request, PERDU)
        resource = self.get_import_resource_classes(request)[0]()
        result = resource.import_data(
            self.get_import_formats()[rang_format]().create_dataset(contenu),
            file_name=nom_origine,
            user=request.user,
            retain_instance_in_row_result=True,
        )
        if result.has_errors() or result.has_validation_errors():  # the tables changed since the preview
            return self._montrer_refus(request, result)
        return self.process_result(result, request)

    def _recommencer(self, request, message: str):
        messages.error(request, message)
        info = self.get_model_info()
        return redirect(reverse("admin:{}_{}_import".format(*info), current_app=self.admin_site.name))

    def _montrer_refus(self, request, result):
        form = DeposerForm(self.get_import_formats(), self.get_import_resource_classes(request))
        context = self.admin_site.each_context(request) | {
            "title": "Importer",
            "form": form,
            "opts": self.opts,
            "media": self.media + form.media,
            "fields_list": self._colonnes(request),
            "result": result,
        }
        return TemplateResponse(request, [self.import_template_name], context)

    def add_success_message(self, result, request):
        crees, changes = (
            result.totals[kind] for kind in (RowResult.IMPORT_TYPE_NEW, RowResult.IMPORT_TYPE_UPDATE)
        )
        inchangees = result.totals[RowResult.IMPORT_TYPE_SKIP]
        messages.success(
            request,
            f"Import terminé : {crees} ligne(s) ajoutée(s), {changes} modifiée(s), {inchangees} inchangée(s).",
        )
