"""The texts of the diagnostics of the table of faults: the summaries of every life, and the details of integrations in full.

A detail has what happened, and then the next step. `plain` replaces the number of bytes in an answer and the number of redacted
secrets, which vary. The tests' transport describes a lost connection in other words than the real one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from immuta_provider.model.compiled.integrations import BY_RESOURCE
from immuta_provider.model.integrations.type import IntegrationType
from support.faults.cell import Cell
from support.faults.kinds import WITHOUT_ANSWER
from table.row import Row

SUMMARIES = {
    "refused": "Immuta could not be reached",
    "broken": "The connection to Immuta broke",
    "slow": "Immuta did not answer in time",
    "redirect": "Immuta answered with a redirect",
    "credential": "Immuta did not accept the credential",
    "permission": "Immuta denied the permission",
    "unknown": "Immuta does not know it",
    "no-api": "Immuta's API was not found",
    "conflict": "Immuta reports a conflict",
    "invalid": "Immuta's validation failed",
    "too-often": "Immuta's rate limit was reached",
    "failed": "Immuta failed to answer",
    "garbled": "Immuta's answer cannot be understood",
    "lost": "It is unknown whether the {noun} was created",
    "ambiguous": "It is unknown which integration was created",
    "set-up": "Immuta could not set up the integration",
    "edit": "Immuta could not update the integration",
    "removal": "Immuta could not delete the integration",
    "undeleted": "Immuta did not delete the {noun}",
    "vanished": "The integration disappeared",
    "timeout": "Immuta needs longer than the timeout",
    "teardown": "No credentials to remove the {title} integration",
    "adopted": "{the} {noun} was recognised after a lost answer",
    "not-ready": "The integration was {done}, but is not ready yet",
    "unread": "The {noun} was {done}, but could not be read back",
    "named": "The {noun} names what does not exist",
    "unhealthy": "The integration was {done}, but is not healthy",
    "strange": "The integration has an unknown status",
    "sick": "The {title} integration is not healthy",
    "disabled": "The integration was force-disabled",
    "unsure": "It is unknown whether the {noun} was deleted",
    "none": "Immuta shows no {noun} at all",
    "recognised": "The {noun} was recognised after a lost answer",
    "no-owner": "Immuta does not know the {owner}",
    "kept": "Immuta did not remove the {noun}",
    "exists": "The {noun} exists already",
    "has-already": "The {owner} has such an external id already",
}

OWN = {
    "refused": "refused",
    "reset-before": "broken",
    "reset-after": "broken",
    "truncated": "broken",
    "slow": "slow",
    "redirect": "redirect",
    "401": "credential",
    "403": "permission",
    "404": "unknown",
    "html-404": "no-api",
    "busy": "conflict",
    "exists": "conflict",
    "exists-itself": "conflict",
    "422": "invalid",
    "taken": "invalid",
    "429": "too-often",
    "429-after": "too-often",
    "500": "failed",
    "500-after": "failed",
    "502": "failed",
    "503": "failed",
    "empty-list": "garbled",
    "page-200": "garbled",
    "page-403": "permission",
    "malformed": "garbled",
    "wrong-shape": "garbled",
}

NEXT_STEP = re.compile(r"\b([Cc]heck|[Tt]ry again|[Aa]pply again|[Ll]ist the|needs the Immuta permission)\b")
OF_A_STATUS = ("sick", "strange", "disabled", "not-ready", "unhealthy")
"""Warnings that only an unhealthy status explains."""

REQUESTS = {
    "list": "GET /integrations",
    "create": "POST /integrations",
    "get": "GET /integrations/1",
    "status": "GET /integrations/1/status",
    "update": "PUT /integrations/1",
    "delete": "DELETE /integrations/1",
}

# The text about a call, by its fault: first what happened, then what to do.
ADDRESS = "It does not read like Immuta's own answer: check `host` (IMMUTA_HOST), its path included."
ADMIN = "The user behind `api_key` (IMMUTA_API_KEY) needs the Immuta permission APPLICATION_ADMIN."
CREDENTIAL = (
    "Check `api_key` (IMMUTA_API_KEY): it may be wrong, revoked, expired, or of another tenant than `host`."
)
GATEWAY = "Check that `host` is Immuta itself and that no proxy or gateway answers in its place."
LATER = "Try again. If it happens again, check Immuta's logs."
SLOWER = "or lower `max_concurrency` (IMMUTA_MAX_CONCURRENCY)."
CALLS = {
    "refused": ("refused.", ""),
    "reset-before": ("reset.", ""),
    "reset-after": ("reset.", ""),
    "truncated": ("reset.", ""),
    "slow": ("the request timed out.", ""),
    "redirect": (
        "{request} was answered with 307, pointing to 127.0.0.1. Redirects are not followed, because the credential would be "
        "sent there.",
        "Set `host` (IMMUTA_HOST) to Immuta's own URL.",
    ),
    "401": ('{request} was answered with 401 Unauthorized: "(redacted) is nobody".', CREDENTIAL),
    "403": ('{request} was answered with 403 Forbidden: "(redacted) may not do that".', ADMIN),
    "404": (
        '{request} was answered with 404 Not found: "No Integration found with ID 1".',
        "List the integrations to find the right id.",
    ),
    "404 without an id": (
        '{request} was answered with 404 Not found: "No Integration found with ID ".',
        ADDRESS,
    ),
    "html-404": ("{request} was answered with 404 and a body that is not JSON.", ADDRESS),
    "busy": (
        '{request} was answered with 409 Conflict: "The integration is being changed. Try again when that has finished".',
        "Resolve the conflict in Immuta and apply again.",
    ),
    "exists": (
        '{request} was answered with 409 Conflict: "{title} integration already exists on {host} (id = {existing})".',
        "",
    ),
    "422": (
        '{request} was answered with 422 Unprocessable entity: "Validation of prerequisite setup failed. Unable to {verb} '
        'integration".\n\nfailed validation tests:\n  - Basic Connection Test: no log-in with (redacted)\n\nThis request '
        "changed "
        "nothing.",
        "Fix the cause on the platform or in the configuration, and apply again.",
    ),
    "taken": (
        '{request} was answered with 422 Unprocessable entity: "Validation of prerequisite setup failed. Unable to {verb} '
        'integration".\n\nfailed validation tests:\n  - There is no existing integration matching this configuration: An '
        "integration for this location path exists already (id = 1).\n  - The provided integration name is unique across Immuta "
        "S3 integrations: The name is taken by the integration with id = 1.\n\nThis request changed nothing.",
        "Fix the cause on the platform or in the configuration, and apply again.",
    ),
    "429": (
        '{request} was answered with 429 Too Many Requests: "simulated 429".',
        f"Try again later, {SLOWER}",
    ),
    "429-after": (
        '{request} was answered with 429 Too Many Requests: "simulated 429".',
        f"Try again in 1 seconds, {SLOWER}",
    ),
    "500": ('{request} was answered with 500 Internal Server Error: "crashed on (redacted)".', LATER),
    "500-after": ('{request} was answered with 500 Internal Server Error: "simulated 500".', LATER),
    "502": ("{request} was answered with 502 and a body that is not JSON.", LATER),
    "malformed": ("the answer to {request}: it is not valid JSON (N bytes).", GATEWAY),
    "wrong-shape": ("it contains no part of an integration.", GATEWAY),
    "wrong-shape of a list": ("it has to be a list of integrations, but it is an object.", GATEWAY),
}
OWN_ALREADY = (
    "Import integration {existing} only if no other resource of this configuration manages it. If this resource was renamed or "
    "moved, add a `moved` block from its old address to the new one (in Python: `move_from_id`); integration {existing} is "
    "then not changed. If this run destroys integration {existing}, apply again. If `create_before_destroy` is set, remove "
    "it, since Immuta allows only one such integration and the old one has to be deleted first. If two resources describe the "
    "same integration, remove "
    "one of them."
)
EARLIER = (
    " The answer to an earlier attempt of the same update did not arrive, so that attempt may have been carried out. The "
    "next apply sends the configuration again."
)
# The tries of a PUT that may have been carried out, although no answer says so.
UNANSWERED = ("reset-before", "reset-after", "truncated", "slow", "500", "500-after", "502")
TOO_LONG = (
    'the time was up while integration 1 was "{status}".',
    "Run the same command again to go on from there. To have it wait longer, raise the resource's `timeouts`; a destroy takes "
    "them from the state, so apply them before it.",
)

# The text about an integration, by the short name of the summary.
ENDS = {
    "lost": (
        "Immuta's answer to the create did not arrive, and later lists did not show the integration.",
        "Apply again. If it exists by then, Immuta refuses another one and names its id, so it can be "
        "imported.\n\n{cause}",
    ),
    "lost without an identity": (
        "Immuta's answer to the create did not arrive, and later lists did not show the integration.",
        "Before applying again, check Immuta for a new integration of this type. Nothing distinguishes two of them, so another "
        "apply would create a second one. Import the existing one.\n\n{cause}",
    ),
    "ambiguous": (
        "Immuta's answer to the create did not arrive. The new integrations have the ids 1: Immuta shows nothing that "
        "distinguishes integrations of this type.",
        "Check them in Immuta and import the one that this run created, or delete it and apply again.\n\n{import}",
    ),
    "adopted": (
        "Immuta's answer to the create did not arrive. Integration 1 is new and exactly as configured, so it was "
        "adopted.",
        "",
    ),
    "set-up": (
        'integration 1 has the status "{status}". It exists and blocks its host, but does not work.',
        "Fix the cause on the platform or in the configuration, and apply again.",
    ),
    "edit": (
        'integration 1 has the status "{status}". The update was rolled back.',
        "Fix the cause on the platform or in the configuration, and apply again.",
    ),
    "removal": (
        'integration 1 has the status "{status}". The deletion was rolled back, and the integration is still in use.',
        "Check the privileges of the credentials for the deletion and any manual changes on the platform, and try "
        "again.",
    ),
    "undeleted": (
        '30 seconds after the answer to the request, integration 1 still has the status "{status}".',
        "Check it in Immuta, and try again.",
    ),
    "vanished": (
        "Immuta accepted the request for integration 1, and then answered that it does not exist.",
        "It may have been deleted meanwhile. Apply again.",
    ),
    "teardown": (
        "Immuta set up integration 1 on {own_host} itself (`auto_bootstrap = true`) and needs privileged credentials to remove "
        "it.",
        "Set `teardown_credentials.{platform}` (or an entry for '{own_host}' in its `hosts`) in the provider block, or the "
        "environment variables IMMUTA_TEARDOWN_{PLATFORM}_<ATTRIBUTE>, to the credentials of the set-up: {fields}. Without "
        "credentials nothing is destroyed, and the integration and the state stay as they are. If the resource is tainted, "
        "`terraform untaint` lets the next apply repair it in place instead.",
    ),
    "not-ready": ('it has the id 1, and the last known status is "creating".', "{cause}"),
    "unread": (
        "integration 1 is settled, but reading its configuration failed.",
        "The next refresh reads it.",
    ),
    "unhealthy": ('integration 1 has the status "{status}".', "The next plan shows the repair."),
    "strange": (
        'integration 1 was {done}, and its status "{status}" is unknown to this version of the provider. The provider did not '
        "wait for it.",
        "Check it in Immuta.",
    ),
    "strange when read": (
        'the status of integration 1 is "{status}", which this version does not know.',
        "Check it in Immuta.",
    ),
    "sick": (
        "Immuta's status of integration 1 is '{status}':",
        "an update that sends the configuration again is planned.",
    ),
    "sick for good": (
        "Immuta's status of integration 1 is '{status}': Immuta cannot change it.",
        "Repair it in Immuta, or replace it by `terraform apply -replace=ADDRESS`.",
    ),
    "sick and in use": (
        "Immuta's status of integration 1 is '{status}': an earlier deletion failed and was rolled back, so the integration is "
        "still in use.",
        "To remove the integration, destroy it again.",
    ),
    "disabled": (
        "integration 1 is no longer in use, but Immuta did not clean up the platform.",
        "Remove the objects that it created there by hand.",
    ),
}


def plain(detail: str) -> str:
    """A detail as it is compared. Before an update the new secret is not known yet, so only its words are shown."""
    detail = re.sub(r"\(\d+ bytes\)", "(N bytes)", detail)
    return re.sub(r"\(redacted\)(?: and (?:\(redacted\)|the new: …))+", "(redacted)", detail)


def own_error(call: str, fault: str) -> str:
    """The short name of the fault's own error. A route without an id is there in every Immuta: its 404 is another server's."""
    return "no-api" if fault == "404" and call in ("list", "create") else OWN[fault]


def summary(row: Row, name: str, verb: str = "create") -> str:
    """The summary of a short name, as it is of the row's type after the verb."""
    noun = row.type.noun
    return SUMMARIES[name].format(
        title=row.type.title,
        noun=noun,
        the="An" if row.type.settles else "The",
        owner=row.resource.split("_")[1],
        done=f"{verb}d" if verb in ("update", "delete") else "created",
    )


