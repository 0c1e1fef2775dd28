"""What must hold and that no constraint of the database can say: each app declares its own (`register`, in its
`verification.py`). A fault is a sentence; nothing is repaired.
"""

from collections.abc import Callable, Iterator

Controle = Callable[[], Iterator[str]]
_controles: list[Controle] = []


def register(controle: Controle) -> Controle:
    """A decorator: one sentence for each fault, of all the conventions."""
    _controles.append(controle)
    return controle


def fautes() -> Iterator[str]:
    for controle in _controles:
        yield from controle()
