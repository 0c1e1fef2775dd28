"""The local folder of the files, which several machines may share."""

import os
import uuid
from pathlib import Path, PurePosixPath

from django.core.files.storage import FileSystemStorage


class Dossier(FileSystemStorage):
    """A file has its name once it is whole and on the disk: a crash, or a disk that is full, leaves no half of it."""

    def _save(self, name, content):
        partiel = str(PurePosixPath(name).with_name(f"{uuid.uuid4().hex}.partiel"))
        try:
            super()._save(partiel, content)
            with Path(self.path(partiel)).open("rb") as ecrit:
                os.fsync(ecrit.fileno())
            return self._nommer(partiel, name)
        finally:
            self.delete(partiel)

    def _nommer(self, partiel: str, name: str) -> str:
        while True:
            try:
                os.link(self.path(partiel), self.path(name))
            except FileExistsError:
                name = self.get_available_name(name)
            else:
                return name