def detail(cell: Cell, name: str, config: Mapping[str, Any]) -> str | None:
    """The detail beside the summary of that short name, None if only its facts are compared. `config`: that of the request."""
    resource = cell.row.resource
    if resource not in BY_RESOURCE:
        return None
    text = _of_integration(cell, name, BY_RESOURCE[resource], config)
    named = name == cell.error and cell.verb != "create" and name != "teardown"
    return f"{text}\n\nThe resource is an {resource}, and Immuta's id of it is 1." if named else text


def assert_facts(cell: Cell, name: str, detail: str, id: str) -> None:
    """Checks that a detail names the object, if it is known, and the next step. Only a write leaves a doubt."""
    assert cell.writes or "earlier try" not in detail
    if cell.verb in ("update", "delete", "read", "gone") and name != "no-owner":
        assert id in detail
    if name not in OWN.values():
        own_words = name in ("no-owner", "recognised", "kept")
        assert own_words or cell.row.type.noun.lower() in detail.lower(), detail
    elif cell.fault not in WITHOUT_ANSWER:
        assert NEXT_STEP.search(detail), detail


def _of_integration(cell: Cell, name: str, integration: IntegrationType, config: Mapping[str, Any]) -> str:
    if name in OWN.values():
        return _of_the_call(cell, integration, config)
    if name == "timeout":
        return _too_long(cell)
    return _joined(ENDS[_kind(cell, name, integration)]).format_map(
        {
            "status": cell.state.split()[-1],
            "done": f"{cell.verb}d",
            "cause": _cause(cell),
            "import": _import(integration, "1"),
            "own_host": config.get("host"),
            "platform": integration.teardown_platform,
            "PLATFORM": integration.teardown_platform.upper(),
            "fields": ", ".join(integration.teardown_fields),
        }
    )


