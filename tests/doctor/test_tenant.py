"""The checks of settings, credential and permissions, and the whole report, against a simulator."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from immuta_constructs.testing import Immuta
from immuta_provider import __version__
from immuta_provider.distribution import mirror
from immuta_provider.doctor import collections, environment
from immuta_provider.doctor.check import Check, failed, ok, skipped, warning
from immuta_provider.doctor.command import run
from immuta_provider.doctor.tenant import Tenant
from support.local_server import Exchange, local_server
from support.pages import code
from support.programs import path_of
from support.terraform import PROGRAMS

KEY = "a-key-that-is-in-no-report"
ALL = "APPLICATION_ADMIN", "USER_ADMIN", "GOVERNANCE", "CREATE_PROJECT", "CREATE_S3_DATASOURCE"
REFUSED = skipped("permissions", "the check credential failed")


@pytest.fixture(scope="module")
def simulator() -> Iterator[Immuta]:
    with Immuta(api_key=KEY) as running:
        yield running


def checks(environ: Mapping[str, str]) -> list[Check]:
    tenant = Tenant(environ, __version__)
    found = list(tenant.checks(collections.of_model()))
    tenant.close()
    return found


def account(environ: Mapping[str, str]) -> list[Check]:
    return checks(environ)[-2:]


@pytest.mark.parametrize(
    ("environ", "text"),
    [
        (
            {},
            "set `host` in the provider block, or IMMUTA_HOST in the environment, to the URL of the Immuta tenant, for example "
            '"https://acme.hosted.immutacloud.com".',
        ),
        (
            {"IMMUTA_HOST": "ftp://immuta.example"},
            '"ftp://immuta.example" is not a valid host: its scheme is "ftp"; allowed are https and http. Set a host name or a '
            'URL, for example "https://acme.hosted.immutacloud.com".',
        ),
        (
            {"IMMUTA_HOST": "immuta.example", "IMMUTA_MAX_RETRIES": "many"},
            'the environment variable is "many"; set it to a number.',
        ),
    ],
)
def test_an_invalid_host_or_setting_skips_the_other_checks(environ: dict[str, str], text: str) -> None:
    names = "proxy", "dns", "tcp", "tls", "http", "clock", "credential", "permissions"
    assert checks(environ) == [
        failed("host", text, ""),
        *(skipped(name, "the check host failed") for name in names),
    ]


def test_the_network_is_checked_without_a_credential(simulator: Immuta) -> None:
    found = checks({"IMMUTA_HOST": simulator.url})
    assert [check.status for check in found] == [*["ok"] * 4, "skipped", "ok", "ok", "failed", "skipped"]
    assert found[-2].text.startswith(
        "set `api_key` in the provider block, or IMMUTA_API_KEY in the environment"
    )


def test_a_refused_credential_fails(simulator: Immuta) -> None:
    refused, after = account({"IMMUTA_HOST": simulator.url, "IMMUTA_API_KEY": "another-key"})
    assert (refused.status, after) == ("failed", REFUSED)
    assert refused.text.startswith(
        "a request was answered with 401, and exchanging `api_key` (IMMUTA_API_KEY) for a token failed: "
    )
    assert account({"IMMUTA_HOST": simulator.url, "IMMUTA_API_KEY": KEY})[0].status == "ok"


def answering(body: object) -> list[Check]:
    def answer(exchange: Exchange) -> None:
        exchange.answer(200, json.dumps(body).encode(), Content_Type="application/json")

    with local_server(answer) as server:
        return account({"IMMUTA_HOST": server.url, "IMMUTA_API_KEY": KEY})


MISSING = (
    "the user does not have APPLICATION_ADMIN (integrations); CREATE_PROJECT (projects); CREATE_S3_DATASOURCE "
    "(S3 data sources)"
)
ADVICE = "Add the permissions of what you deploy to the user in Immuta."
USER = {"userid": "ada@immuta.example", "iamid": "bim"}
NO_USER = failed(
    "credential",
    "the answer to GET /bim/rpc/user/current does not name a user, so it is not Immuta's",
    "Check `host` (IMMUTA_HOST).",
)
ACCEPTED = ok("credential", "Immuta accepts it for the user ada@immuta.example (bim)")


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({**USER, "permissions": [*ALL, "AUDIT"]}, [ACCEPTED, ok("permissions", ", ".join(sorted(ALL)))]),
        (
            {**USER, "permissions": ["USER_ADMIN", "GOVERNANCE", "APPLICATION_ADMIN"]},
            [
                ACCEPTED,
                warning("permissions", MISSING.replace("APPLICATION_ADMIN (integrations); ", ""), ADVICE),
            ],
        ),
        (
            USER,
            [ACCEPTED, skipped("permissions", "the answer to GET /bim/rpc/user/current does not show them")],
        ),
        ({"error": "another service"}, [NO_USER, REFUSED]),
        ({**USER, "userid": KEY, "permissions": []}, [NO_USER, REFUSED]),
    ],
    ids=["all", "some", "none shown", "another service", "the key in the answer"],
)
def test_the_user_of_the_credential_is_checked(body: object, found: list[Check]) -> None:
    assert answering(body) == found


@pytest.mark.parametrize(
    ("environ", "check"),
    [
        ({"PATH": "/bin"}, ok("environment", "no variable of the provider is set")),
        (
            {
                "IMMUTA_HOST": "immuta.example",
                "IMMUTA_API_KEY": KEY,
                "IMMUTA_TEARDOWN_SNOWFLAKE_PASSWORD": "x",
                "IMMUTA_CA_FILE": " ",
            },
            ok("environment", "set: IMMUTA_API_KEY, IMMUTA_HOST, IMMUTA_TEARDOWN_SNOWFLAKE_PASSWORD"),
        ),
        (
            {"IMMUTA_APIKEY": KEY, "IMMUTA_COLOUR": "blue"},
            warning(
                "environment",
                "the provider does not read IMMUTA_APIKEY (did you mean IMMUTA_API_KEY?), IMMUTA_COLOUR",
                "Correct the name, or remove the variable.",
            ),
        ),
    ],
)
def test_the_variables_of_the_environment_are_checked(environ: dict[str, str], check: Check) -> None:
    assert environment.check(environ) == check


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A home folder with the provider, beside a PATH with all programs and an empty folder of a stack."""
    mirror.install(tmp_path / ".terraform.d" / "plugins")
    path_of(tmp_path / "bin", {"terraform": "Terraform v1.11.4", "node": "v22.1.0", "cdktf": "0.21.0"})
    (tmp_path / "stack").mkdir()
    return tmp_path


