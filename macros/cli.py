"""The `policy` command: reads what was typed, calls the rest, and prints what it says."""

from __future__ import annotations

import argparse
import contextlib
import difflib
import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import BinaryIO

from checker.answers.parse import AnswerError, AnswerErrors, parse_today
from checker.decide import Checker
from checker.messages import Messages
from checker.verdict import dumps
from macros.analysis.check import check_on_every_save, check_once, complain
from macros.analysis.load import PolicyErrors, load, read
from macros.policyfile.errors import ENGLISH
from macros.policyfile.schema import schema_text
from macros.project import ROOT

POLICY = ROOT / "policy.yaml"
SCHEMA = ROOT / "policy.schema.json"
SITE = ROOT / "site"
THEME = 'Material for MkDocs, the theme, is supported until May 2027. See "MkDocs and its theme" in CONTRIBUTING.md.'


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command. Gives 0 when all went well, 1 when something is to be mended, 2 for a wrong call."""
    arguments = _parser().parse_args(argv)
    command: Callable[[argparse.Namespace], int] = arguments.command
    try:
        with contextlib.suppress(AttributeError):  # what a test puts in the place of a stream cannot do this
            sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
        return command(arguments)
    except PolicyErrors as errors:
        complain(errors)
    except BrokenPipeError:
        # Whoever read has gone. Python would complain about it once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        _complain(f"policy: {error.filename}: {error.strerror}" if error.filename else f"policy: {error}")
    except KeyboardInterrupt:
        return 130
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="policy", description="Checks an after-sales policy, decides cases by it, and builds its site."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        about = (run.__doc__ or "").splitlines()[0]
        added = commands.add_parser(name, help=about, description=about)
        added.set_defaults(command=run)
        return added

    def policy_option(added: argparse.ArgumentParser) -> None:
        added.add_argument("--policy", type=Path, default=POLICY, metavar="FILE", help="the policy; else policy.yaml")

    added = command("check", _check)
    added.add_argument("file", nargs="?", type=Path, default=POLICY, help="the policy; else policy.yaml")
    how = added.add_mutually_exclusive_group()
    how.add_argument("--watch", action="store_true", help="check it again whenever it is saved")
    how.add_argument("--format", choices=["text", "github"], default="text", help="github: for a pull request's lines")
    added.add_argument("--today", type=_day, help="warn if the policy does not hold yet on this day, year-month-day")
    added.add_argument(
        "--holidays-until", type=_day, metavar="DAY", help="fail if the country's holidays are not known past this day"
    )
    added.add_argument(
        "--report", type=Path, metavar="FILE", help="where to say how many mistakes a host shows, if any"
    )

    added = command("format", _format)
    added.add_argument("file", nargs="?", type=Path, default=POLICY, help="the policy; else policy.yaml")
    added.add_argument("--check", action="store_true", help="show what would be changed, and fail if anything would")

    added = command("schema", _schema)
    added.add_argument("--write", action="store_true", help=f"write {SCHEMA.name} instead")

    added = command("decide", _decide)
    added.add_argument("file", type=Path, help="a JSON file with the answers by question, or - to read them")
    added.add_argument("--lines", action="store_true", help="each line is a case of its own, in and out")
    added.add_argument("--changes", action="store_true", help="add what would change each outcome, coaching and all")
    added.add_argument("--today", type=_day, help="the day of asking, year-month-day; else the day it is")
    policy_option(added)

    added = command("build", _build)
    added.add_argument("--site", type=Path, default=SITE, metavar="DIR", help="where to; else site/")
    added.add_argument("--draft", action="store_true", help="sooner, with a checker that starts slowly")
    added.add_argument("--without-offline", action="store_true", help="no browser keeps the site, or any more of it")
    added.add_argument("--compressed", action="store_true", help="add .br and .zst files, for hosts that send them")
    policy_option(added)

    added = command("verify", _verify)
    added.add_argument("site", metavar="URL|DIR", help="where the site stands, or the folder that holds it")
    added.add_argument("--branch", help="the branch that must hold its commit; else origin/main, or main without it")
    added.add_argument(
        "--address", metavar="URL", help="the SITE_URL that it was built with; else that of URL, and for DIR none"
    )
    added.add_argument("--uncompressed", action="store_true", help="it was built without --compressed")
    added.add_argument("--without-offline", action="store_true", help="it was built with --without-offline")
    added.add_argument(
        "--headers", choices=["required", "optional"], default="optional", help="required: a host must send them all"
    )

    added = command("diff", _diff)
    added.add_argument("base", nargs="?", help="the old version: a file or a git revision; else the main branch")
    added.add_argument("head", nargs="?", help="the new version, likewise; else policy.yaml as it is now")
    added.add_argument("--format", choices=("terminal", "markdown", "json"), default="terminal", help="else terminal")
    return parser


def _day(text: str) -> date:
    try:
        return parse_today(text, ENGLISH)
    except AnswerErrors:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date, year-month-day") from None


def _complain(about: object) -> None:
    print(about, file=sys.stderr)


def _check(arguments: argparse.Namespace) -> int:
    """Names every mistake in a policy, with its line and what to do about it."""
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
    )


def _name(file: Path) -> str:
    """How mistakes call a policy: by the way to it, and the project's own by its name alone."""
    return file.name if file == POLICY else str(file)


