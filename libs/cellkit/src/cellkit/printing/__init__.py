"""Print: templates of tenants or of the declaration, PDF and ZPL made by a limited process, counted and logged."""
