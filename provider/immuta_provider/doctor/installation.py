"""Checks of the installed plugin: Terraform's CLI configuration, the mirror, the plugin cache, and the stack's lock files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from ..distribution import lock, mirror
from . import cli_configuration
from .check import Check, failed, ok, skipped, warning
from .cli_configuration import CACHE_VARIABLE, VARIABLE, Configuration

_ADD = "Run `cdktf-immuta install --mirror DIR`, and add the block that it prints to {file}."


def checks(environ: Mapping[str, str], folder: Path, home: Path) -> Iterator[Check]:
    """The checks of the installation for the stack in `folder`."""
    try:
        configuration = cli_configuration.read(environ, home)
    except OSError as error:
        yield _unreadable("cli_configuration", error)
        for name in ("mirror", "plugin_cache"):
            yield skipped(name, "the CLI configuration cannot be read")
    else:
        mirrors = _mirrors(configuration, home)
        yield _configuration(configuration, mirrors)
        yield from _guarded("mirror", lambda: [_mirror(configuration, mirrors)])
        yield from _guarded("plugin_cache", lambda: [_cache(configuration)])
    yield from _guarded("lock_file", lambda: list(_locks(folder)))


def _guarded(name: str, found: Callable[[], list[Check]]) -> list[Check]:
    try:
        return found()
    except OSError as error:
        return [_unreadable(name, error)]


def _unreadable(name: str, error: OSError) -> Check:
    reason = (error.strerror or type(error).__name__).lower()
    return failed(
        name, f"{error.filename} cannot be read: {reason}", "Make it a file that this user may read."
    )


def _mirrors(configuration: Configuration, home: Path) -> list[Path]:
    """The folders in which Terraform looks for the provider."""
    if configuration.methods is None:
        return [home / ".terraform.d" / "plugins"]
    return [
        Path(method.path).expanduser()
        for method in configuration.methods
        if method.kind == "filesystem_mirror" and method.serves(mirror.SOURCE)
    ]


def _configuration(configuration: Configuration, mirrors: list[Path]) -> Check:
    name = "cli_configuration"
    missing = next((path for path in configuration.files if not path.exists()), None)
    if missing is not None:
        return warning(
            name,
            f"{VARIABLE} names {missing}, and there is no such file",
            f"Create it, or remove {VARIABLE}.",
        )
    shown = " and ".join(map(str, configuration.files)) or "none, so Terraform looks into its default folders"
    override = configuration.overrides.get(mirror.SOURCE) or configuration.overrides.get(
        _short(mirror.SOURCE)
    )
    if override is not None:
        return warning(
            name,
            f"{shown}: `dev_overrides` uses the provider in {override}, of any version and without a checksum",
            "Remove the provider from `dev_overrides` unless you develop it.",
        )
    if configuration.methods is None or mirrors:
        return ok(name, shown)
    remote = next(
        (m for m in configuration.methods if m.kind == "network_mirror" and m.serves(mirror.SOURCE)), None
    )
    if remote is not None:
        return ok(name, f"{shown}: the provider comes from the network mirror {remote.path}")
    return failed(
        name,
        f"{shown}: no mirror in `provider_installation` has the provider, so Terraform does not find it",
        _ADD.format(file=configuration.files[0]),
    )


def _mirror(configuration: Configuration, mirrors: list[Path]) -> Check:
    name = "mirror"
    if not mirrors:
        return skipped(name, "Terraform is configured to install the provider from elsewhere")
    implied = configuration.methods is None
    installed = [path for path in mirrors if mirror.installed_folder(path).is_dir()]
    place = (installed or mirrors)[0]
    install = f"Run `cdktf-immuta install{'' if implied else f' --mirror {place}'}`."
    folder = mirror.installed_folder(place)
    if installed:
        if mirror.directory_hash(folder) == mirror.expected_hash():
            return ok(name, f"provider {mirror.version()} in {place}")
        return failed(name, f"the provider in {folder} is not the one of this package", install)
    versions = (path.name for path in folder.parent.parent.glob("*") if path.is_dir())
    others = sorted(version for version in versions if version != mirror.version())
    found = (
        f"{place} has only the provider {', '.join(others)}" if others else f"the provider is not in {place}"
    )
    if not implied:
        return failed(name, f"{found}, and the package is {mirror.version()}", install)
    return warning(
        name,
        f"{found}; a program with ImmutaProvider brings {mirror.version()} along, plain Terraform needs it there",
        install,
    )


def _cache(configuration: Configuration) -> Check:
    name = "plugin_cache"
    if not configuration.cache:
        return skipped(name, f"neither {CACHE_VARIABLE} nor `plugin_cache_dir` is set")
    path = Path(configuration.cache).expanduser()
    if not path.is_dir():
        return failed(name, f"there is no folder {path}", f"Run `mkdir -p {path}`.")
    folder = mirror.installed_folder(path)
    if folder.is_dir() and mirror.directory_hash(folder) != mirror.expected_hash():
        return failed(
            name, f"the provider in {folder} is not the one of this package", f"Run `rm -r {folder}`."
        )
    return ok(name, str(path))


def _locks(folder: Path) -> Iterator[Check]:
    """One check for each lock file of the stack: in its folder, and in the output folder of cdktf."""
    name = "lock_file"
    paths = [folder / lock.FILE_NAME, *sorted(folder.glob(f"cdktf.out/stacks/*/{lock.FILE_NAME}"))]
    entries = {
        path: entry
        for path in paths
        if path.is_file()
        and (entry := lock.entry_of(path.read_text("utf-8", "replace"), mirror.SOURCE)) is not None
    }
    if not entries:
        yield skipped(name, f"no {lock.FILE_NAME} of a stack here names the provider")
    for path, entry in entries.items():
        shown = path.relative_to(folder)
        in_output = path.parent != folder
        again = (
            "Run `cdktf synth`." if in_output else f"Remove its block from {shown}, and run `terraform init`."
        )
        if entry.version != mirror.version():
            yield failed(
                name,
                f"{shown} has the provider {entry.version}, and the package is {mirror.version()}",
                again,
            )
        elif mirror.expected_hash() not in entry.checksums:
            yield failed(name, f"{shown} has another checksum of the provider {entry.version}", again)
        else:
            yield ok(name, f"{shown} has the checksum of the provider {entry.version}")


def _short(source: str) -> str:
    return source.partition("/")[2]
