"""What tenants shape themselves: fields of their own and the entries of dictionaries."""

from cellkit.customizing.reading import dictionary, fields_of, table_of

__all__ = ["dictionary", "fields_of", "table_of"]
