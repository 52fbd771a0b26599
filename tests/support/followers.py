"""The tests that follow the provider's advice: for each sentence of `support.advice`, the tests in which it is followed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

Tests = tuple[str, ...]


def tests(pattern: str) -> Callable[..., Tests]:
    """Returns a function that puts each of its arguments into the pattern of a test's name."""
    return lambda *names: tuple(pattern.format(name) for name in names)


# Configurations that lead into a situation, and out of it.
situations = tests("tests/resources/test_advice.py::test_advice_leads_out[{}: ")
settings = tests("tests/resources/test_advice.py::test_advice_about_a_setting_leads_out[{}]")
# Data sources, ephemeral resources, the action.
reads = tests("tests/resources/integrations/test_advice.py::test_advice_of_a_read_leads_out[{}: ")
calls = tests("tests/plugin/test_advice.py::test_advice_of_the_plugin_leads_out[{}: ")
# Starts of the plugin, and of the installed plugin.
starts = tests("tests/plugin/transport/test_advice.py::test_advice_of_a_start_leads_to_a_handshake[{}]")
launches = tests(
    "tests/distribution/test_start_errors_shown.py::test_the_advice_of_a_start_error_leads_to_a_start[{}-"
)
# Requests of the client to a scripted Immuta.
client = tests("tests/api/test_client.py::test_{}")
terraform = tests("tests/terraform/test_advice.py::test_{}")


def doctor(module: str, *names: str) -> Tests:
    """Checks of `cdktf-immuta doctor`, before and after the advice."""
    return tuple(f"tests/doctor/test_{module}.py::test_{name}" for name in names)


def http(module: str, *names: str) -> Tests:
    """Requests of the client."""
    return tuple(f"tests/api/http/test_{module}.py::test_{name}" for name in names)


VALUES: Tests = (
    "tests/model/test_advice.py::test_following_the_advice_about_a_wrong_value_ends_without_a_problem[",
)
ARGUMENTS = tests(
    "tests/constructs/test_advice.py::test_an_integration_is_found_by_each_way_of_the_advice[{}: "
)("two ways to find an integration", "nothing to find an integration by")
INTERRUPTED: Tests = ("tests/faults/test_interruptions.py::test_an_interrupted_command_is_run_again[",)
MORE_MEMORY: Tests = (
    *launches("too little memory"),
    "tests/plugin/transport/test_advice.py::test_a_call_with_more_memory_is_answered",
)