def _kind(cell: Cell, name: str, integration: IntegrationType) -> str:
    if name == "lost" and not integration.unique_by:
        return "lost without an identity"
    if name == "strange" and cell.call == "server":
        return "strange when read"
    if name == "sick" and cell.fault == "deleteError":
        return "sick and in use"
    if name == "sick" and not integration.updatable:
        return "sick for good"
    return name


def _cause(cell: Cell) -> str:
    """The error of the client that another text quotes, with its summary; "" if no call failed."""
    if cell.fault == "stuck":
        return f"{SUMMARIES['timeout']}: {_too_long(cell)}"
    if _fault(cell) not in OWN:
        return ""
    own = f"{SUMMARIES[_own(cell)]}: {_joined(CALLS[_key(cell)])}".format_map(_words(cell))
    passes = cell.call in ("get", "status") and cell.fault not in ("redirect", "401", "403")
    return f"{SUMMARIES['timeout']}: {_too_long(cell)}" if passes and cell.verb == "create" else own


def _too_long(cell: Cell) -> str:
    ended = _joined(TOO_LONG).format(status=cell.state.split()[-1])
    if cell.fault == "stuck":
        return ended
    last = f"{SUMMARIES[_own(cell)]}: {_joined(CALLS[_key(cell)])}".format_map(_words(cell))
    return f"{ended}\n\nThe last read of it failed: {last}"


