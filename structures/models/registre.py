"""The structures of a territoire, and what is known of each."""

import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, FilteredRelation, OuterRef, Q, Subquery, Value
from stdnum.exceptions import ValidationError as NumeroError
from stdnum.fr import siret as numeros_siret

from ctg.emprises import verifier_position
from ctg.models import Contractuel, Historique, Organisme, Quartier, Source, Territoire
from ctg.recherche import Cherchable, CherchableQuerySet, mots_cherches
from structures.enums import TAILLES_EAJE, SituationQPV, SousType

# Over 1500 people a building for children or young people is of the first category (code de la construction et de
# l’habitation, art. R. 143-19): no service of a CTG receives as many at once. An unknown number of places is empty, not 0.
CAPACITE_MIN, CAPACITE_MAX = 1, 1500
AGE_MAX_MOIS = 1200
SIRET_FAUX = (
    "Ce SIRET n’existe pas : recopiez ses quatorze chiffres, par exemple depuis l’annuaire des entreprises."
)


def siret_valide(siret: str) -> None:
    """Fourteen digits whose last ones check the others (Luhn; La Poste has a rule of its own)."""
    try:
        numeros_siret.validate(siret)
    except NumeroError:
        raise ValidationError(SIRET_FAUX, code="siret") from None


class TypeStructure(Source):
    """EAJE, RPE, ALSH… shared by the whole installation."""

    code = models.SlugField("code", max_length=40, unique=True)
    nom = models.CharField("nom", max_length=120)
    ordre = models.PositiveSmallIntegerField("ordre")

    class Meta:
        verbose_name = "type de structure"
        verbose_name_plural = "types de structure"

    def __str__(self):
        return self.nom


class StructureQuerySet(CherchableQuerySet):
    def of_convention(self, convention):
        """Structures inscribed in this convention, at whatever time."""
        return self.filter(pk__in=convention.inscriptions.values("structure"))

    def sans_inscription(self, territoire):
        """Structures of this territoire that no convention has ever named."""
        return self.filter(territoire=territoire).exclude(inscriptions__isnull=False)

    def du_registre(self, convention, *, is_tenu: bool):
        """Those that a reader of this convention finds; who keeps the registry finds those that wait for a line too."""
        siennes = Q(pk__in=convention.inscriptions.values("structure"))
        if is_tenu:
            sans = self.model._default_manager.sans_inscription(convention.territoire_id)
            siennes |= Q(pk__in=sans.values("pk"))
        return self.filter(siennes)

    def sans_coordonnees(self):
        return self.filter(latitude=None)

    def search(self, query: str):
        """Every word, in the structure's own text or among the names of its gestionnaire."""
        mots = mots_cherches(query)
        if mots is None:
            return self.none()
        queryset = self
        for mot in mots:
            queryset = queryset.filter(Q(recherche__contains=mot) | Q(gestionnaire__recherche__contains=mot))
        return queryset

    def for_list(self, convention, *, au: datetime.date):
        """All that the list touches; `inscriptions` are those in force on that day in this convention, with the annexe as
        signed; `sortie`, when the last of the others ended or will.
        """
        inscriptions = convention.inscriptions.en_vigueur(au=au).order_by("annexe", "pk")
        closes = convention.inscriptions.filter(structure=OuterRef("pk"), date_fin__isnull=False)
        return (
            self.of_convention(convention)
            .select_related("type_structure", "gestionnaire", "quartier")
            .prefetch_related(models.Prefetch("inscriptions", inscriptions), "agrements")
            .annotate(sortie=Subquery(closes.order_by("-date_fin").values("date_fin")[:1]))
            .order_by("type_structure__ordre", "nom", "pk")
        )

    def comme_signees(self, convention, *, au: datetime.date):
        """The structures inscribed on that day, as `for_list` reads them, with the words of their line of that day.

        Where two annexes name a structure, those of the first.
        """
        lignes = convention.inscriptions.en_vigueur(au=au).filter(structure=OuterRef("pk"))
        signes = {
            f"{nom}_signe": Subquery(lignes.order_by("annexe", "pk").values(nom)[:1])
            for nom in ("nom", "adresse", "gestionnaire")
        }
        inscrites = convention.inscriptions.en_vigueur(au=au).values("structure")
        return self.for_list(convention, au=au).filter(pk__in=inscrites).annotate(**signes)

    def inscrites_dans_lannee(self, convention, annee: int):
        """In force on one day of that year at least."""
        debut, fin = datetime.date(annee, 1, 1), datetime.date(annee, 12, 31)
        lignes = convention.inscriptions.filter(
            Q(date_effet=None) | Q(date_effet__lte=fin), Q(date_fin=None) | Q(date_fin__gt=debut)
        )
        return self.filter(pk__in=lignes.values("structure"))

    def with_activite(self, annee: int):
        """`activite_…`: that year and its figures, empty where they are not known."""
        de_lannee = FilteredRelation("activites", condition=Q(activites__annee=annee))
        champs = ("pk", "places", "heures", "enfants", "taux_occupation", "source")
        return self.annotate(de_lannee=de_lannee).annotate(
            activite_annee=Value(annee), **{f"activite_{champ}": F(f"de_lannee__{champ}") for champ in champs}
        )