def _format(arguments: argparse.Namespace) -> int:
    """Puts a policy into its standard layout. Comments stay, and so does all that it says."""
    # Imported here, because checking and deciding need not wait for it.
    from macros.analysis.formatter import LayoutError, laid_out

    file: Path = arguments.file
    name = _name(file)
    old = read(file)
    try:
        new = laid_out(old, name)
    except LayoutError as error:
        _complain(f"{name}: {error}")
        return 1
    if new.encode() == old:
        print(f"{name}: has the standard layout.")
    elif arguments.check:
        lines = difflib.unified_diff(old.decode().splitlines(), new.splitlines(), name, name, lineterm="")
        print("\n".join(lines))
        _complain(f"{name}: does not have the standard layout. Run `policy format`.")
        return 1
    else:
        file.write_text(new, encoding="utf-8", newline="\n")
        print(f"{name}: has the standard layout now.")
    return 0


def _schema(arguments: argparse.Namespace) -> int:
    """Prints the JSON Schema of policies, which helps editors' programs while they type."""
    if arguments.write:
        SCHEMA.write_text(schema_text(), encoding="utf-8", newline="\n")
    else:
        print(schema_text(), end="")
    return 0


def _decide(arguments: argparse.Namespace) -> int:
    """Decides cases: reads answers as JSON, and prints a verdict or the errors, as JSON too."""
    checker = Checker(load(arguments.policy))
    today: date = arguments.today or date.today()
    if str(arguments.file) == "-":
        return _decide_all(checker, today, sys.stdin.buffer, arguments)
    with arguments.file.open("rb") as stream:
        return _decide_all(checker, today, stream, arguments)


def _decide_all(checker: Checker, today: date, stream: BinaryIO, arguments: argparse.Namespace) -> int:
    """Answers each case as soon as it is read, and goes on behind one that is none."""
    cases: Iterable[bytes] = (line for line in stream if line.strip()) if arguments.lines else [stream.read()]
    failed = False
    for case in cases:
        try:
            answers = _answers(case, checker.policy.messages)
            verdict = checker.decide(answers, today).to_json()
            if arguments.changes:
                verdict["all_changes"] = [change.to_json() for change in checker.changes(answers, today)]
        except AnswerErrors as errors:
            verdict, failed = errors.to_json(), True
        print(dumps(verdict), flush=True)
    return int(failed)


def _answers(case: bytes, messages: Messages) -> object:
    try:
        return json.loads(case.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise AnswerErrors([AnswerError(None, messages.say("error.answers_object"))]) from None


def _build(arguments: argparse.Namespace) -> int:
    """Builds the complete site. Until it is ready, the old one stays."""
    # Imported here, because checking and deciding need not wait for MkDocs.
    from macros.runtime.bundle import BundleError
    from macros.site.build import BuildError, build

    try:
        built = build(
            arguments.policy,
            arguments.site,
            draft=arguments.draft,
            compressed=arguments.compressed,
            offline=not arguments.without_offline,
        )
    except (BuildError, BundleError) as error:
        _complain(error)
        return 1
    policy = built.policy
    print(f"{arguments.site}: the site of version {policy.version} ({policy.digest}) is ready.")
    print(built.provenance)
    print(THEME)
    return 0


def _verify(arguments: argparse.Namespace) -> int:
    """Makes a site again from the commit that it names, and compares: 0 the same, 1 not the same, 2 cannot tell."""
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
        _complain(f"{arguments.site}: cannot be compared. {error}")
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
    said = f"{count} of {compared} not" if count else f"all {compared}"
    print(f"{arguments.site}: {said} what the commit {verified.commit} makes.")
    return int(bool(count or (required and verified.headers)))


def _diff(arguments: argparse.Namespace) -> int:
    """Says what a change of the policy does: to customers' cases, to its texts, and to links that were shared."""
    from macros.diff import VersionError, difference, render, versions

    try:
        old, new = versions(arguments.base, arguments.head, POLICY)
    except VersionError as error:
        _complain(f"policy: {error}")
        return 1
    today = min(date.today(), new.written.valid_from)
    print(render(difference(old, new, today), arguments.format))
    return 0


if __name__ == "__main__":
    sys.exit(main())