def _of_the_call(cell: Cell, integration: IntegrationType, config: Mapping[str, Any]) -> str:
    words = _words(cell)
    if cell.call == "create+list":
        keys = [field.key for name in integration.unique_by if (field := integration.field(name))]
        place = "/".join(str(config[key]) for key in keys)
        words.update(existing="1", title=integration.type, host=place)
    text = _joined(CALLS[_key(cell)]).format_map(words)
    lost = cell.fault in UNANSWERED if cell.which == "every" else cell.which == "again"
    if cell.call == "update" and lost and cell.fault != "wrong-shape":
        text += EARLIER
    if _key(cell) != "exists":
        return text
    if cell.verb == "create":
        return "\n\n".join([text, OWN_ALREADY.format_map(words), _import(integration, words["existing"])])
    if words["existing"] == "1":
        way = (
            "Immuta says that integration 1, which this resource manages, conflicts with itself. Check it in Immuta and apply "
            "again."
        )
    else:
        way = (
            f"Immuta says that integration 1 conflicts with integration {words['existing']}. Check both in Immuta and apply "
            "again."
        )
    return f"{text}\n\n{way}"


def _own(cell: Cell) -> str:
    return "no-api" if _key(cell) == "404 without an id" else OWN[_fault(cell)]


def _key(cell: Cell) -> str:
    fault, call = _fault(cell), _call(cell)
    if fault == "404" and call in ("list", "create"):
        return "404 without an id"
    if fault == "wrong-shape" and call == "list":
        return "wrong-shape of a list"
    return "exists" if fault == "exists-itself" else fault


