"""Who reads and keeps the social watch.

Series of published data are figures of nobody's bilan: whoever holds a mandate reads them. The others, the alerts and
the notes are the team's and the Caf's.
"""

from ctg.enums import Role
from ctg.permissions import EQUIPE, PARTOUT, SA_CONVENTION, Portee, declarer

CHARGE = {Role.CHARGE_COOPERATION: SA_CONVENTION}
SON_QUARTIER = Portee(
    "les notes de ses quartiers", lambda droits, note: note.quartier_id in droits.dans("quartiers")
)

declarer(
    "evaluation.lire_veille",
    "Lire toute la veille sociale : séries non publiques, alertes, notes",
    EQUIPE,
    refus="Cette partie de la veille se lit dans l’équipe de la convention et à la Caf. Les séries de données publiques "
    "vous sont ouvertes dans « Veille sociale ».",
)
declarer(
    "evaluation.tenir_veille",
    "Tenir les séries de la veille, leurs seuils, leurs liens, leurs territoires",
    CHARGE,
    refus="Le chargé de coopération tient les séries de la veille : demandez-lui la correction.",
)
declarer(
    "evaluation.importer_veille",
    "Importer des observations dans les séries de la veille",
    CHARGE | {Role.ADMINISTRATEUR: PARTOUT},
    refus="Les observations s’importent par le chargé de coopération ou un administrateur.",
)
declarer(
    "evaluation.ouvrir_note",
    "Ouvrir le formulaire d’une note de veille",
    CHARGE | {Role.COORDINATEUR_TERRITORIAL: SA_CONVENTION},
    refus="Les notes de veille s’écrivent par les coordinateurs territoriaux et le chargé de coopération.",
)
declarer(
    "evaluation.noter",
    "Écrire, changer ou retirer une note de veille",
    CHARGE | {Role.COORDINATEUR_TERRITORIAL: SON_QUARTIER},
    refus="Les notes de veille s’écrivent par les coordinateurs territoriaux et le chargé de coopération.",
    hors="Cette note n’est pas de vos quartiers : demandez au chargé de coopération.",
)
