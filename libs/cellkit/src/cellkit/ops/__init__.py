"""Operations: metrics, health, registration, role documents, calls to other services."""
