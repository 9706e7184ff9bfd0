"""A shared cache between the processes of a cell: Redis where ``REDIS_URL`` names one, nothing otherwise."""

from cellkit.cache.shared import NO_CACHE, SharedCache

__all__ = ["NO_CACHE", "SharedCache"]
