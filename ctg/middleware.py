"""What happens around each request: the act that its changes belong to."""

from ctg.models.historique import Porte, acte


class ActeMiddleware:
    """All that one request changes is one act, with the door that it came by."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with acte(_porte(request.path)):
            return self.get_response(request)


def _porte(path: str) -> str:
    if not path.startswith("/admin/"):
        return Porte.PAGE
    return Porte.IMPORT if path.endswith(("/import/", "/process_import/")) else Porte.ADMIN
