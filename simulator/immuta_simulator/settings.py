"""The switches of the simulated Immuta."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

DEFAULT_API_KEY = "simulator-api-key"
CENTURY = 3_155_760_000
"""In seconds: a longer wait could not be told from none that ends, and its end may have no date."""


class Settings(BaseModel):
    """The behaviour of the simulated Immuta. All settings but `api_key` can be changed while it runs."""

    model_config = ConfigDict(strict=True, extra="forbid", validate_assignment=True)

    api_key: str = Field(
        default=DEFAULT_API_KEY,
        min_length=1,
        repr=False,
        description="The key that `Authorization` must hold, bare or after `Bearer `. Fixed at start.",
    )
    polls: int = Field(
        default=1,
        ge=0,
        description="How many looks at an integration still show `creating`, `editing` or `deleting`; 0 settles it "
        "before POST, PUT or DELETE answer.",
    )
    transition_seconds: float | None = Field(
        default=None,
        ge=0,
        le=CENTURY,
        description="How long a transition takes in seconds, instead of counting looks; null counts.",
    )
    unknown_keys: Literal["accept", "reject"] = Field(
        default="accept", description="Keys that Immuta's pages do not list: stored and echoed, or 400."
    )
    secrets: Literal["mask", "omit"] = Field(default="mask", description="How GET treats secrets.")
    mask: str = Field(default="<REDACTED>", description="What a masked secret reads as.")
    mask_identifiers: bool = Field(default=False, description="Treat access key ids like secrets in answers.")
    omit_one_time_credentials: bool = Field(
        default=False,
        description="Leave user name, role and access key id of automatically configured Snowflake, Redshift and "
        "Azure Synapse integrations out of answers.",
    )
    doubtful_defaults: bool = Field(
        default=False,
        description="Also fill in the defaults of which it is not certain that Immuta returns them.",
    )
    id_form: Literal["text", "number"] = Field(default="text", description="How an id is written in answers.")
    script_form: Literal["text", "json", "string"] = Field(
        default="text", description='Script answers: plain text, `{"script": …}`, or a JSON string.'
    )
    created_status: int = Field(default=200, ge=200, le=299, description="HTTP status of POST /integrations.")
    accepted_status: int = Field(
        default=200,
        ge=200,
        le=299,
        description="HTTP status of PUT and DELETE. With 204 or 205 nothing follows the head.",
    )
    deleted_record: Literal["absent", "shown"] = Field(
        default="absent",
        description="A deleted integration is gone, or stays readable with the status `deleted`.",
    )
    delete_credentials: Literal["any", "same"] = Field(
        default="any",
        description="Whether DELETE refuses (422) credentials other than those of the configuration.",
    )
    missing_permissions: list[str] = Field(
        default_factory=list,
        description="The permissions that the caller lacks, such as `GOVERNANCE`; what needs one of them answers 403.",
    )
    forget_at_first: bool = Field(
        default=True,
        description="Whether a V2 create forgets what it is reported to forget: the acknowledgement of a purpose.",
    )
    mapped_iams: list[str] = Field(
        default_factory=list,
        description="The identity managers whose profile schema has the external ids: a PUT of them is answered, and ignored.",
    )
    short_user_rows: bool = Field(
        default=False,
        description="Whether the list of users leaves out external ids and the attributes that are set in Immuta.",
    )
    keep_attributes: bool = Field(
        default=False, description="Whether the deletion of an attribute is answered, and does nothing."
    )
    regenerate_route: bool = Field(
        default=True, description="Whether this release has POST /integrations/{id}/regenerate."
    )
    token_seconds: float = Field(
        default=3600, gt=0, le=CENTURY, description="Life of a bearer token in seconds."
    )
