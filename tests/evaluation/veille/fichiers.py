"""Deposits with their series, then as in any import."""

from django.core.files.uploadedfile import SimpleUploadedFile

from evaluation.models import Observation
from tests.structures.fichiers import confirmer

IMPORTER = "/dijon-2024/veille/importer/"


def csv(titres, *lignes, separateur=";", encodage="utf-8"):
    return "\n".join(separateur.join(rang) for rang in (titres, *lignes)).encode(encodage)


def deposer(client, contenu, serie="essai", nom="chiffres.csv"):
    fichier = SimpleUploadedFile(nom, contenu)
    return client.post(IMPORTER, {"fichier": fichier, "serie": serie}, follow=True)


def apercu(client, contenu, serie="essai"):
    """The preview, its columns taken as they are proposed."""
    page = deposer(client, contenu, serie)
    if page.request["PATH_INFO"].endswith("colonnes/"):
        form = page.context["form"]
        page = client.post(page.request["PATH_INFO"], {f: form[f].initial for f in form.fields}, follow=True)
    return page


def importer(client, contenu, serie="essai"):
    page = apercu(client, contenu, serie)
    assert not page.context["apercu"].est_bloque, [ligne.probleme for ligne in page.context["apercu"].lignes]
    return confirmer(client, page)


def ecrites(serie):
    """{(territory, period): value, or « secret »} of what is recorded."""
    observations = Observation.objects.filter(serie=serie).select_related(
        "serie__convention__territoire", "quartier", "territoire_compare"
    )
    return {
        (o.lieu, o.periode): "secret" if o.is_secrete else f"{o.valeur.normalize():f}" for o in observations
    }
