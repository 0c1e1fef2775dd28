"""Who changes the annexes. Everybody in the convention reads the registry."""

from ctg.enums import Role
from ctg.permissions import SA_CONVENTION, declarer

declarer(
    "structures.inscrire",
    "Changer les annexes 2 et 2 bis par un avenant",
    {Role.CHARGE_COOPERATION: SA_CONVENTION},
    refus="Seul le chargé de coopération saisit ce qu’un avenant change aux annexes.",
)
