"""Reading: data scope, the one serializer, lists by keyset, single documents."""
