"""References to maps of lists."""

from __future__ import annotations

import json

from ..cdk import StringListMap, Token


class ListMap(StringListMap):
    """Reference to a map of lists of text. The class of cdktf 0.21 and cdktn 0.24 leaves out the quotes around a key."""

    def get(self, key: str) -> list[str]:
        """Reference to the list at `key`. Terraform reports a key that the map does not have."""
        return Token.as_list(self.interpolation_for_attribute(json.dumps(key, ensure_ascii=False)))
