"""Does a cell keep the wire contract? Questions over HTTP only, so the cell may be written in any language."""
