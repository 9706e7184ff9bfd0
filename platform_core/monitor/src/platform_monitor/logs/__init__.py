"""Search in the log files of the gateway, the services and the database, which stay as they are."""
