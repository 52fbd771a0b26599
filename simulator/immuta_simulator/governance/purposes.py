"""Purposes (fact sheet, section 5)."""

from __future__ import annotations

from immuta_simulator.records.store import Collection, Key, Upsert

PURPOSES = Collection(
    "purposes",
    "purpose",
    "/governance/purpose",
    keys=(
        Key("name", (str,), required=True),
        Key("description", (str,)),
        Key("acknowledgement", (str,)),
        Key("subpurposes", (list,)),
    ),
    wrapper="purposes",
    upsert=Upsert(
        "/api/v2/purpose",
        "purposeId",
        options=("dryRun", "reAcknowledgeRequired"),
        forgets_at_first=("acknowledgement",),
    ),
    nested="subpurposes",
    stamped={
        "description": None,
        "acknowledgement": None,
        "addedByProfile": 1,
        "displayAcknowledgement": True,
        "deleted": False,
        "systemGenerated": False,
    },
    protected="systemGenerated",
    initial=(
        {"name": "Re-identification Prohibited", "systemGenerated": True},
        {"name": "Re-identification Prohibited.CCPA", "systemGenerated": True},
    ),
)
