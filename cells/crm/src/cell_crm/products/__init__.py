"""The CRM's own copy of what is sold."""
