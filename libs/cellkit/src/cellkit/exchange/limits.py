"""How much one import or export takes."""

from __future__ import annotations

MOST_BYTES = 64 * 1024 * 1024
MOST_ROWS = 1_000_000
MOST_COLUMNS = 500
MOST_CELL_CHARACTERS = 32_767
MOST_UNPACKED_BYTES = 512 * 1024 * 1024
MOST_REPORTED = 1_000
BATCH_DOCUMENTS = 1_000
BATCH_LINES = 5_000
WRITE_ROWS = 100
PAGE_ROWS = 500
MOST_SHEET_ROWS = 200_000
SIMULTANEOUS_IMPORTS = 2
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv"
