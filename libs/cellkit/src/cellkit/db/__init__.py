"""The database side: the pool behind the tenant wall, tables from declarations, migrations, SQL."""
