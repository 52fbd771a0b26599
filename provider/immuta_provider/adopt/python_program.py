"""A program in Python for cdktf."""

from __future__ import annotations

from .layout import INDENT, Group, laid_out, text
from .python import Writer
from .stack import Stack, references_in
from .text import comment, literal
from .things import Thing

FILE = "main.py"
SETTINGS_FILE = "cdktf.json"
SETTINGS = """\
{
  "language": "python",
  "app": "python main.py",
  "sendCrashReports": "false"
}
"""
ABOUT = '''"""The objects of an Immuta tenant, as `cdktf-immuta adopt` found them.

Each `import_from` takes an object into the state. Remove these calls after the first deploy.
"""
'''


def files(stack: Stack, cdk: str) -> dict[str, str]:
    """The files of the program, by name. `cdk` is the library that it is for: cdktf or cdktn."""
    return {FILE: program(stack, cdk), SETTINGS_FILE: SETTINGS}


def program(stack: Stack, cdk: str) -> str:
    used = {"ImmutaProvider"}
    families = [_Family(stack, family) for family in stack.families]
    functions = [each.function(used) for each in families]
    classes = [each.result() for each in families if each.exported]
    imports = [_imported(cdk, ["App", "TerraformStack"]), _imported("immuta_constructs", sorted(used))]
    head = [ABOUT, *(["from dataclasses import dataclass\n"] if classes else []), "\n".join(imports)]
    end = 'if __name__ == "__main__":\n    main()'
    parts = ["\n".join(head), *classes, *functions, _main(families), end, *stack.at_the_end()]
    return "\n\n\n".join(parts) + "\n"


class _Family:
    """The function that makes the constructs of one family, and the class of those that other functions refer to."""

    def __init__(self, stack: Stack, name: str) -> None:
        self.name = name
        self.class_name = name.capitalize()
        self.things = stack.of_family(name)
        referred = [each for thing in self.things for each in references_in(thing.arguments)]
        self.needs = [f for f in stack.families if f != name and any(each.family == f for each in referred)]
        outside = [thing for thing in stack.things if thing.type.family != name]
        exported = {
            each.name for thing in outside for each in references_in(thing.arguments) if each.family == name
        }
        self.exported = [thing for thing in self.things if thing.name in exported]

    def result(self) -> str:
        lines = ["@dataclass(frozen=True, kw_only=True)", f"class {self.class_name}:"]
        lines += [f'    """The {self.name} that other functions refer to."""', ""]
        lines += [f"    {thing.name}: {thing.type.class_name}" for thing in self.exported]
        return "\n".join(lines)

    def function(self, used: set[str]) -> str:
        """The function; `used` gets the names that it takes from the constructs."""
        parameters: list[tuple[str, str | Group]] = [("", "stack: TerraformStack")]
        parameters += [("", f"{need}: {need.capitalize()}") for need in self.needs]
        returned = self.class_name if self.exported else "None"
        head = laid_out(Group(f"def adopt_{self.name}(", parameters, ")"), "", after=f" -> {returned}:")
        lines = [head, f'    """The {self.name}, one construct each."""']
        for thing in self.things:
            lines.append(_construct(thing, used))
        if self.exported:
            members = [(f"{thing.name}=", thing.name) for thing in self.exported]
            lines.append(laid_out(Group(f"{self.class_name}(", members, ")"), INDENT, "return "))
        return "\n".join(lines)

    def call(self) -> str:
        arguments = ", ".join(["stack", *self.needs])
        result = f"{self.name} = " if self.exported else ""
        return f"    {result}adopt_{self.name}({arguments})"


def _construct(thing: Thing, used: set[str]) -> str:
    writer = Writer(thing.type)
    arguments = writer.arguments(thing.arguments)
    if thing.ignored:
        ignored = Group("[", [("", text(each)) for each in thing.ignored], "]")
        arguments.append(("lifecycle=", Group("{", [('"ignore_changes": ', ignored)], "}")))
    used.update({thing.type.class_name, *writer.used})
    call = Group(f"{thing.type.class_name}(", [("", "stack"), ("", text(thing.name)), *arguments], ")")
    imported = Group(f"{thing.name}.import_from(", [("", text(literal(thing.found.id)))], ")")
    notes = [comment(note, INDENT) for note in thing.notes]
    return "\n".join([*notes, laid_out(call, INDENT, f"{thing.name} = "), laid_out(imported, INDENT)])


def _main(families: list[_Family]) -> str:
    return "\n".join(
        [
            "def main() -> None:",
            "    app = App()",
            '    stack = TerraformStack(app, "immuta")',
            "    # The tenant is in IMMUTA_HOST, and the key in IMMUTA_API_KEY.",
            '    ImmutaProvider(stack, "immuta")',
            *(family.call() for family in families),
            "    app.synth()",
        ]
    )


def _imported(module: str, names: list[str]) -> str:
    line = f"from {module} import "
    group = Group("(", [("", name) for name in names], ")")
    plain = line + ", ".join(names)
    return plain if len(plain) <= 88 else laid_out(group, "", line)
