"""Import and export of lists and documents as CSV and XLSX."""
