"""A convention as tables: a folder of CSV files, or a workbook with a sheet for each.

Each app declares its tables in its `tableaux.py`, column by column, with how a cell is read and written back. `lecture`
reads the files, `services` loads them, `export` gives them back, `classeur` writes workbooks, filled or to be filled.
"""
