"""The family of users, groups and what they have."""

from __future__ import annotations

from immuta_simulator.people.groups import GROUPS, MEMBERS
from immuta_simulator.people.users import IAMS, USERS
from immuta_simulator.records.family import RecordFamily


class People(RecordFamily):
    rows = (IAMS, USERS, GROUPS, MEMBERS)
