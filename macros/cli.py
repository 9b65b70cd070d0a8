"""The `policy` command. Each function with the decorator `_command` is one of its commands."""

from __future__ import annotations

import argparse
import contextlib
import difflib
import json
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from checker.answers.parse import AnswerError, AnswerErrors, parse_today
from checker.decide import Checker
from checker.messages import Messages
from checker.verdict import dumps
from macros.analysis.load import load, loads, read
from macros.batch.command import CommandError, decide_file, replay_file
from macros.check_report import check_on_every_save, check_once, print_errors
from macros.policyfile.errors import ENGLISH, PolicyErrors
from macros.policyfile.schema import schema_text
from macros.project import ROOT

POLICY_FILE = ROOT / "policy.yaml"
SCHEMA_FILE = ROOT / "policy.schema.json"
SITE_FOLDER = ROOT / "site"
THEME_NOTICE = 'Material for MkDocs is supported until May 2027. See "MkDocs and its theme" in CONTRIBUTING.md.'

type _Run = Callable[[argparse.Namespace], int]
type _Option = Callable[[Any], object]
"""A function that adds an option to a parser."""

_PARSER = argparse.ArgumentParser(
    prog="policy", description="Checks an after-sales policy, decides cases by it, and builds its site."
)
_COMMANDS = _PARSER.add_subparsers(required=True, metavar="COMMAND")


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command. Returns 0 on success, 1 if something is to be fixed; exits with 2 for wrong arguments."""
    arguments = _PARSER.parse_args(argv)
    try:
        with contextlib.suppress(AttributeError):  # a test's stand-in for a stream cannot do this
            sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
        run: _Run = arguments.run
        return run(arguments)
    except PolicyErrors as errors:
        print_errors(errors)
    except CommandError as error:
        _print_error(error)
    except BrokenPipeError:
        # The reader of stdout has gone; else Python would complain again at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        _print_error(f"policy: {error.filename}: {error.strerror}" if error.filename else f"policy: {error}")
    except KeyboardInterrupt:
        return 130
    return 1


def _command(name: str, *options: _Option) -> Callable[[_Run], _Run]:
    """Makes a function a command; the first line of its docstring is the help text."""

    def add(run: _Run) -> _Run:
        about = (run.__doc__ or "").splitlines()[0]
        command = _COMMANDS.add_parser(name, help=about, description=about)
        command.set_defaults(run=run)
        for add_option in options:
            add_option(command)
        return run

    return add


def _option(*names: str, **settings: Any) -> _Option:
    return lambda parser: parser.add_argument(*names, **settings)


def _day(text: str) -> date:
    try:
        return parse_today(text, ENGLISH)
    except AnswerErrors:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date, year-month-day") from None


_FILE = _option("file", nargs="?", type=Path, default=POLICY_FILE, help="the policy; default: policy.yaml")
_POLICY = _option("--policy", type=Path, default=POLICY_FILE, metavar="FILE", help="the policy; default: policy.yaml")


def _print_error(message: object) -> None:
    print(message, file=sys.stderr)


@_command(
    "check",
    _FILE,
    _option("--watch", action="store_true", help="check again after every save; heeds --today alone"),
    _option("--format", choices=["text", "github"], default="text", help="github: annotations of a pull request"),
    _option("--today", type=_day, help="warn if the policy does not hold yet on this day, year-month-day"),
    _option("--holidays-until", type=_day, metavar="DAY", help="fail if holidays are not known past this day"),
    _option("--report", type=Path, metavar="FILE", help="the file for a summary of the mistakes, if there are any"),
    _option("--summary", type=Path, metavar="FILE", help="a file to which the warnings are added, as Markdown"),
)
def _check(arguments: argparse.Namespace) -> int:
    """Prints every mistake in a policy, with its line and what to do about it."""
    file: Path = arguments.file
    name = _name(file)
    if arguments.watch:
        return check_on_every_save(file, name, arguments.today)
    return check_once(
        file,
        name,
        today=arguments.today,
        holidays_until=arguments.holidays_until,
        github=arguments.format == "github",
        report=arguments.report,
        summary=arguments.summary,
    )


def _name(file: Path) -> str:
    """The name of a policy file in messages: its path, or the name alone of the project's own."""
    return file.name if file == POLICY_FILE else str(file)


