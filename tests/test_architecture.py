"""The house rules, checked on the source: who imports whom, what importing does, how long things are."""

import ast
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "kzalign"
FILES = sorted(PACKAGE.rglob("*.py"))
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in FILES}

STAGES = frozenset({"extract", "align", "corpus", "bench", "mt", "review", "harvest"})
FOUNDATION = {
    # what each may import of kzalign
    "records": frozenset[str](),
    "errors": frozenset[str](),
    "text": frozenset({"text", "records", "errors"}),
    "bounds": frozenset[str](),
    "pauses": frozenset[str](),
    "config": frozenset({"records", "errors", "bounds"}),
    "settings": frozenset({"errors", "bounds", "config"}),
    "schema": frozenset({"records"}),
    "parallel": frozenset[str](),
    "kept": frozenset({"records"}),
    "store": frozenset({"records", "errors", "schema"}),
    "cards": frozenset({"records", "errors"}),
    "locks": frozenset({"records", "errors", "store", "cards"}),
    "weights": frozenset({"records", "errors", "store", "cards", "locks"}),
    "hub": frozenset({"hub", "errors"}),
    "html": frozenset({"html", "records"}),
    "console": frozenset({"records", "errors"}),
}
LIBRARY = frozenset(FOUNDATION) - {"console"}
COMMAND_LINE = frozenset({"cli", "console", "__main__"})
HEAVY = frozenset({"torch", "transformers", "datasets", "sacrebleu", "ctranslate2", "ray", "huggingface_hub", "pandas", "lingua"})

MAX_FUNCTION = 70
MAX_FILE = 320


def name_of(path: Path) -> str:
    """Returns a module's dotted name below kzalign; the package's own is empty."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): path for path in FILES}


def files_where(chosen: Callable[[Path], bool]) -> pytest.MarkDecorator:
    """Returns the parametrisation over the source files that are chosen."""
    paths = [path for path in FILES if chosen(path)]
    return pytest.mark.parametrize("path", paths, ids=[str(path.relative_to(ROOT)) for path in paths])


EVERY_FILE = files_where(lambda path: True)


def unit(path: Path) -> str:
    """Returns the stage or foundation module that a file belongs to."""
    return name_of(path).split(".")[0]


def is_command_line(path: Path) -> bool:
    return unit(path) in COMMAND_LINE or unit(path).endswith("_cli")


def imports(tree: ast.AST, path: Path) -> Iterator[str]:
    """Yields the modules imported anywhere under the tree; `from kzalign import x` as kzalign.x where x is a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if node.level:
                package = path.relative_to(ROOT).parts[: -node.level]
                module = ".".join((*package, *([module] if module else [])))
            for alias in node.names:
                below = f"{module}.{alias.name}".removeprefix("kzalign.")
                yield f"kzalign.{below}" if module.startswith("kzalign") and below in MODULES else module


def own_imports(path: Path) -> set[str]:
    """Returns the units of kzalign that a file imports; the package itself (its version) is none."""
    found = {name.split(".")[1] for name in imports(TREES[path], path) if name.startswith("kzalign.")}
    return found


def at_import(tree: ast.Module) -> Iterator[ast.AST]:
    """Yields the nodes that run when a module is imported: all but the bodies of functions and lambdas."""
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting += [*node.decorator_list, *node.args.defaults]
        elif isinstance(node, ast.Lambda) or (isinstance(node, ast.If) and "__main__" in ast.unparse(node.test)):
            continue
        else:
            waiting += ast.iter_child_nodes(node)


def test_records_import_the_standard_library_only() -> None:
    found = {name.split(".")[0] for name in imports(TREES[PACKAGE / "records.py"], PACKAGE / "records.py")}
    assert found <= set(sys.stdlib_module_names)


@files_where(lambda path: unit(path) in FOUNDATION)
def test_foundations_import_foundations(path: Path) -> None:
    assert own_imports(path) <= FOUNDATION[unit(path)]


@files_where(lambda path: unit(path) in STAGES)
def test_stages_import_foundations_and_themselves(path: Path) -> None:
    assert own_imports(path) <= LIBRARY | {unit(path)}


def test_every_file_has_its_place() -> None:
    placed = STAGES | set(FOUNDATION) | {"pipeline", ""}
    assert [str(path) for path in FILES if unit(path) not in placed and not is_command_line(path)] == []


def test_only_the_composition_root_imports_the_command_line() -> None:
    wrong = {path.name: own_imports(path) & {"cli", "console", "bench_cli"} for path in FILES if not is_command_line(path)}
    assert {name: found for name, found in wrong.items() if found} == {}


PRINTS = frozenset({"print", "input", "exit", "quit", "sys.exit", "os._exit", "breakpoint"})
ARGUMENTS = frozenset({"argparse", "typer", "click", "rich", "optparse", "getopt"})


@files_where(lambda path: not is_command_line(path))
def test_only_the_command_line_prints_exits_and_parses(path: Path) -> None:
    calls = {ast.unparse(node.func) for node in ast.walk(TREES[path]) if isinstance(node, ast.Call)}
    raised = {ast.unparse(node.exc) for node in ast.walk(TREES[path]) if isinstance(node, ast.Raise) and node.exc}
    attributes = {ast.unparse(node) for node in ast.walk(TREES[path]) if isinstance(node, ast.Attribute)}
    assert calls & PRINTS == set()
    assert not [name for name in raised if name.startswith("SystemExit")]
    assert attributes & {"sys.argv", "sys.stdout", "sys.stderr", "sys.stdin"} == set()
    assert {name.split(".")[0] for name in imports(TREES[path], path)} & ARGUMENTS == set()


