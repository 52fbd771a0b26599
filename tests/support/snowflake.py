"""The arguments of a Snowflake integration, without its secret."""

from __future__ import annotations

from typing import Any

SNOWFLAKE: dict[str, Any] = {
    "auto_bootstrap": False,
    "host": "acme.snowflakecomputing.com",
    "warehouse": "IMMUTA_WH",
    "database": "IMMUTA",
    "authentication_type": "userPassword",
    "username": "IMMUTA_SYSTEM_ACCOUNT",
}
