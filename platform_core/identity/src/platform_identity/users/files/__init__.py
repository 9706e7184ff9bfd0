"""Users from and into files: CSV and XLSX."""
