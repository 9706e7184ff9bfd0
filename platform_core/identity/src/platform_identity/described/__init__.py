"""The OpenAPI document: what every route takes and answers, so that clients can make their types from it."""
