"""The gateway: pure Python that turns routes, policies and keys into configuration for Envoy."""
