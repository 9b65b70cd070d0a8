"""Lets Python forget what no customer needs, so that there is less to send and less to do on each start.

Of each function that is not the checker's own, only the name stays, unless it was called since ``watch``. Whoever calls
such a one gets an exception that no ``except Exception`` stops, and the worker starts over from the sources.

What Pyodide does on every start is done here once: its little programs are compiled, and it looks for no packages.
"""

from __future__ import annotations

import gc
import json
import linecache
import sys
import warnings
import zipimport
from collections.abc import Callable
from contextlib import suppress
from inspect import CO_OPTIMIZED
from types import CodeType, FunctionType, ModuleType
from typing import Any

import _pyodide._base
import _pyodide._importhook
import pyodide._package_loader

OURS = "checker"
ASKED = {"__instancecheck__", "__subclasscheck__", "__subclasshook__"}
"""What Python asks a class only where it does not remember the answer: a rehearsal tells nothing of it."""

SETTLED = ((_pyodide._importhook, "register_module_not_found_hook"), (pyodide._package_loader, "init_loaded_packages"))
"""What only knows of packages, of which there are none."""

TOOL = sys.monitoring.PROFILER_ID
STARTED = sys.monitoring.events.PY_START
called: set[tuple[object, ...]] = set()
programs: dict[str, _pyodide._base.CodeRunner] = {}


def watch() -> None:
    """Notes each function that is called from now on."""

    def note(code: CodeType, _: int) -> object:
        called.add(_place(code))
        return sys.monitoring.DISABLE  # once is enough

    sys.monitoring.use_tool_id(TOOL, "forget")
    sys.monitoring.register_callback(TOOL, STARTED, note)
    sys.monitoring.set_events(TOOL, STARTED)


def settle() -> None:
    """Lets a start find its work done."""
    for module, name in SETTLED:
        setattr(module, name, lambda *_: None)

    runner, compiled = _pyodide._base.CodeRunner, programs

    def eval_code(source: str, globals: dict[str, Any] | None = None) -> Any:
        if source not in compiled:
            compiled[source] = runner(source).compile()
        return compiled[source].run(globals)

    _pyodide._base.eval_code = eval_code


def noted() -> str:
    """The functions that were called and the programs that were run, as JSON."""
    return json.dumps([sorted(called, key=str), [*programs]])


def forget(more: str) -> None:
    """Takes out what was not called, neither here nor where `more` was noted, and what serves only developers."""
    linecache.clearcache()
    sys.path_importer_cache.clear()  # the files that modules came from will not be there
    vars(zipimport)["_zip_directory_cache"].clear()
    functions = []
    for each in gc.get_objects():
        if isinstance(each, FunctionType):
            functions.append(each)
        elif isinstance(each, ModuleType | type) and getattr(each, "__doc__", None):
            with suppress(AttributeError, TypeError):  # what is built in keeps its text
                each.__doc__ = None
    sys._clear_internal_caches()
    functions_called, programs_run = json.loads(more)
    called.update(map(tuple, functions_called))
    for program in programs_run:
        programs[program] = _pyodide._base.CodeRunner(program).compile()
    sys.monitoring.set_events(TOOL, 0)
    sys.monitoring.register_callback(TOOL, STARTED, None)
    sys.monitoring.free_tool_id(TOOL)
    # From here on nothing may be called that was not called before.
    warnings.simplefilter("ignore")  # that a generator becomes a plain function
    for function in functions:
        code = function.__code__
        function.__doc__ = None
        del function.__annotations__
        if _is_ours(function) or _place(code) in called or code.co_name in ASKED:
            function.__code__ = _lean(code)
        else:
            function.__code__ = _nothing(code)
            function.__defaults__ = function.__kwdefaults__ = None


def _place(code: CodeType) -> tuple[object, ...]:
    return code.co_filename, code.co_firstlineno, code.co_qualname


def _is_ours(function: Callable[..., Any]) -> bool:
    return function.__globals__ is globals() or function.__globals__.get("__package__") == OURS


def _lean(code: CodeType) -> CodeType:
    """The same without the numbers of its lines and without docstrings."""
    consts = [_lean(each) if isinstance(each, CodeType) else each for each in code.co_consts]
    if code.co_flags & CO_OPTIMIZED and not code.co_name.startswith("<") and isinstance(consts[0], str):
        consts[0] = None  # where a function has its docstring; that of a comprehension is a text that it uses
    return code.replace(co_linetable=b"", co_filename="", co_consts=tuple(consts))


def _nothing(code: CodeType) -> CodeType:
    """What stands in the place of a forgotten function: it has to have the same names from around it."""
    names = code.co_freevars
    if names not in _nothings:
        _nothings[names] = _lean(_forgotten.__code__).replace(co_freevars=names)
    return _nothings[names]


def _forgotten(*_: object, **__: object) -> None:
    raise BaseException("this was forgotten")


_nothings: dict[tuple[str, ...], CodeType] = {}

watch()
settle()