def examined(machine: Path, simulator: Immuta, **options: bool) -> tuple[int, list[str]]:
    lines: list[str] = []
    environ = {"PATH": str(machine / "bin"), "IMMUTA_HOST": simulator.url, "IMMUTA_API_KEY": KEY}
    status = run(
        as_json=options.get("as_json", False),
        api=options.get("api", False),
        environ=environ,
        folder=machine / "stack",
        home=machine,
        tell=lines.append,
    )
    return status, lines


def test_the_report_in_json_has_every_check(machine: Path, simulator: Immuta) -> None:
    """The report as text is in the guide."""
    _, lines = examined(machine, simulator)
    status, (text,) = examined(machine, simulator, as_json=True)
    document = json.loads(text)
    found = [Check(**check) for check in document.pop("checks")]
    assert (status, document) == (0, {"version": __version__, "status": "ok"})
    assert [
        f"{check.status:7}  {check.name}: {check.text}{check.advice and f'. {check.advice}'}"
        for check in found
    ] == lines


def test_the_guide_shows_what_a_run_prints(machine: Path, simulator: Immuta) -> None:
    guide = Path(__file__).parents[2] / "docs" / "guides" / "doctor.md"
    report, api = code(guide, "text")
    status, lines = examined(machine, simulator, api=True)
    shown = [
        line.replace(str(machine), "/home/ada")
        .replace(simulator.url, "http://127.0.0.1:8787")
        .replace(simulator.url.removeprefix("http://"), "127.0.0.1:8787")
        .replace(f"Python {platform.python_version()}", "Python 3.13.1")
        for line in lines
    ]
    first = next(number for number, line in enumerate(shown) if " api " in line)
    assert status == 0
    assert report.splitlines() == shown[:first]
    assert api.splitlines() == [line for line in shown if "api GET /tag" in line or "api GET /domain" in line]


def test_the_installed_command_checks_the_machine_of_a_new_user(machine: Path, simulator: Immuta) -> None:
    """The real program, with nothing but what a new user has, on the real Terraform of this machine."""
    command = [str(Path(sys.executable).with_name("cdktf-immuta")), "doctor"]
    programs = {"node": "v22.1.0", "cdktf": "0.21.0"}
    environ = {
        "HOME": str(machine),
        "PATH": f"{path_of(machine / 'others', programs)}:{Path(PROGRAMS['terraform'][0]).parent}:/bin",
        "IMMUTA_HOST": simulator.url,
        "IMMUTA_API_KEY": KEY,
    }
    ran = subprocess.run(
        command, env=environ, cwd=machine / "stack", capture_output=True, text=True, timeout=60
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert [line.split()[0] for line in ran.stdout.splitlines()] == [
        *["ok"] * 7,
        *["skipped"] * 2,
        *["ok"] * 5,
        "skipped",
        *["ok"] * 3,
        "warning",
    ]
    assert KEY not in ran.stdout


def test_a_failed_check_makes_the_exit_status_1(machine: Path, simulator: Immuta) -> None:
    (machine / "bin" / "terraform").unlink()
    status, (text,) = examined(machine, simulator, as_json=True)
    assert (status, json.loads(text)["status"]) == (1, "failed")


def test_a_secret_that_a_check_would_show_is_redacted(
    machine: Path, simulator: Immuta, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = machine / KEY
    folder.mkdir()
    path_of(folder, {"terraform": "Terraform v1.11.4"})
    lines: list[str] = []
    environ = {"PATH": str(folder), "IMMUTA_API_KEY": KEY}
    for as_json in (False, True):
        run(as_json=as_json, api=False, environ=environ, folder=machine, home=machine, tell=lines.append)
    assert KEY not in "\n".join(lines)
    assert lines[1] == f"ok       terraform: Terraform 1.11.4 ({machine}/(redacted)/terraform)"