FOLLOWERS: Mapping[str, Mapping[str, Tests]] = {
    "api/conflicts.py": {
        "Remove one of them, or change an attribute by which Immuta distinguishes them, such as the {}.": terraform(
            "one_of_two_resources_for_one_object_is_removed_or_changed["
        ),
        "Import {} only if no other resource of this configuration manages it.": situations(
            "somebody else's", "a tag that exists already", "a purpose that exists already"
        ),
        "If this resource was renamed or moved, add a `moved` block from its old address to the new one (in Python: "
        "`move_from_id`); {} is then not changed.": (
            *terraform("moved_block_keeps_a_renamed_resource"),
            "tests/cdktf/test_programs.py::test_existing_integration_is_imported_and_renamed",
        ),
        "If this run destroys {}, apply again.": terraform(
            "more_renamed_resources_than_run_at_once_are_applied_again["
        ),
        "If `create_before_destroy` is set, remove it, since Immuta allows only one such {} and the old one has to be deleted "
        "first.": terraform("create_before_destroy_is_to_be_removed"),
        "If two resources describe the same {}, remove one of them.": terraform(
            "one_of_two_resources_for_one_object_is_removed_or_changed["
        ),
    },
    "api/http/abandoning.py": {
        "The request only reads, so nothing has changed; run it again.": (
            *http("abandoning", "a_read_ends_when_the_run_is_stopped["),
            *INTERRUPTED,
        ),
    },
    "api/http/bounds.py": {
        "Raise the memory limit of the shell (`ulimit -v`) or of the container, or run Terraform with a smaller "
        "`-parallelism`.": http("bounds", "an_answer_is_decoded_with_more_memory"),
        "Check that `host` is Immuta itself.": http("bounds", "a_body_with_too_many_values_is_refused"),
    },
    "api/http/client.py": {
        "the run was stopped before a request could be retried: apply again.": client(
            "a_stop_ends_the_wait_for_a_retry"
        ),
    },
    "api/http/error_response.py": {
        "Set `host` (IMMUTA_HOST) to Immuta's own URL.": client("host_is_set_to_where_a_redirect_points"),
        "Check {}: it may be wrong, revoked, expired, or of another tenant than `host`.": situations(
            "a wrong key"
        ),
        "List the {} to find the right id.": reads("no such id"),
        "It does not read like Immuta's own answer: check `host` (IMMUTA_HOST), its path included.": settings(
            "a wrong path"
        ),
        "The request names no single {}, so this Immuta may not have the route: check its release, and `host` (IMMUTA_HOST), "
        "its path included.": settings("a wrong path"),
        "Check {} as well: some requests are answered so if it is wrong or expired.": situations(
            "a wrong key"
        ),
        "Resolve the conflict in Immuta and apply again.": situations("a conflict without an id"),
        "Fix the cause on the platform or in the configuration, and apply again.": situations(
            "a validation that fails"
        ),
        "{}, or lower `max_concurrency` (IMMUTA_MAX_CONCURRENCY).": http(
            "transport", "a_limit_of_requests_at_once_is_kept_with_a_lower_max_concurrency["
        ),
        "Try again later": situations("a rate limit"),
        "Try again in {} seconds": client("a_limit_in_seconds_is_waited_for"),
        "Correct the cause that it names and try again.": reads("a script that Immuta refuses"),
        "If it names none, check Immuta's logs.": reads("a script that Immuta refuses"),
        "Try again.": situations("an Immuta that is away"),
        "If it happens again, check Immuta's logs.": situations("an Immuta that is away"),
    },
    "api/http/failures.py": {
        "Check `host` (IMMUTA_HOST), and that the server runs, for example `cdktf-immuta simulator`.": http(
            "failures", "a_refused_connection_is_explained"
        ),
        "Check `host` (IMMUTA_HOST), and if a proxy must be set ({variable}).": http(
            "proxies", "the_proxy_variable_that_is_named_is_set["
        ),
        "Check this machine's network, and if a proxy must be set ({variable}).": http(
            "proxies", "the_proxy_variable_that_is_named_is_set["
        ),
        "Check the scheme and the port of `host` (IMMUTA_HOST).": http(
            "failures", "https_to_a_plain_port_is_explained"
        ),
        "Apply again.": http("failures", "a_broken_connection_may_have_carried_the_request["),
        "If it happens again, check the network between this machine and Immuta.": http(
            "failures", "a_broken_connection_may_have_carried_the_request["
        ),
        "Check that variable, or add {host} to NO_PROXY if no proxy is needed.": http(
            "proxies", "a_proxy_that_is_away_is_explained", "a_proxy_gets_the_password_that_it_requires["
        ),
        "Check the clock of this machine.": http(
            "failures", "a_certificate_of_the_present_is_trusted[not yet valid]"
        ),
        "Renew it, or correct the clock of this machine if it is wrong.": http(
            "failures", "a_certificate_of_the_present_is_trusted[expired]"
        ),
        "Use a name that the certificate is for.": http(
            "failures", "a_name_that_the_certificate_is_for_is_to_be_used"
        ),
        "If a private authority signed it, set `ca_file` (IMMUTA_CA_FILE) to that authority's certificate in PEM form.": (
            *http("failures", "the_authority_of_an_untrusted_certificate_is_to_be_set_as_ca_file"),
            *http("proxies", "ca_file_is_for_the_proxy_too"),
        ),
        "Check `host` (IMMUTA_HOST).": http(
            "failures", "a_host_that_no_url_can_hold_is_a_configuration_error"
        ),
        "Set `host` (IMMUTA_HOST) to the same URL with https.": http(
            "failures", "plain_http_to_a_tls_port_is_explained"
        ),
        "If Immuta is only slow, raise `request_timeout` (IMMUTA_REQUEST_TIMEOUT).": http(
            "transport", "a_request_to_a_slow_immuta_gets_more_time["
        ),
    },
    "api/http/json_body.py": {
        "Check that `host` is Immuta itself and that no proxy or gateway answers in its place.": situations(
            "a page in the place of an answer"
        ),
    },
    "api/http/outage.py": {
        "Run it again when Immuta can be reached.": http("outage", "any_answer_ends_the_outage"),
    },
    "api/http/proxies.py": {
        'Change it to an http or https proxy, for example "http://proxy.example:3128" or "proxy.example:3128"': http(
            "proxies", "the_advice_of_an_unusable_proxy_works["
        ),
        "Remove REQUEST_METHOD from the environment": http(
            "proxies", "a_cgi_script_takes_no_proxy_from_its_caller"
        ),
        "{}, or add {} to NO_PROXY if no proxy is needed.": http(
            "proxies", "the_advice_of_an_unusable_proxy_works["
        ),
    },
    "api/http/settings.py": {
        "set `api_key` or `bearer_token` instead": settings("a header of the client's own"),
        'the environment variable is "{}"; allowed are true and false.': settings("neither true nor false"),
        'the environment variable is "{}"; set it to a number.': settings("a text in the place of a number"),
        "Set `ca_file` to the authority that signed Immuta's certificate instead.": settings(
            "no certificate checked"
        ),
        "set `host` in the provider block, or IMMUTA_HOST in the environment, to the URL of the Immuta tenant, for example "
        '"https://acme.hosted.immutacloud.com".': situations("no host"),
        "Remove it from the URL, and set the credential as `api_key` or `bearer_token`.": settings(
            "a host with user information"
        ),
        'its scheme is "{}"; allowed are https and http': settings("a host with another scheme"),
        "Use https.": settings("plain http"),
        'Set a host name or a URL, for example "https://acme.hosted.immutacloud.com".': settings(
            "a host with another scheme"
        ),
        "both `api_key` (IMMUTA_API_KEY) and `bearer_token` (IMMUTA_BEARER_TOKEN) are set; keep one of them.": settings(
            "two credentials"
        ),
        "set `api_key` in the provider block, or IMMUTA_API_KEY in the environment, to an API key of an Immuta user with the "
        "permissions that the configured resources need (or `bearer_token` / IMMUTA_BEARER_TOKEN to such a user's "
        "token).": settings("no credential"),
        "Copy it again completely.": settings("a key with a line break"),
        "Set `ca_file` (IMMUTA_CA_FILE) to a readable PEM file with the authorities to trust, or remove it to use the system's "
        "store.": settings("a missing file"),
        "`{}` is {}; allowed are numbers from {} to {}.": settings("a number out of range"),
        "`{}` is {}; allowed are whole numbers from {} to {}.": settings(
            "a fraction in the place of a whole number"
        ),
    },
    "api/http/single_flight.py": {
        "Apply again, or raise the resource's `timeouts`.": (
            "tests/api/test_shared_list.py::test_a_thread_waits_for_a_fetch_until_its_own_deadline",
        ),
    },
    "api/http/transport.py": {
        "Apply again to send it.": (
            "tests/terraform/test_interrupts.py::test_creates_whose_request_waits_for_its_turn_are_not_begun",
        ),
    },
    "api/integrations/api_key.py": {
        "Run this again, or raise the resource's `timeouts` if its `rotation_trigger` requested the key.": (
            *reads("an action on a busy integration"),
            *situations("a key of a busy cluster"),
        ),
        "Update Immuta, or replace the integration to get a new key.": reads("an Immuta without the action"),
        "Compare Immuta's current key with the one on the cluster, or run this again to get another key.": reads(
            "an action whose answer is lost"
        ),
    },
    "api/integrations/cluster_key.py": {
        "Use the id of such an integration, or copy the key from Immuta's app settings page.": reads(
            "a key of another type"
        ),
    },
    "api/integrations/create.py": {
        "Apply again to create it.": INTERRUPTED,
        "Apply again.": situations("a lost create"),
        "Before applying again, check Immuta for a new integration of this type.": situations(
            "a lost create, and nothing tells two of them apart"
        ),
        "Import the existing one.": situations("a lost create, and nothing tells two of them apart"),
        "Check them in Immuta and import the one that this run created, or delete it and apply again.": situations(
            "an ambiguous create"
        ),
    },
    "api/integrations/life.py": {
        "Fix the cause on the platform or in the configuration, and apply again.": situations(
            "a set-up failed", "an update failed"
        ),
        "Check the privileges of the credentials for the deletion and any manual changes on the platform, and try "
        "again.": situations("a deletion failed"),
        "Check it in Immuta, and try again.": situations("a deletion that changes nothing"),
        "Apply again.": situations(
            "a new integration that disappears", "an integration that disappears in an update"
        ),
        "If Immuta shows its integration under another id, import that one before you apply.": situations(
            "a stored id that cannot be one"
        ),
        "Remove the objects that it created there by hand.": situations("an integration that was disabled"),
        "Check it in Immuta.": situations("an unknown status"),
    },
    "api/integrations/poll.py": {
        "Run the same command again to go on from there.": (
            *situations("a create is slow", "an update is slow", "a deletion is slow"),
            *INTERRUPTED,
        ),
        "Apply again to continue, and report this text with the log of a run with TF_LOG=DEBUG.": situations(
            "a bug while it waits"
        ),
        "To have it wait longer, raise the resource's `timeouts`; a destroy takes them from the state, so apply them before "
        "it.{}": situations("a create is slow", "an update is slow", "a deletion is slow"),
    },
    "api/integrations/routes.py": {
        "List the integrations to find the right one (`GET /integrations`, or the data source "
        "`immuta_integrations`).": situations("an id that is no number"),
    },
    "api/integrations/scripts.py": {
        "Copy the script from Immuta's app settings page, or update Immuta.": reads(
            "an Immuta without scripts"
        ),
        "If this release has the route, check `host` (IMMUTA_HOST), including its path.": reads(
            "a host with a wrong path"
        ),
    },
    "api/record_create.py": {
        "Configure another {}": situations("a policy with the name of another one"),
        "; or import {} {}, and configure it with {}, which it has.": situations(
            "a policy with the name of another one"
        ),
        "Configure another {}, or delete that record first.": situations(
            "a policy with the name of one of the other type"
        ),
        "Apply again to create it.": INTERRUPTED,
        "Apply again, and import the {} if Immuta lists it by then.": situations("a lost create of a tag"),
    },
    "api/records.py": {
        "Apply again.": situations("a purpose of which not all was stored"),
        "Apply again with a refresh, which shows the key.": situations("a policy with another key in Immuta"),
        "Check that `host` is Immuta itself, and the permissions of the user behind the credential.": situations(
            "no tag at all"
        ),
        "Remove the resource from the configuration and the state (`terraform state rm ADDRESS`).": situations(
            "a tag that became Immuta's own"
        ),
        "Delete these first, or set `force_destroy = true`, apply, and destroy it then.": situations(
            "a tag that contains others"
        ),
        "Run the same command again to go on from there.": INTERRUPTED,
        "Apply again to continue.": situations("a deletion of a purpose that cannot be read"),
        "Look at it in Immuta, and try again.": situations("a tag that Immuta did not delete"),
    },
    "resources/names.py": {
        "Create the {} first, or correct the {}.": situations("a policy that names a missing tag"),
    },
    "api/templates.py": {
        "Correct it in the import or the state.": situations("an id that cannot be one"),
    },
    "api/governance/projects.py": {
        "Accept them in Immuta as that user, or set `acknowledge_purposes = true`, with which the provider accepts them in that "
        "user's name.": (
            "tests/resources/governance/test_projects.py::"
            "test_consent_that_is_configured_later_accepts_and_writes_again",
        ),
        "Make that user a member, or remove `acknowledge_purposes`.": situations(
            "a project of other members without consent"
        ),
    },
    "api/metadata/s3.py": {
        "Set `integration_id` to the id of an Amazon S3 integration, best by a reference to its resource: "
        "`immuta_amazon_s3_integration.NAME.id`.": situations("an unknown integration"),
        "Check in Immuta that they are those of the {}.": (
            "tests/resources/metadata/test_s3_data_sources.py::"
            "test_an_import_without_all_of_the_values_names_those_that_are_missing",
        ),
    },
    "api/people/attributes.py": {
        "Remove the resource: policies can name the attribute all the same.": situations(
            "an attribute of the identity provider"
        ),
    },
    "api/people/external_ids.py": {
        "Look at the profile schema of the identity manager on Immuta's App Settings page, and change the value there, or remove "
        "the key from the configuration.": situations("external ids that the identity manager maps"),
        "Check the {} in Immuta, and apply again.": situations(
            "external ids of a user that only the list shows"
        ),
        "Write all of them into the `{}` of one resource, and remove the other one.": situations(
            "external ids of one user in two resources"
        ),
    },
    "api/people/owners.py": {
        "Change it there, or use a group of Immuta's own identity manager (`bim`).": situations(
            "a member of another identity manager's group"
        ),
        "Create the group first, or correct `group_id`.": situations("a member of a missing group"),
        "Create the user first, or correct `userid` and `iamid`.": situations("a member that is not a user"),
    },
    "api/people/users.py": {
        "Apply again.": situations("permissions that a new user does not get"),
    },
    "model/governance/policies.py": {
        "Set `create_before_destroy = true` in `lifecycle` and give the new policy another `name`, or keep "
        "`policy_key`.": terraform("policy_with_another_key_and_name_is_replaced_without_a_gap"),
    },
    "api/shared_list.py": {
        "the request ended early; apply again.": (
            "tests/api/test_shared_list.py::test_an_unexpected_error_ends_every_wait",
        ),
    },
    "distribution/launcher/start.py": {
        "it met {}; install it again with `cdktf-immuta install`, or report this": (
            "tests/distribution/test_advice.py::test_a_damaged_plugin_is_installed_again",
        ),
        "it has too little memory: raise the limit of the shell (`ulimit -v`) or of the container": MORE_MEMORY,
    },
    "distribution/launcher/prologue.sh": {
        "Set it to the path of a Python 3.11 or newer, or unset it to have one looked for.": launches(
            "no program"
        ),
        "Set it to the path of another one, or unset it to have one looked for.": launches(
            "an old Python", "a Python without OpenSSL"
        ),
        "terraform-provider-immuta needs Python 3.11 or newer with ssl, and found none on PATH or in the usual folders.$unfit "
        "Install one, or set IMMUTA_PROVIDER_PYTHON to the path of one.": launches(
            "no Python", "only a Python that others can change"
        ),
    },
    "distribution/mirror.py": {
        "Use the `terraform-provider-immuta` command with `dev_overrides` in Terraform's CLI configuration, or install under "
        "WSL": ("tests/distribution/test_advice.py::test_the_command_serves_under_dev_overrides",),
        "Choose a folder that you may write with `--mirror DIR`": (
            "tests/distribution/test_advice.py::test_a_folder_that_may_be_written_is_chosen",
        ),
    },
    "doctor/account.py": {
        "Check `host` (IMMUTA_HOST).": doctor(
            "tenant", "the_user_of_the_credential_is_checked[another service]"
        ),
        "Add the permissions of what you deploy to the user in Immuta.": doctor(
            "tenant", "the_user_of_the_credential_is_checked[all]"
        ),
    },
    "doctor/environment.py": {
        "Correct the name, or remove the variable.": doctor(
            "tenant", "the_variables_of_the_environment_are_checked["
        ),
    },
    "doctor/installation.py": {
        "Run `cdktf-immuta install --mirror DIR`, and add the block that it prints to {file}.": doctor(
            "installation", "the_mirror_of_the_cli_configuration_is_checked_before_and_after_an_install"
        ),
        "Make it a file that this user may read.": doctor(
            "installation", "an_unreadable_cli_configuration_fails"
        ),
        "Create it, or remove {}.": doctor("installation", "a_missing_cli_configuration_is_a_warning"),
        "Remove the provider from `dev_overrides` unless you develop it.": doctor(
            "installation", "the_cli_configuration_is_checked["
        ),
        "Run `cdktf-immuta install{}`.": doctor(
            "installation",
            "the_mirror_of_the_user_is_checked_before_and_after_an_install",
            "the_mirror_of_the_cli_configuration_is_checked_before_and_after_an_install",
        ),
        "Run `mkdir -p {}`.": doctor(
            "installation", "the_plugin_cache_is_checked_for_its_folder_and_its_plugin"
        ),
        "Run `rm -r {}`.": doctor(
            "installation", "the_plugin_cache_is_checked_for_its_folder_and_its_plugin"
        ),
        "Run `cdktf synth`.": doctor(
            "installation", "lock_files_of_the_folder_and_of_cdktf_are_ok_once_synth_has_written_them"
        ),
        "Remove its block from {}, and run `terraform init`.": doctor(
            "installation", "a_lock_file_without_its_block_is_written_again_by_init"
        ),
    },
    "doctor/machine.py": dict.fromkeys(
        (
            "Install Python {} or newer, and the package into it.",
            "Install Terraform {} or newer: https://developer.hashicorp.com/terraform/install.",
            "Set TERRAFORM_BINARY_NAME to the name or the path of a program, or remove it.",
            "Use Terraform if a command fails.",
            "Set {} to an installed package of the CDK, or remove it.",
            "Run `pip install cdktf`.",
            "Run `pip install {}`.",
            "Install Node {}: https://nodejs.org/en/download.",
            "Run `npm install --global {}-cli@{}`.",
        ),
        doctor("machine", "a_program_that_follows_the_advice_of_each_check_is_well"),
    ),
    "doctor/network.py": {
        "Check this machine's network, and if a proxy must be set.": doctor(
            "network", "a_proxy_is_used_and_its_password_is_not_shown"
        ),
        "Check `host` (IMMUTA_HOST), the firewall, and if a proxy must be set.": doctor(
            "network", "a_proxy_is_used_and_its_password_is_not_shown"
        ),
        "Check the scheme and the port of `host` (IMMUTA_HOST).": doctor(
            "network", "a_port_without_tls_fails"
        ),
        "Set `ca_file` (IMMUTA_CA_FILE) instead.": doctor(
            "network", "an_authority_that_is_not_trusted_is_named_and_trusted_by_its_file"
        ),
        "Renew the certificate of Immuta.": doctor("network", "every_check_of_a_reachable_tenant_is_ok"),
        "Check that `host` (IMMUTA_HOST) is Immuta's.": doctor("network", "a_port_without_tls_fails"),
        "Correct the clock of this machine.": doctor(
            "network", "the_clock_is_compared_with_the_one_of_immuta["
        ),
    },
    "doctor/survey.py": {
        "Report the keys to the maintainers of cdktf-immuta.": doctor(
            "survey", "every_difference_is_reported_without_a_value"
        ),
    },
    "model/integrations/hosts.py": {
        "{} contains a user name or a password, which is not allowed; set it to {}": (
            "tests/resources/integrations/functions/test_hosts.py::test_examples_of_an_error_have_a_host[",
        ),
    },
    "model/integrations/snowflake.py": {"Set audit = { enabled = true } beside it.": VALUES},
    "model/wording.py": {
        "If you did set one, check its spelling: Terraform drops unknown names silently.": (
            *VALUES,
            *situations("timeouts without one"),
        ),
        "Change {}, or remove it to use {}.": situations("a timeout that is not a duration"),
        "Set {}, unless Immuta accepts the {} without it.": VALUES,
        "Set {}.": (*VALUES, *ARGUMENTS),
        "Remove {}, or change {}.": VALUES,
        "Set {} to {}.": VALUES,
        "Set or remove the element.": VALUES,
        ", or remove it.": VALUES,
        "Check the value{}": VALUES,
        "Set {} to {}{}.": VALUES,
        ", or remove it": VALUES,
        "Change {} or {}.": VALUES,
        "Set {} to the content of the file, not to its name, or build the text with jsonencode (json.dumps in Python).": VALUES,
        "Set only {}.": ARGUMENTS,
        "Remove one of the two.": VALUES,
        "Set {} to the JSON text of an object, built with jsonencode (json.dumps in Python).": VALUES,
        "Set {} to the JSON text of an {}, built with jsonencode (json.dumps in Python).": VALUES,
        "Remove the key, and set {} instead.": VALUES,
        "Remove the key.": VALUES,
    },
    "plugin/protocol/arguments.py": {
        "Remove it from the configuration.": calls("a computed attribute that is configured"),
        "Set {}.": calls("a required attribute that is null"),
    },
    "plugin/protocol/codecs.py": {
        "{} Correct the name, or use a provider version that has it.": calls("an unknown type"),
    },
    "plugin/protocol/functions.py": {"Correct the call.": calls("too few arguments of a function")},
    "plugin/protocol/list_resources.py": {
        "Remove its `list` block, or use a provider version in which the type has an identity.": calls(
            "a list of a type without an identity"
        ),
    },
    "plugin/protocol/managed_resources.py": {
        "Use Terraform 1.11 or newer, or OpenTofu 1.11 or newer.": calls(
            "a write-only attribute in an old Terraform"
        ),
        "Use the provider version that wrote the state, or a newer one.": calls(
            "a state of a newer provider", "an identity of a type that had none"
        ),
        "Use the provider version that wrote the identity, or a newer one.": calls(
            "an identity of a newer provider"
        ),
        "Write `id = ...` in the import block instead of `identity`.": calls(
            "an import by the identity of a type that has none"
        ),
        "Remove the `moved` block, and use `removed` and `import` blocks instead.": terraform(
            "unsupported_move_is_a_removal_and_an_import"
        ),
        "Apply with Terraform 0.12 first, then with this version.": calls("a state of Terraform 0.11"),
        "Restore it from a backup.": calls("a damaged state"),
        "Without a backup, remove the resource from the state (`terraform state rm ADDRESS`) and import it again.": situations(
            "a state without an id"
        ),
    },
    "plugin/protocol/rpc.py": {
        "Run again with TF_LOG=DEBUG and report the line above with the log.": (
            "tests/plugin/test_advice.py::test_a_bug_is_reported_with_the_log",
        ),
        "Raise the limit of the shell (`ulimit -v`) or of the container, or run Terraform with a smaller `-parallelism`.": calls(
            "no memory"
        ),
        "Run `terraform plan` to see the difference.": (
            "tests/plugin/test_advice.py::test_a_change_after_which_the_provider_failed_is_seen_in_the_next_plan",
        ),
        "Check its effect before you run it again.": calls("an action that fails"),
    },
    "plugin/transport/connection.py": {
        "the provider has no room for this message beside its other calls; send fewer calls at once": (
            "tests/plugin/transport/test_bounds.py::test_a_message_counts_until_its_call_has_run_even_without_its_client",
        ),
    },
    "plugin/transport/handshake.py": {
        "raise the limit of the shell (`ulimit -v`) or of the container": MORE_MEMORY,
        "this provider speaks Terraform plugin protocol {}, and the program that started it offers {} "
        "(PLUGIN_PROTOCOL_VERSIONS): use Terraform or OpenTofu 1.11 or newer": starts("another protocol"),
    },
    "plugin/transport/listener.py": {
        "it needs a directory for its socket and its key, and none can be used; set TMPDIR to a writable directory with a short "
        "path (tried {})": starts("no directory", "a directory with a long path"),
    },
    "plugin/transport/memory.py": {
        "the provider has no memory left: {}, or run Terraform with a smaller `-parallelism`": MORE_MEMORY,
    },
    "plugin/transport/router.py": {
        "the system has no thread left to run the call: raise the limit of the shell (`ulimit -u`, `ulimit -v`) or of the "
        "container": ("tests/plugin/transport/test_advice.py::test_a_call_with_more_threads_is_answered",),
    },
    "plugin/transport/server.py": {
        "TCP is open to every user of this machine, so it is served with a client certificate only, and PLUGIN_CLIENT_CERT holds "
        "none: use Terraform or OpenTofu 1.11 or newer": starts("TCP without a certificate"),
        "it met {} ({}), which is a bug in the provider; the log (TF_LOG=ERROR) has the traceback, please report it": (
            "tests/plugin/transport/test_process.py::"
            "test_a_bug_before_the_handshake_is_shown_in_one_line_with_its_traceback_in_the_log",
        ),
        "To make Terraform use it, set this variable where Terraform runs; Ctrl-C ends the provider.": (
            "tests/terraform/test_running_provider.py::test_running_provider_serves_one_command_after_another[",
        ),
    },
    "plugin/transport/tls.py": {
        "its Python was built without OpenSSL, and Terraform is served over TLS; install a Python 3.11 or newer that has "
        "ssl": launches("a Python without OpenSSL"),
        "PLUGIN_CLIENT_CERT does not hold a PEM certificate; use Terraform or OpenTofu 1.11 or newer": starts(
            "no certificate of a client"
        ),
    },
    "resources/configured.py": {
        "If they are known only after apply, add the resources that create them to `depends_on`; the data source is then read "
        "during apply.": terraform("data_source_waits_until_the_host_is_known"),
        "If they are known only after apply, create them first, for example by `terraform apply -target`; an ephemeral resource "
        "is opened during plan, unless one of its arguments is unknown.": terraform(
            "resource_that_makes_the_host_known_is_created_first"
        ),
        "Set `host` and `api_key` (or `bearer_token`) in the provider block, or IMMUTA_HOST and IMMUTA_API_KEY in the "
        "environment.": situations("a host that is not known yet"),
    },
    "resources/data_source.py": {
        "Set `id` instead.": (
            "tests/resources/integrations/test_advice.py::test_several_records_of_one_name_are_found_by_their_ids",
        ),
        "Correct {}, or create the {} first.": reads("no such tag"),
    },
    "resources/identity.py": {
        "Choose the provider block of that tenant (`provider = immuta.ALIAS` in the resource's block, and in the import block "
        "only if Terraform generates the resource block), or leave `host` out of the identity.": (
            "tests/terraform/test_identity_and_query.py::"
            "test_an_identity_of_another_tenant_is_imported_through_its_provider_block",
            "tests/resources/test_advice.py::test_an_identity_of_another_tenant_names_the_own_one_or_none[",
        ),
    },
    "resources/import_block.py": {
        "import {\n  to = {}.NAME\n  id = {}\n}": (
            *terraform(
                "object_of_another_user_is_imported[",
                "integration_without_a_natural_key_whose_create_was_lost_is_imported",
            ),
        ),
    },
    "resources/integrations/data_source.py": {
        "Set `host` to one of these hosts, or set `id` instead": reads("several of one type"),
        "Set `id` instead": reads("several on one host"),
        "Immuta has no integration of type {}{}.{}Correct `type` or `host`, or create the integration first.": reads(
            "no such integration"
        ),
    },
    "resources/integrations/regenerate_api_key.py": {
        "Correct `id`.": reads("an action on nothing"),
        "Set `id` to the id of an integration of another type: {}.": reads("an action on another type"),
        "Integration {} has a new API key, and the old one does not work any more: put the new one on the cluster.": (
            "tests/resources/integrations/test_advice.py::test_a_new_key_is_for_the_cluster",
        ),
    },
    "resources/integrations/report.py": {
        "Check it in Immuta.": situations("an unknown status"),
        "To remove the integration, destroy it again": situations("a deletion that failed, and was not ours"),
        "Repair it in Immuta, or replace it by `terraform apply -replace=ADDRESS`": (
            *situations("not healthy, and nothing of it can be changed"),
            *terraform("integration_that_cannot_change_is_replaced_as_advised"),
        ),
        "Compare the name with the integration's `host`.": settings(
            "credentials for a host that no integration has"
        ),
        "Set `teardown_credentials.{}` (or an entry for {} in its `hosts`) in the provider block, or the environment variables "
        "{}, to the credentials of the set-up: {}.": situations("no credentials for the removal"),
        "If the resource is tainted, `terraform untaint` lets the next apply repair it in place instead.": terraform(
            "untainted_resource_is_repaired_where_the_removal_lacks_credentials"
        ),
    },
    "resources/integrations/scripts/content.py": {
        "Use the ephemeral resource {} instead, which takes the same arguments and is not stored.": reads(
            "an existing script with a secret", "a new script with a secret"
        ),
    },
    "resources/integrations/scripts/existing.py": {
        "Set `integration_id` to the id of an integration of another type.": reads("a type without scripts"),
        "Set {} instead, or set `integration_id` to the id of a {} integration.": reads(
            "settings of another type"
        ),
    },
    "resources/integrations/teardown.py": {
        "Keep one of these entries.": settings("credentials for one host twice"),
        "Change {}, and set the credentials that belong to it.": situations(
            "credentials for the removal that do not exist for it"
        ),
    },
    "resources/report.py": {
        "To manage {} that exists already with this resource, import it:": (
            *situations("somebody else's", "a tag that exists already"),
            *terraform("object_of_another_user_is_imported[tag]"),
        ),
        "Check it in Immuta and apply again.": situations("a conflict with itself"),
        "Check both in Immuta and apply again.": situations("a conflict with another"),
        "Resolve the error before you apply.": (
            "tests/resources/test_advice.py::test_a_doubt_about_a_create_is_resolved",
        ),
        "Either configure {} again, or remove {} from `ignore_changes`.": situations(
            "secrets that an update would lose"
        ),
        "Restore the state from a backup.": situations("a state without an id"),
        "Without a backup, remove the resource from the state (`terraform state rm ADDRESS`) and import the {} "
        "by its id.": situations("a state without an id"),
        "Use the resource type that fits, or the id of another {}.": situations(
            "another type's", "another type's, whose resource type fits"
        ),
        "Import {} by its id, {}.": situations("an empty id", "an empty id of an integration"),
        "Remove the resource from the configuration and the state (`terraform state rm ADDRESS`), and read the {} by the data "
        "source `{}`.": (
            *situations("an import of a tag of Immuta's own"),
            *terraform("tag_that_became_immutas_own_leaves_the_state"),
        ),
    },
    "resources/resource.py": {
        "The next plan or apply that knows both refreshes it.": situations(
            "a refresh that knows no host yet"
        ),
    },
    "resources/secrets/fingerprints.py": {"Run the command again.": INTERRUPTED},
}