EFFECTS = frozenset(
    """
    open read_text write_text read_bytes write_bytes mkdir makedirs unlink remove rename replace_file rmtree touch print input
    exit basicConfig getLogger addHandler filterwarnings simplefilter Popen run system urlopen set_start_method seed putenv
    signal setlocale chdir compile_model from_pretrained load_dataset
    """.split()
)


@EVERY_FILE
def test_importing_calls_nothing_with_effects(path: Path) -> None:
    found = [
        f"{node.lineno}: {ast.unparse(node.func)}"
        for node in at_import(TREES[path])
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in EFFECTS
    ]
    assert found == []


@EVERY_FILE
def test_the_top_level_only_defines(path: Path) -> None:
    """A bare call at the top level is an effect; typer's tables of commands are the exception."""
    calls = [
        ast.unparse(node.value.func)
        for node in TREES[path].body
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    ]
    assert [name for name in calls if not (is_command_line(path) and name.endswith((".add_typer", ".command")))] == []
    assert not [node for node in TREES[path].body if isinstance(node, ast.For | ast.While | ast.With | ast.Delete)]


@EVERY_FILE
def test_heavy_packages_are_imported_where_they_are_used(path: Path) -> None:
    found = {
        name.split(".")[0]
        for node in at_import(TREES[path])
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in imports(node, path)
    }
    assert found & HEAVY == set()
    assert "pyarrow" not in found or unit(path) == "corpus"


WATCH = """
import importlib, json, os, sys
seen = []
def hook(event, args):
    if event == "open" and isinstance(args[0], (str, bytes)):
        name = os.fsdecode(args[0])
        written = args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if written or (name.startswith(sys.argv[1]) and not name.endswith((".py", ".pyc"))):
            seen.append(["open", name])
    elif event in ("os.mkdir", "os.rename", "os.remove", "socket.connect", "subprocess.Popen", "os.system", "os.putenv"):
        seen.append([event, str(args)])
import pyarrow, pyarrow.parquet, numpy
sys.addaudithook(hook)
for name in sys.argv[2:]:
    importlib.import_module(name)
print(json.dumps([seen, sorted(set(sys.modules) & {"torch", "transformers", "datasets"})]))
"""


def test_importing_everything_opens_writes_and_prints_nothing() -> None:
    modules = [f"kzalign.{name}".rstrip(".") for name in MODULES if name != "__main__"]
    env = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", WATCH, str(PACKAGE), *modules]
    done = subprocess.run(command, capture_output=True, text=True, env=env, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == [[], []]


@pytest.mark.parametrize("arguments", [["--help"], ["build", "--help"], ["bench", "--help"]], ids=" ".join)
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-X", "importtime", "-m", "kzalign", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=env, timeout=60)
    assert done.returncode == 0
    loaded = {line.rsplit("|", 1)[1].strip().split(".")[0] for line in done.stderr.splitlines() if "|" in line}
    assert loaded & (HEAVY | {"pyarrow", "numpy"}) == set()


def public(path: Path) -> Iterator[tuple[str, ast.AST]]:
    """Yields the module, its public functions and classes, and the public methods of these."""
    yield name_of(path), TREES[path]
    for node in TREES[path].body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node.name, node
            if isinstance(node, ast.ClassDef):
                for inner in node.body:
                    if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef) and not inner.name.startswith("_"):
                        yield f"{node.name}.{inner.name}", inner


@EVERY_FILE
def test_what_is_public_says_what_it_is(path: Path) -> None:
    assert [name for name, node in public(path) if not ast.get_docstring(node)] == []  # type: ignore[arg-type]


@EVERY_FILE
def test_functions_and_files_are_short(path: Path) -> None:
    long = {
        node.name: (node.end_lineno or 0) - node.lineno + 1
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: lines for name, lines in long.items() if lines > MAX_FUNCTION} == {}
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_FILE


@EVERY_FILE
def test_no_error_is_swallowed(path: Path) -> None:
    """A bug keeps its traceback: nothing catches everything."""
    wide = [
        handler.lineno
        for handler in ast.walk(TREES[path])
        if isinstance(handler, ast.ExceptHandler)
        and (handler.type is None or ast.unparse(handler.type) in ("Exception", "BaseException"))
        and not any(isinstance(node, ast.Raise) for node in ast.walk(handler))
    ]
    assert wide == []


def test_everything_defined_is_used() -> None:
    """A name that stands once in the sources, where it is defined, is used by nothing."""
    sources = [*FILES, *sorted((ROOT / "scripts").rglob("*.py"))]
    counts = Counter(word for path in sources for word in re.findall(r"\w+", path.read_text(encoding="utf-8")))
    unused = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in FILES
        for node in TREES[path].body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and counts[node.name] < 2
        and not any("command" in ast.unparse(d) or "callback" in ast.unparse(d) for d in node.decorator_list)
    ]
    assert unused == []
