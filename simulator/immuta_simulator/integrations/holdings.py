"""The integrations that the simulator's own routes accept. Their shapes are checked, but not their values."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Planted(BaseModel):
    """An integration to store unchanged. Other keys of GET's answer are ignored."""

    model_config = ConfigDict(strict=True, extra="ignore")

    type: str
    autoBootstrap: bool = False
    config: dict[str, Any] = Field(default_factory=dict)
    status: str = "enabled"
    validationResults: dict[str, Any] | None = None


class Change(BaseModel):
    """A JSON merge patch (RFC 7396). With `then`, `status` is a transition, which ends in `then` after `polls` reads."""

    model_config = ConfigDict(strict=True, extra="forbid")

    status: str = ""
    autoBootstrap: bool = False
    config: dict[str, Any] = Field(default_factory=dict)
    validationResults: dict[str, Any] = Field(default_factory=dict)
    then: str = ""
    polls: int | None = Field(default=None, ge=0)
