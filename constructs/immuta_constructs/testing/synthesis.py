"""A synthesized stack as data that explains its differences."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..cdk import TerraformStack, Testing
from ..runtime.arguments import plain
from ..runtime.secrets import referenced
from ..runtime.tokens import is_unknown, resolved
from ..runtime.traces import forget_names

STACK_FILE = "cdk.tf.json"
MANIFEST = "manifest.json"
WARNING = "/warn"


class Block(dict[str, Any]):
    """A part of a synthesized stack, such as the attributes of one resource.

    A block is a dict. It equals what a program passes for it: in what a block is compared with, tokens stand for their
    expressions, classes such as `SnowflakeAudit` for their mappings, and None for an argument that is not set. An `assert`
    in a pytest test shows the differences by path. A missing key is a KeyError that names the keys there are.
    """

    def __init__(self, values: Mapping[str, Any], stack: TerraformStack, path: str = "") -> None:
        self._stack, self._path = stack, path
        super().__init__(
            (key, self._inner(value, f"{path}.{key}" if path else key)) for key, value in values.items()
        )

    def _inner(self, value: Any, path: str) -> Any:
        if isinstance(value, dict):
            return Block(value, self._stack, path)
        if isinstance(value, list):
            return [self._inner(item, f"{path}[{index}]") for index, item in enumerate(value)]
        return value

    def __missing__(self, key: str) -> Any:
        raise KeyError(f"there is no {key} in {self.label}, which has {', '.join(self) or 'nothing'}")

    def __eq__(self, other: object) -> bool:
        return super().__eq__(_written(plain(other), self._stack)) is True

    __hash__ = None

    @property
    def label(self) -> str:
        """The path in the stack, such as `resource.immuta_tag.pii`."""
        return self._path or "the stack"

    def differences(self, expected: object) -> Iterator[str]:
        """Yields a line for each place at which `expected` differs."""
        return _differences(self, _written(plain(expected), self._stack), "")


class Synthesized(Block):
    """A stack as Terraform reads it: `resource`, `data`, `provider`, `output`, `variable` … by type and name.

    cdktf's comments are left out. `warnings` holds the stack's warnings, each as `[path of the construct] text`.
    """

    warnings: list[str]


def synthesized(stack: TerraformStack) -> Synthesized:
    """Synthesizes one stack as `app.synth()` does: aspects, validations, error annotations, then the JSON.

    Neither cdktf's command line nor Terraform is needed.

    Raises:
        RuntimeError: a validation failed, or a construct has an error; the text is cdktf's.
    """
    with written(stack) as folder:
        document = json.loads((folder / STACK_FILE).read_text("utf-8"))
        (about,) = json.loads((folder.parents[1] / MANIFEST).read_text("utf-8"))["stacks"].values()
    found = Synthesized(_without_default_backend(_without_comments(document), stack.node.id), stack)
    # A stack that is synthesized again keeps the warnings of the first time.
    found.warnings = list(
        dict.fromkeys(
            f"[{note['constructPath']}] {note['message']}"
            for note in about["annotations"]
            if note["level"].endswith(WARNING)
        )
    )
    return found


@contextmanager
def written(stack: TerraformStack) -> Iterator[Path]:
    """Yields the folder of a synthesized stack, with its assets, until the end of the `with` block."""
    forget_names(stack)
    outdir = Path(Testing.full_synth(stack))
    try:
        (folder,) = outdir.glob("stacks/*")
        yield folder
    finally:
        shutil.rmtree(outdir, ignore_errors=True)


def explained(left: object, right: object) -> list[str] | None:
    """Returns pytest's explanation of a failed `left == right`; None if neither is a block."""
    block, expected = (left, right) if isinstance(left, Block) else (right, left)
    if not isinstance(block, Block):
        return None
    return [f"{block.label} is not as expected:", *block.differences(expected)]


def _without_comments(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_comments(item) for key, item in value.items() if key != "//"}
    return [_without_comments(item) for item in value] if isinstance(value, list) else value


def _without_default_backend(document: dict[str, Any], stack: str) -> dict[str, Any]:
    """Returns the document without the backend of a stack that has none, whose path differs from machine to machine."""
    settings = document.get("terraform", {})
    backend = settings.get("backend", {}).get("local", {})
    if backend.keys() != {"path"} or Path(backend["path"]).name != f"terraform.{stack}.tfstate":
        return document
    return {**document, "terraform": {key: value for key, value in settings.items() if key != "backend"}}


def _written(value: Any, stack: TerraformStack) -> Any:
    """Returns plain data with every token as its expression in the stack."""
    if is_unknown(value):
        return resolved(referenced(value), stack)
    if isinstance(value, dict):
        return {_written(key, stack): _written(item, stack) for key, item in value.items()}
    return [_written(item, stack) for item in value] if isinstance(value, list) else value


def _differences(found: object, expected: object, at: str) -> Iterator[str]:
    if isinstance(found, dict) and isinstance(expected, dict):
        for key in [*found, *(key for key in expected if key not in found)]:
            path = f"{at}.{key}" if at else str(key)
            if key not in expected:
                yield f"{path} is {_shown(found[key])}, but is not expected"
            elif key not in found:
                yield f"{path} is missing, {_shown(expected[key])} is expected"
            else:
                yield from _differences(found[key], expected[key], path)
    elif isinstance(found, list) and isinstance(expected, list) and len(found) == len(expected):
        for index, (one, other) in enumerate(zip(found, expected, strict=True)):
            yield from _differences(one, other, f"{at}[{index}]")
    elif found != expected:
        yield f"{at or 'it'} is {_shown(found)}, {_shown(expected)} is expected"


def _shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=repr)