def _fault(cell: Cell) -> str:
    """The fault that the error is about."""
    if cell.call == "create+list" and _call(cell) == "create":
        refused_again = cell.fault == "empty-list" and cell.row.type.unique_by
        return "exists" if cell.error == "conflict" else "taken" if refused_again else "reset-after"
    # Half of a 404 in JSON is one that is not Immuta's.
    return "html-404" if (cell.verb, cell.call, cell.fault) == ("delete", "get", "malformed") else cell.fault


def _call(cell: Cell) -> str:
    """The operation that the error is about. Lists that show nothing, or until the time is up, leave it with the POST's."""
    if cell.call == "create+list" and cell.fault in ("empty-list", "slow"):
        return "create"
    return cell.call.rpartition("+")[2]


def _words(cell: Cell) -> dict[str, str]:
    return {
        "request": REQUESTS[_call(cell)],
        "verb": cell.verb,
        "existing": "1" if cell.fault == "exists-itself" else "77",
        "title": "Snowflake",
        "host": "…" if cell.verb == "delete" else "acme.snowflakecomputing.com",
    }


def _import(integration: IntegrationType, id: str) -> str:
    return (
        "To manage an integration that exists already with this resource, import it:\n\n"
        f'import {{\n  to = {integration.resource}.NAME\n  id = "{id}"\n}}\n\n'
        f'or in Python: {integration.class_name}(self, "NAME", ...).import_from("{id}")'
    )


def _joined(text: tuple[str, str]) -> str:
    return " ".join(filter(None, text))
