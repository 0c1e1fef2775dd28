"""Two structures of the registry that are one."""

from django.core.exceptions import ValidationError
from django.db import transaction

from ctg.doublons import Reunion, ajouter_graphies, completer, reunir_lignes
from ctg.models import Convention
from ctg.permissions import check
from structures.models import Activite, Inscription, Structure
from structures.models.activite import CHIFFRES

FAITS = (
    "adresse",
    "code_postal",
    "commune",
    "gestionnaire",
    "sous_type",
    "quartier",
    "qpv",
    "nom_qpv",
    "capacite",
    "age_min",
    "age_max",
    "siret",
    "latitude",
    "longitude",
    "source_complements",
)


@transaction.atomic
def reunir_structures(garde_id: int, doublon_id: int, *, user) -> Reunion:
    """All that hangs on `doublon` hangs on `garde`, which keeps its own facts and takes those that it lacked.

    The past of both goes on in one history. Raises ValidationError, and then nothing has moved.
    """
    verrouillees = {
        s.pk: s
        for s in Structure.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=(garde_id, doublon_id))
        .order_by("pk")
    }
    if len(verrouillees) != 2:
        raise ValidationError("Choisissez deux structures différentes.")
    garde, doublon = verrouillees[garde_id], verrouillees[doublon_id]
    motif = f"Réunion de « {doublon} » à « {garde} »"
    _refuser(garde, doublon, user)
    for proposition in doublon.propositions.all():  # of an address that may not be the one that is kept
        proposition.delete()
    if garde.latitude is None:
        garde.source_coordonnees = (
            doublon.source_coordonnees
        )  # it goes with the position, which is taken below
    reunion = reunir_lignes(garde, doublon, motif)
    completer(garde, doublon, FAITS, reunion)
    ajouter_graphies(garde, doublon.nom, *doublon.autres_graphies.splitlines())
    garde.reunies = [*garde.reunies, doublon.pk, *doublon.reunies]
    doublon._change_reason = garde._change_reason = motif
    doublon.delete()
    garde.completer(motif)
    garde.full_clean()
    garde.save()
    return reunion


def _refuser(garde: Structure, doublon: Structure, user) -> None:
    fautes = []
    if garde.territoire_id != doublon.territoire_id:
        fautes.append("Ces deux structures ne sont pas du même territoire.")
    if garde.type_structure_id != doublon.type_structure_id:
        fautes.append(
            f"L’une est « {garde.type_structure} », l’autre « {doublon.type_structure} » : deux services à la même "
            "adresse sont deux structures. Si c’est une erreur, rectifiez d’abord le type de l’une."
        )
    conventions = Convention.objects.filter(inscriptions__structure__in=(garde, doublon)).distinct()
    for convention in conventions.order_by("pk"):
        if not check(user, "structures.fusionner", convention):
            fautes.append(
                f"L’une est inscrite à « {convention} » : c’est à qui tient aussi cette convention de les réunir."
            )
        lignes = Inscription.objects.filter(convention=convention)
        for mienne in lignes.filter(structure=garde):
            fautes += [
                f"Toutes deux sont inscrites à « {convention} » au même moment ({mienne} ; {sienne}) : retirez d’abord "
                "l’une des deux lignes par un avenant."
                for sienne in lignes.filter(structure=doublon)
                if _se_chevauchent(mienne, sienne)
            ]
    annees = Activite.objects.filter(structure=garde).values("annee")
    for activite in Activite.objects.filter(structure=doublon, annee__in=annees).order_by("annee"):
        mienne = Activite.objects.get(structure=garde, annee=activite.annee)
        if any(getattr(mienne, c) != getattr(activite, c) for c in CHIFFRES):
            fautes.append(
                f"L’activité de {activite.annee} est saisie des deux côtés, autrement : gardez-en une, en vidant l’autre."
            )
    if fautes:
        raise ValidationError(fautes)


def _se_chevauchent(une: Inscription, autre: Inscription) -> bool:
    def avant(fin, debut):
        return fin is not None and debut is not None and fin <= debut

    return not (avant(une.date_fin, autre.date_effet) or avant(autre.date_fin, une.date_effet))
