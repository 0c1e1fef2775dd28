"""What a worker does beside the requests. Each may be run twice, or be cut off: nothing is said twice, nothing is lost.

What could not leave waits in its row of `Rappel` for the next run.
"""

from django_tasks import task

from evaluation import fabrication, rappels


@task()
def annoncer(action: str, pk: int) -> None:
    """The mails of a transition of `evaluation.transitions`; `pk`: of the campaign, or of the entry."""
    rappels.annoncer(action, pk)


@task()
def fabriquer(pk: int) -> None:
    """A document of `evaluation.fabrication`."""
    fabrication.fabriquer(pk)
