"""Field types of request bodies: every text is bounded and free of what PostgreSQL cannot store."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints


def _printable(text: str) -> str:
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in text):
        message = "control characters are not allowed"
        raise ValueError(message)
    return text


def _known_zone(text: str) -> str:
    if text not in _ZONES:
        message = "unknown time zone"
        raise ValueError(message)
    return text


_ZONES = frozenset(available_timezones())

Name = Annotated[
    str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True), AfterValidator(_printable)
]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$")]
Username = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9一-鿿][A-Za-z0-9一-鿿_.@-]{1,62}$")]
Password = Annotated[str, StringConstraints(min_length=1, max_length=128), AfterValidator(_printable)]
GivenName = Annotated[str, StringConstraints(max_length=200), AfterValidator(_printable)]
Permission = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Key = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Language = Literal["zh-CN", "en-US"]
TimeZone = Annotated[str, StringConstraints(max_length=64), AfterValidator(_known_zone)]
Version = Annotated[int, Field(ge=1, le=2_147_483_647, strict=True)]
Ids = Annotated[list[UUID], Field(max_length=500)]


class Body(BaseModel):
    """A request body; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=False)

    def given(self) -> dict[str, Any]:
        """Only the fields that the caller sent, the version apart."""
        return {name: getattr(self, name) for name in self.model_fields_set if name != "version"}


class Versioned(Body):
    """A change of something that others may have changed meanwhile."""

    version: Version
