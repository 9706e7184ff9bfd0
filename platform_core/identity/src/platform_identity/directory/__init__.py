"""Who leads which department and who has which role, for cells that have to ask people."""
