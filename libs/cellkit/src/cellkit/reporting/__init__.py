"""Reports that are declared or made by users: compiled to SQL from declarations, with the caller's scope and rights."""
