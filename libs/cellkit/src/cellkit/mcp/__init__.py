"""Agent tools: the cell's resources as tools of the Model Context Protocol, under the caller's own rights."""
