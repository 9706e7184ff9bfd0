"""Permissions told and kept: why a user may or may not, what there is to give, references within one's reach."""
