"""What the search finds of the convention itself: its documents, its people."""

from django.urls import reverse

from ctg.models import Document, Personne
from ctg.recherche_globale import Rubrique, Trouvaille, contient, register


def _documents(user, convention, query):
    documents = Document.objects.filter(convention=convention).order_by("nature", "ordre", "pk")
    return [d for d in documents if contient([d.titre, d.note, d.get_nature_display()], query)]


def _document(document, convention):
    page = reverse("ctg:documents", kwargs={"convention": convention.slug})
    return Trouvaille(document.titre, document.url or page, detail=document.get_nature_display())


def _personnes(user, convention, query):
    return (
        Personne.objects.filter(convention=convention, is_anonyme=False)
        .search(query)
        .order_by("nom", "prenom", "pk")
    )


def _liste_personnes(convention):
    return reverse("ctg:personnes", kwargs={"convention": convention.slug})


def _personne(personne, convention):
    url = reverse("ctg:personne", kwargs={"convention": convention.slug, "pk": personne.pk})
    return Trouvaille(str(personne), url)


register(Rubrique("documents", "Documents", _documents, _document, 60))
register(
    Rubrique("personnes", "Personnes", _personnes, _personne, 70, _liste_personnes, "ctg.voir_personnes")
)
