"""The two formats of import and export. A text that starts like a formula stays a text, both ways."""

from import_export.formats import base_formats
from openpyxl import Workbook

from ctg.renderers import poser, save_workbook

DEBUTS_DE_FORMULE = ("=", "+", "-", "@", "\t", "\r")
PREFIXE = "'"


def proteger(value):
    """One prefix in CSV, which has no types; `deproteger` takes it off."""
    return (
        PREFIXE + value
        if isinstance(value, str) and value.startswith((*DEBUTS_DE_FORMULE, PREFIXE))
        else value
    )


def deproteger(value):
    return value[1:] if isinstance(value, str) and value.startswith(PREFIXE) else value


class CSVProtege(base_formats.CSV):
    """CSV whose texts no spreadsheet takes for formulas."""

    def export_data(self, dataset, **kwargs):
        protege = dataset.__class__(headers=dataset.headers)
        for row in dataset:
            protege.append([proteger(value) for value in row])
        return super().export_data(protege, **kwargs)

    def create_dataset(self, in_stream, **kwargs):
        dataset = super().create_dataset(in_stream, **kwargs)
        lu = dataset.__class__(headers=dataset.headers)
        for row in dataset:
            lu.append([deproteger(value) for value in row])
        return lu


class XLSXTypes(base_formats.XLSX):
    """XLSX whose texts are string cells."""

    def export_data(self, dataset, **kwargs):
        workbook = Workbook()
        sheet = workbook.active
        for column, header in enumerate(dataset.headers, start=1):
            poser(sheet.cell(1, column), str(header))
        for line, row in enumerate(dataset, start=2):
            for column, value in enumerate(row, start=1):
                poser(sheet.cell(line, column), value)
        sheet.freeze_panes = "A2"
        return save_workbook(workbook)


FORMATS = [XLSXTypes, CSVProtege]
