"""Who calls whom through the gateway, counted from its access log."""
