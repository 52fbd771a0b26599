"""Policies from a folder of the files that Immuta's command line keeps."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from constructs import Construct

from ..runtime import files
from .data_policy import DataPolicy
from .subscription_policy import SubscriptionPolicy


def policies_from(
    scope: Construct, folder: str | Path, /, **arguments: Any
) -> dict[str, DataPolicy | SubscriptionPolicy]:
    """Makes a resource of every policy in a folder: the files with the endings .yaml and .yml in it and below it.

    `type` in a file, which is `data` or `subscription`, says the class. `DataPolicy.from_file` says how a file is read.

    Args:
        scope: the stack, or a construct in it.
        folder: the folder. A relative path starts in the folder that the program runs in.
        arguments: further arguments of each of them, such as `lifecycle` or `provider`.

    Returns:
        The resources by their construct ids, in the order of the files. The id is the path of the file in the folder without its
        ending, with hyphens between folders: `finance-mask-iban` for `finance/mask-iban.yaml`.

    Raises:
        FileError: the folder does not exist, or a file cannot be read or is not a policy in YAML; names the file and the line.
        ArgumentError: a policy breaks a rule of its resource; every problem names the file and the line.
    """
    classes = (DataPolicy, SubscriptionPolicy)
    found = files.of_folder(scope, Path(folder), classes, arguments)
    return cast(dict[str, DataPolicy | SubscriptionPolicy], found)
