"""What `--engine` takes, and the launchers: their options are those of the command, their files can be read."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from test_translate_cli import call, write_articles
from translators import Speller
from typer.main import get_command

from kzalign import translate_cli
from kzalign.errors import KzalignError

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"
LAUNCHERS = {"ray_slurm.sh", "slurm_array.sh", "ray_kubernetes.yaml"}

REFUSED: dict[str, tuple[list[str], str]] = {
    "an unknown engine": (["--engine", "rya"], r"unknown engine 'rya': did you mean 'ray'\? valid: local, ray"),
    "workers without an engine that has some": (["--actors", "4"], r"--actors, .* are for --engine ray"),
    "a cluster without it": (["--ray-address", "auto"], r"--ray-address are for --engine ray"),
}


@pytest.mark.parametrize(("options", "told"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], told: str) -> None:
    monkeypatch.setattr(translate_cli, "_open", lambda model, config: Speller())
    with pytest.raises(KzalignError, match=told):
        call(write_articles(tmp_path / "in.jsonl"), "--model", "m", "--missing", "-o", tmp_path / "out.jsonl", *options)
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_without_ray(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(KzalignError, match=r"--engine ray: Ray is not installed: pip install 'kzalign\[ray\]'"):
        call(write_articles(tmp_path / "in.jsonl"), "--model", "m", "--missing", "-o", tmp_path / "o.jsonl", "--engine", "ray")


def test_a_workers_model_does_not_depend_on_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker has another working folder: a path is made whole before it is sent, a name stays."""
    (tmp_path / "model").mkdir()
    monkeypatch.chdir(tmp_path)
    opened: list[str] = []

    def record(model: str, config: Any) -> Speller:
        opened.append(model)
        return Speller()

    monkeypatch.setattr(translate_cli, "_open", record)
    given = write_articles(tmp_path / "in.jsonl")
    for number, model in enumerate(("model", "someone/model")):
        call(given, "--model", model, "--missing", "-o", tmp_path / f"{number}.jsonl")
    assert opened == [str(tmp_path / "model"), "someone/model"]


@pytest.mark.parametrize("name", sorted(LAUNCHERS))
def test_launchers_give_options_that_there_are(name: str) -> None:
    known = {option for parameter in get_command(translate_cli.app).params for option in parameter.opts}
    text = (SCRIPTS / name).read_text(encoding="utf-8").replace("\\\n", " ").replace("\n#       ", " ").replace("\n    --", " --")
    commands = re.findall(r"(?:kzalign translate|(?:ray_slurm|slurm_array)\.sh) (.*)", text)
    given = {word for command in commands for word in re.findall(r"(?<!\S)--?[a-z][a-z-]*", command)}
    assert "-o" in given or "--model" in given
    assert given <= known


@pytest.mark.parametrize("name", sorted(name for name in LAUNCHERS if name.endswith(".sh")))
def test_launchers_are_bash(name: str) -> None:
    bash = shutil.which("bash")
    assert bash is not None
    assert subprocess.run([bash, "-n", SCRIPTS / name], capture_output=True, text=True).stderr == ""
    without = subprocess.run([bash, SCRIPTS / name], capture_output=True, text=True)
    assert (without.returncode, without.stderr[:6]) == (2, "usage:")
    if shellcheck := shutil.which("shellcheck"):
        assert subprocess.run([shellcheck, SCRIPTS / name], capture_output=True, text=True).stdout == ""


def test_the_manifest_of_kubernetes() -> None:
    yaml = pytest.importorskip("yaml")
    (job,) = yaml.safe_load_all((SCRIPTS / "ray_kubernetes.yaml").read_text(encoding="utf-8"))
    assert (job["apiVersion"], job["kind"]) == ("ray.io/v1", "RayJob")
    cluster = job["spec"]["rayClusterSpec"]
    head, (workers,) = cluster["headGroupSpec"], cluster["workerGroupSpecs"]
    for group in (head, workers):
        pod = group["template"]["spec"]
        (container,) = pod["containers"]
        assert {mount["name"] for mount in container["volumeMounts"]} == {volume["name"] for volume in pod["volumes"]}
        assert container["resources"]["limits"] == container["resources"]["requests"]
    actors = int(re.search(r"--actors (\d+)", job["spec"]["entrypoint"])[1])  # type: ignore[index]
    assert workers["replicas"] == workers["maxReplicas"] == actors
    limits = workers["template"]["spec"]["containers"][0]["resources"]["limits"]
    assert f"--gpus-per-actor {limits['nvidia.com/gpu']} --cpus-per-actor {limits['cpu']}" in job["spec"]["entrypoint"]
