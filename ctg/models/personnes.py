"""People of a convention, with or without an account. A name is kept for a function and a period, no more."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from ctg.models.acteurs import Organisme, Service
from ctg.models.base import Temporel, TemporelQuerySet
from ctg.models.convention import Convention
from ctg.models.historique import Historique
from ctg.recherche import Cherchable, CherchableQuerySet


class Personne(Cherchable):
    """Somebody who has, or had, a part in a convention.

    Two people may share an address, that of their service; an account is one person's.
    """

    convention = models.ForeignKey(
        Convention, models.CASCADE, related_name="personnes", verbose_name="convention"
    )
    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        related_name="personnes",
        verbose_name="compte",
        null=True,
        blank=True,
    )
    prenom = models.CharField("prénom", max_length=80, blank=True, default="")
    nom = models.CharField("nom", max_length=80)
    email = models.EmailField("adresse électronique", max_length=254, blank=True, default="")
    is_anonyme = models.BooleanField("rendue anonyme", default=False, editable=False)

    objects = CherchableQuerySet.as_manager()

    historique = Historique(excluded_fields=["recherche"])

    class Meta:
        verbose_name = "personne"
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "utilisateur"],
                name="personne_unique_par_compte",
                violation_error_message="Ce compte est déjà celui d’une autre personne de la convention.",
            ),
            models.CheckConstraint(
                name="personne_nommee",
                condition=~Q(nom=""),
                violation_error_message="Écrivez le nom de la personne.",
            ),
        ]

    def __str__(self):
        return f"{self.prenom} {self.nom}".strip()

    def homonymes(self) -> list["Personne"]:
        """Other people of the convention who bear the same name or the same address: perhaps the same person."""
        meme_adresse = Q(email__iexact=self.email) if self.email else Q(pk=None)
        meme_nom = Q(nom__iexact=self.nom, prenom__iexact=self.prenom)
        autres = Personne.objects.filter(convention=self.convention_id, is_anonyme=False).exclude(pk=self.pk)
        return list(autres.filter(meme_adresse | meme_nom).order_by("nom", "prenom", "pk")[:3])

    def get_textes_recherche(self):
        return [self.prenom, self.nom, self.email]

    @property
    def version(self) -> int:
        """Moves with every change of the person or of a function, by whatever door; two queries."""
        lignes = Fonction.historique.filter(personne_id=self.pk)
        return self.historique.count() + lignes.count()


class Fonction(Temporel):
    """What a person does, where, and when. Leaving closes it."""

    personne = models.ForeignKey(Personne, models.CASCADE, related_name="fonctions", verbose_name="personne")
    intitule = models.CharField("fonction", max_length=200)
    organisme = models.ForeignKey(
        Organisme,
        models.PROTECT,
        related_name="fonctions",
        verbose_name="organisme",
        null=True,
        blank=True,
    )
    service = models.ForeignKey(
        Service, models.PROTECT, related_name="fonctions", verbose_name="service", null=True, blank=True
    )

    objects = TemporelQuerySet.as_manager()

    historique = Historique()

    class Meta(Temporel.Meta):
        verbose_name = "fonction"
        constraints = [*Temporel.Meta.constraints]

    def __str__(self):
        return self.intitule