class Structure(Contractuel, Source, Cherchable):
    """A service at a place under a gestionnaire. One place may hold several."""

    CONTRACTUELS = ("nom", "adresse", "code_postal", "commune", "gestionnaire")

    territoire = models.ForeignKey(
        Territoire, models.PROTECT, related_name="structures", verbose_name="territoire"
    )
    code = models.SlugField("code", max_length=40)
    type_structure = models.ForeignKey(
        TypeStructure, models.PROTECT, related_name="structures", verbose_name="type"
    )
    sous_type = models.CharField("catégorie", max_length=20, choices=SousType, blank=True, default="")
    nom = models.CharField("nom", max_length=200)
    adresse = models.CharField("adresse", max_length=200, blank=True, default="")
    code_postal = models.CharField("code postal", max_length=5, blank=True, default="")
    commune = models.CharField("commune", max_length=120, blank=True, default="")
    gestionnaire = models.ForeignKey(
        Organisme,
        models.PROTECT,
        related_name="structures",
        verbose_name="gestionnaire",
        null=True,
        blank=True,
    )
    quartier = models.ForeignKey(
        Quartier, models.PROTECT, related_name="structures", verbose_name="quartier", null=True, blank=True
    )
    qpv = models.CharField(
        "quartier prioritaire (QPV)", max_length=3, choices=SituationQPV, blank=True, default=""
    )
    nom_qpv = models.CharField("nom du QPV", max_length=120, blank=True, default="")
    capacite = models.PositiveIntegerField("capacité (places)", null=True, blank=True)
    age_min = models.PositiveSmallIntegerField("âge minimal, en mois", null=True, blank=True)
    age_max = models.PositiveSmallIntegerField("âge maximal, en mois", null=True, blank=True)
    siret = models.CharField("SIRET", max_length=14, blank=True, default="", validators=[siret_valide])
    latitude = models.DecimalField("latitude", max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField("longitude", max_digits=8, decimal_places=5, null=True, blank=True)
    source_complements = models.CharField(
        "source des compléments",
        max_length=200,
        blank=True,
        default="",
        help_text="D’où viennent le quartier, la capacité et les coordonnées, que le texte ne donne pas.",
    )
    source_coordonnees = models.CharField(
        "source des coordonnées",
        max_length=200,
        blank=True,
        default="",
        help_text="Vide : la même que celle des compléments.",
    )
    autres_graphies = models.TextField(
        "autres graphies",
        blank=True,
        default="",
        help_text="Une par ligne : les noms sous lesquels on la trouve aussi.",
    )
    # Keys of the structures that were merged into this one: their history goes on here, and their addresses lead here.
    reunies = models.JSONField(default=list, blank=True, editable=False)

    objects = StructureQuerySet.as_manager()
    historique = Historique(excluded_fields=["recherche", "reunies"])
    _position_lue = None  # (latitude, longitude, source) as the database gave them

    class Meta:
        verbose_name = "structure"
        constraints = [
            models.CheckConstraint(
                name="structure_qpv_connu",
                condition=Q(qpv="") | Q(qpv__in=SituationQPV.values),
                violation_error_message="Dites oui ou non, ou laissez vide ce que vous ne savez pas.",
            ),
            models.CheckConstraint(
                name="structure_nom_du_qpv_ou_elle_est",
                condition=Q(nom_qpv="") | Q(qpv=SituationQPV.OUI),
                violation_error_message="Le nom du QPV va avec « oui » : dites que la structure y est, ou ôtez le nom.",
            ),
            models.CheckConstraint(
                name="structure_ages_plausibles",
                condition=(Q(age_min=None) | Q(age_min__lte=AGE_MAX_MOIS))
                & (Q(age_max=None) | Q(age_max__range=(1, AGE_MAX_MOIS))),
                violation_error_message="Un âge va de 0 mois à 100 ans.",
            ),
            models.CheckConstraint(
                name="structure_ages_ordonnes",
                condition=Q(age_min=None) | Q(age_max=None) | Q(age_max__gt=F("age_min")),
                violation_error_message="L’âge maximal doit dépasser l’âge minimal.",
            ),
            models.CheckConstraint(
                name="structure_siret_quatorze_chiffres",
                condition=Q(siret="") | Q(siret__regex=r"^[0-9]{14}$"),
                violation_error_message="Un SIRET a quatorze chiffres.",
            ),
            models.UniqueConstraint(
                fields=["territoire", "code"],
                name="structure_code_unique_par_territoire",
                violation_error_message="Ce code de structure est déjà pris sur ce territoire.",
            ),
            models.CheckConstraint(
                name="structure_coordonnees_completes",
                condition=Q(latitude=None, longitude=None)
                | Q(
                    # A comparison with NULL is not false for a CHECK: both must be there.
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                violation_error_message="Latitude et longitude vont ensemble.",
            ),
            models.CheckConstraint(
                name="structure_source_de_coordonnees",
                condition=Q(source_coordonnees="") | Q(latitude__isnull=False),
                violation_error_message="Une structure sans coordonnées n’a pas de source de coordonnées.",
            ),
            models.CheckConstraint(
                name="structure_capacite_plausible",
                condition=Q(capacite=None) | Q(capacite__range=(CAPACITE_MIN, CAPACITE_MAX)),
                violation_error_message="Une structure a entre 1 et 1\u202f500 places. Laissez vide ce que vous ne savez pas.",
            ),
            models.CheckConstraint(
                name="structure_code_postal_cinq_chiffres",
                condition=Q(code_postal="") | Q(code_postal__regex=r"^[0-9]{5}$"),
                violation_error_message="Un code postal a cinq chiffres.",
            ),
        ]

    def __str__(self):
        return self.nom

    @classmethod
    def from_db(cls, db, field_names, values):
        structure = super().from_db(db, field_names, values)
        if {"latitude", "longitude", "source_coordonnees"} <= set(field_names):
            structure._position_lue = structure._position
        return structure

    def save(self, *args, **kwargs):
        """The source of a position goes with it: another door that moves the structure does not leave it behind."""
        lue = self._position_lue
        if lue is not None and self._position[:2] != lue[:2] and self.source_coordonnees == lue[2]:
            self.source_coordonnees = ""
            if (fields := kwargs.get("update_fields")) is not None:
                kwargs["update_fields"] = {*fields, "source_coordonnees"}
        super().save(*args, **kwargs)
        self._position_lue = self._position

    def clean(self):
        """By whatever door: a point that is nowhere near is refused with what to do."""
        super().clean()
        if self.latitude is not None and self.longitude is not None:
            try:
                verifier_position(self.latitude, self.longitude)
            except ValidationError as error:
                raise ValidationError({"latitude": error.messages}) from None

    @property
    def dite_par(self) -> str:
        """Where its coordinates come from."""
        return self.source_coordonnees or self.source_complements

    @property
    def _position(self) -> tuple[Decimal | None, Decimal | None, str]:
        return self.latitude, self.longitude, self.source_coordonnees

    def situer(self, latitude: Decimal | None, longitude: Decimal | None, source: str) -> None:
        """Both, with where they come from; None and None: nowhere."""
        self.latitude, self.longitude, self.source_coordonnees = latitude, longitude, source
        self._position_lue = None  # the source is said, even where it is the same words

    @property
    def annexes_du_jour(self) -> str:
        """Of a row of `for_list`: « Annexe 2 », or when it left or is to come in."""
        if annexes := [inscription.get_annexe_display() for inscription in self.inscriptions.all()]:
            return ", ".join(annexes)
        return f"sortie le {self.sortie:%d/%m/%Y}" if self.sortie else "à venir"

    @property
    def nom_lu(self) -> str:
        """As signed where the row is one of `comme_signees`, like the two below."""
        return getattr(self, "nom_signe", self.nom)

    @property
    def adresse_lue(self) -> str:
        return getattr(self, "adresse_signe", self.adresse_complete)

    @property
    def gestionnaire_lu(self) -> str:
        return getattr(self, "gestionnaire_signe", str(self.gestionnaire or ""))

    def get_textes_recherche(self):
        """With the names that its lines were signed under: one looks for what one has on paper."""
        textes = (self.nom, self.adresse, self.code_postal, self.commune, self.a_verifier)
        signes = self.inscriptions.order_by("pk").values_list("nom", flat=True) if self.pk else ()
        return [*textes, self.autres_graphies, self.siret, *(nom for nom in signes if nom != self.nom)]

    def rafraichir_recherche(self) -> None:
        """A line was signed under another name: this instance may be older than what is recorded."""
        fraiche = Structure.objects.get(pk=self.pk)
        fraiche.poser_recherche()
        sienne = Structure.objects.filter(pk=self.pk)
        sienne.update(recherche=fraiche.recherche)  # no history: it says nothing new

    @property
    def adresse_complete(self) -> str:
        ville = f"{self.code_postal} {self.commune}".strip()
        return ", ".join(part for part in (self.adresse, ville) if part)

    @property
    def version(self) -> int:
        """Moves with every change of the structure or of its parts, by whatever door; a query for each."""
        parties = (self.agrements, self.contacts)
        lignes = (p.model.historique.filter(structure_id=self.pk).count() for p in parties)
        return self.historique.count() + sum(lignes)

    @property
    def taille_douteuse(self) -> str:
        """Why the capacity does not go with the category; empty where it does, or where one is not known.

        Said, never refused: the text may be older than the categories of art. R. 2324-46.
        """
        if self.capacite is None or self.sous_type not in TAILLES_EAJE:
            return ""
        least, most = TAILLES_EAJE[self.sous_type]
        if self.capacite >= least and (most is None or self.capacite <= most):
            return ""
        bornes = f"de {least} à {most} places" if most else f"d’au moins {least} places"
        nom = self.get_sous_type_display()
        return (
            f"{self.capacite} places ne vont pas avec la catégorie « {nom} », {bornes} "
            "(code de la santé publique, art. R. 2324-46)."
        )
