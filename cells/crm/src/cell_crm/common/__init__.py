"""What several features of the CRM share."""
