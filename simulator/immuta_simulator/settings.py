"""The settings of the simulated Immuta."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

DEFAULT_API_KEY = "simulator-api-key"
CENTURY = 3_155_760_000
"""The longest wait in seconds. The end of a longer one might have no date."""


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
        description="Number of reads that still show `creating`, `editing` or `deleting`; with 0 the answer to POST, PUT or "
        "DELETE has the final status.",
    )
    transition_seconds: float | None = Field(
        default=None,
        ge=0,
        le=CENTURY,
        description="Duration of a transition in seconds; with null, `polls` reads end it.",
    )
    unknown_keys: Literal["accept", "reject"] = Field(
        default="accept",
        description="Keys that Immuta's pages do not list: `accept` stores and returns them, `reject` answers 400.",
    )
    unknown_v2_keys: Literal["accept", "reject"] = Field(
        default="reject",
        description="Keys that the routes of `/api/v2` do not know: `accept` stores them, `reject` answers 400.",
    )
    unchanged_is_updating: bool = Field(
        default=False,
        description="The answer to a V2 upsert that changes nothing says `updating` all the same.",
    )
    secrets: Literal["mask", "omit"] = Field(
        default="mask", description="`mask` or `omit` secrets in answers."
    )
    mask: str = Field(default="<REDACTED>", description="The text that replaces a masked secret.")
    mask_identifiers: bool = Field(default=False, description="Mask or omit access key ids like secrets.")
    omit_one_time_credentials: bool = Field(
        default=False,
        description="Omit user name, role and access key id of automatically configured Snowflake, Redshift and Azure Synapse "
        "integrations from answers.",
    )
    doubtful_defaults: bool = Field(
        default=False,
        description="Also return the defaults that Immuta may not return.",
    )
    id_form: Literal["text", "number"] = Field(default="text", description="The form of ids in answers.")
    script_form: Literal["text", "json", "string"] = Field(
        default="text", description='Script answers: plain text, `{"script": …}`, or a JSON string.'
    )
    created_status: int = Field(default=200, ge=200, le=299, description="HTTP status of POST /integrations.")
    accepted_status: int = Field(
        default=200,
        ge=200,
        le=299,
        description="HTTP status of PUT and DELETE; with 204 or 205 the answer has no body.",
    )
    deleted_record: Literal["absent", "shown"] = Field(
        default="absent",
        description="A deleted integration is `absent`, or `shown` with the status `deleted`; a project with "
        "`deleted: true`.",
    )
    delete_credentials: Literal["any", "same"] = Field(
        default="any",
        description="With `same`, DELETE refuses (422) credentials that differ from the configuration.",
    )
    missing_permissions: list[str] = Field(
        default_factory=list,
        description="The permissions that the caller does not have, such as `GOVERNANCE`; requests that need one answer 403.",
    )
    forget_at_first: bool = Field(
        default=True,
        description="A V2 create does not store the acknowledgement of a purpose, as reported of Immuta.",
    )
    mapped_iams: list[str] = Field(
        default_factory=list,
        description="The identity managers whose profile schema has the external ids: a PUT of them is answered, and ignored.",
    )
    short_user_rows: bool = Field(
        default=False,
        description="The list of users leaves out external ids and the attributes that are set in Immuta.",
    )
    keep_attributes: bool = Field(
        default=False, description="The deletion of an attribute is answered and does nothing."
    )
    acknowledge_first: bool = Field(
        default=True,
        description="A project cannot be written until the caller has accepted the texts of its purposes.",
    )
    unknown_names: Literal["accept", "reject"] = Field(
        default="accept",
        description="Tags, groups, purposes and domains that a policy names and that do not exist: `accept` stores the policy, "
        "`reject` answers 400.",
    )
    data_sources: list[str] | None = Field(
        default=None, description="The names of data sources that a project may have; null for any."
    )
    regenerate_route: bool = Field(
        default=True, description="This release has POST /integrations/{id}/regenerate."
    )
    token_seconds: float = Field(
        default=3600, gt=0, le=CENTURY, description="Life of a bearer token in seconds."
    )