@_command(
    "format",
    _FILE,
    _option("--check", action="store_true", help="print the changes instead of making them; fail if there are any"),
)
def _format(arguments: argparse.Namespace) -> int:
    """Puts a policy into the standard layout, without a change of its data and comments."""
    # Imported here, because no other command needs it.
    from macros.policyfile.formatter import LayoutError, format_policy

    file: Path = arguments.file
    name = _name(file)
    old = read(file)
    loads(old, name)
    try:
        new = format_policy(old)
    except LayoutError as error:
        _print_error(f"{name}: {error}")
        return 1
    if new.encode() == old:
        print(f"{name}: has the standard layout.")
    elif arguments.check:
        lines = difflib.unified_diff(old.decode().splitlines(), new.splitlines(), name, name, lineterm="")
        print("\n".join(lines))
        _print_error(f"{name}: does not have the standard layout. Run `policy format`.")
        return 1
    else:
        file.write_text(new, encoding="utf-8", newline="\n")
        print(f"{name}: has the standard layout now.")
    return 0


@_command("schema", _option("--write", action="store_true", help=f"write {SCHEMA_FILE.name} instead"))
def _schema(arguments: argparse.Namespace) -> int:
    """Prints the JSON Schema of policies, for completion in text editors."""
    if arguments.write:
        SCHEMA_FILE.write_text(schema_text(), encoding="utf-8", newline="\n")
    else:
        print(schema_text(), end="")
    return 0


@_command(
    "decide",
    _option("file", nargs="?", type=Path, help="a JSON file with the answers by question; - for stdin"),
    _option("--input", type=Path, metavar="FILE", help="a file of many cases: .csv, .jsonl or .parquet"),
    _option("--output", type=Path, metavar="FILE", help="the file for them and their decisions; any of these formats"),
    _option("--force", action="store_true", help="replace the output if it exists, and begin anew"),
    _option("--lines", action="store_true", help="read one case from each line, and print one verdict a line"),
    _option("--changes", action="store_true", help="add every change of answers that would change the outcome"),
    _option("--today", type=_day, help="the day of asking, year-month-day; default: the current day"),
    _POLICY,
)
def _decide(arguments: argparse.Namespace) -> int:
    """Decides cases: reads answers as JSON, and prints a verdict or the errors, as JSON too."""
    checker = Checker(load(arguments.policy))
    today: date = arguments.today or date.today()
    if arguments.input or arguments.output:
        return _decide_file(checker, today, arguments)
    if arguments.file is None:
        _print_error("policy decide: name a file with a case, or --input and --output for a file of many.")
        return 2
    is_stdin = str(arguments.file) == "-"
    failed = False
    with contextlib.nullcontext(sys.stdin.buffer) if is_stdin else arguments.file.open("rb") as stream:
        for case in (line for line in stream if line.strip()) if arguments.lines else [stream.read()]:
            try:
                answers = _answers(case, checker.policy.messages)
                verdict = checker.decide(answers, today).to_json()
                if arguments.changes:
                    verdict["all_changes"] = [change.to_json() for change in checker.counterfactuals(answers, today)]
            except AnswerErrors as errors:
                verdict, failed = errors.to_json(), True
            print(dumps(verdict), flush=True)  # as soon as it is decided
    return int(failed)


def _decide_file(checker: Checker, today: date, arguments: argparse.Namespace) -> int:
    if arguments.file or arguments.lines or arguments.changes or not (arguments.input and arguments.output):
        _print_error("policy decide: --input and --output go together, without a FILE, --lines and --changes.")
        return 2
    force: bool = arguments.force
    return decide_file(checker, today, arguments.input, arguments.output, force=force, say=_print_error)


def _answers(case: bytes, messages: Messages) -> object:
    try:
        return json.loads(case.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise AnswerErrors([AnswerError(None, messages.say("error.answers_object"))]) from None


@_command(
    "export",
    _option("form", choices=["sql", "dmn", "jsonlogic"], help="an expression, a decision table or a rule"),
    _option("--dmn-version", choices=["1.3", "1.5"], default="1.3", help="the version of DMN; default: 1.3"),
    _option("--output", type=Path, metavar="FILE", help="the file to write; default: stdout"),
    _option("--force", action="store_true", help="replace the file if there is one"),
    _POLICY,
)
def _export(arguments: argparse.Namespace) -> int:
    """Writes the decision of the outcome for other engines: as SQL, DMN or JsonLogic."""
    from macros.export import ExportErrors, decision_table, dmn, json_logic, sql

    file: Path | None = arguments.output
    try:
        table = decision_table(load(arguments.policy))
        match arguments.form:
            case "sql":
                text = sql(table)
            case "dmn":
                text = dmn(table, arguments.dmn_version)
            case _:
                text = dumps(json_logic(table)) + "\n"
        if file is None:
            print(text, end="")
        else:
            with file.open("w" if arguments.force else "x", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
    except ExportErrors as errors:
        for problem in errors.problems:
            _print_error(f"{_name(arguments.policy)}: {problem}")
        return 1
    except FileExistsError:
        _print_error(f"{file}: exists already. --force replaces it.")
        return 1
    return 0


@_command(
    "build",
    _option("--site", type=Path, default=SITE_FOLDER, metavar="DIR", help="the output folder; default: site/"),
    _option("--draft", action="store_true", help="build faster, with a checker that starts slowly"),
    _option("--without-offline", action="store_true", help="without offline cache; existing ones are removed"),
    _option("--compressed", action="store_true", help="add .br and .zst files, for hosts that serve them"),
    _POLICY,
)
def _build(arguments: argparse.Namespace) -> int:
    """Builds the complete site, and then replaces the old one."""
    # Imported here, because MkDocs takes a while to load.
    from macros.runtime.bundle import BundleError
    from macros.site.build import BuildError, build

    try:
        policy, provenance = build(
            arguments.policy,
            arguments.site,
            draft=arguments.draft,
            compressed=arguments.compressed,
            offline=not arguments.without_offline,
        )
    except (BuildError, BundleError) as error:
        _print_error(error)
        return 1
    print(f"{arguments.site}: the site of version {policy.version} ({policy.digest}) is ready.")
    print(provenance)
    print(THEME_NOTICE)
    return 0


@_command(
    "verify",
    _option("site", metavar="URL|DIR", help="the address or the folder of the site"),
    _option("--branch", help="the branch that must contain its commit; default: origin/main, or main without it"),
    _option("--address", metavar="URL", help="the SITE_URL of its build; default: that of URL, and for DIR none"),
    _option("--uncompressed", action="store_true", help="it was built without --compressed"),
    _option("--without-offline", action="store_true", help="it was built with --without-offline"),
    _option("--headers", choices=["required", "optional"], default="optional", help="required: fail if any is missing"),
)
def _verify(arguments: argparse.Namespace) -> int:
    """Rebuilds a site from the commit that it names, and compares: 0 same, 1 different, 2 cannot be compared."""
    from macros.site.verify import VerifyError, verify

    try:
        verified = verify(
            arguments.site,
            branch=arguments.branch,
            address=arguments.address,
            compressed=not arguments.uncompressed,
            offline=not arguments.without_offline,
        )
    except VerifyError as error:
        _print_error(f"{arguments.site}: cannot be compared. {error}")
        return 2
    required = arguments.headers == "required"
    for line in (*verified.problems, *(verified.headers if required else ())):
        print(line)
    if verified.hint:
        print(verified.hint)
    if verified.headers:
        named = "" if required else " --headers=required names them."
        print(f"{len(verified.headers)} answers lack headers of the site, or have others.{named}")
    compared = f"{verified.files} files{f' and {verified.addresses} addresses' if verified.addresses else ''} are"
    count = len(verified.problems)
    result = f"{count} of {compared} not" if count else f"all {compared}"
    print(f"{arguments.site}: {result} what the commit {verified.commit} makes.")
    return int(bool(count or (required and verified.headers)))


@_command(
    "diff",
    _option("base", nargs="?", help="the old version: a file or a git revision; default: the main branch"),
    _option("head", nargs="?", help="the new version, likewise; default: policy.yaml as it is now"),
    _option("--format", choices=("terminal", "markdown", "json"), default="terminal", help="default: terminal"),
    _option("--replay", type=Path, metavar="FILE", help="decide these cases by both, instead of all that there can be"),
    _option("--today", type=_day, help="the day of asking for --replay; default: the current day"),
)
def _diff(arguments: argparse.Namespace) -> int:
    """Reports the effects of a change of the policy on customers' cases, on its texts and on shared links."""
    from macros.diff import VersionError, difference, render, versions

    try:
        old, new = versions(arguments.base, arguments.head, POLICY_FILE)
    except VersionError as error:
        _print_error(f"policy: {error}")
        return 1
    if arguments.replay:
        as_json = arguments.format == "json"
        replay_file(old, new, arguments.replay, arguments.today or date.today(), as_json=as_json, say=_print_error)
        return 0
    today = min(date.today(), new.written.valid_from)
    print(render(difference(old, new, today), arguments.format))
    return 0


if __name__ == "__main__":
    sys.exit(main())
