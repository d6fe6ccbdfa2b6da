"""`kzalign publish`: a dataset folder or a tuned model to the Hugging Face Hub; a dry run unless --push."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kzalign.console import console, print_json, say
from kzalign.errors import KzalignError
from kzalign.options_cli import Json

if TYPE_CHECKING:
    from kzalign.hub import Outcome, Plan

app = typer.Typer(rich_markup_mode="markdown")
WHAT = {"dataset": "build", "model": "model"}
"""What the files of a repository of each kind are of."""


@app.command()
def publish(
    folder: Annotated[Path, typer.Argument(help="The folder that `kzalign build` or `kzalign finetune` wrote.")],
    repo: Annotated[str, typer.Option("--repo", metavar="ORG/NAME", help="Its name on the Hub.")],
    push: Annotated[bool, typer.Option("--push", help="Push; without it nothing leaves this machine.")] = False,
    public: Annotated[bool, typer.Option("--public", help="Create the repository for all to see (default: private).")] = False,
    tag: Annotated[str | None, typer.Option("--tag", help="The version's tag (default: from the manifest's hash).")] = None,
    message: Annotated[str | None, typer.Option("--message", "-m", help="The commit's message.")] = None,
    as_json: Json = False,
) -> None:
    """Publish a dataset or a tuned model on the Hugging Face Hub, in one commit and with a tag.

    Examples: `kzalign publish corpus/ --repo ORG/NAME` shows what would go ·
    `kzalign publish corpus/ --repo ORG/NAME --tag v1.0 --push`

    The token is that of `hf auth login` or HF_TOKEN. Every document needs a licence: see
    `build --sources`; so do a model's base and data.
    """
    told = carried_out(planned_of(folder, repo, public, tag, message), push, quiet=as_json)
    if as_json:
        print_json(told)


def check_target(repo: str | None, push: bool, kind: str, tag: str | None, message: str | None) -> None:
    """Raises KzalignError where a push that is to follow long work lacks a name that is fit, or a token."""
    from kzalign.hub.client import Hub
    from kzalign.hub.plan import check_message, check_repo, check_tag

    if repo is None:
        if push:
            raise KzalignError("--push needs to know where to: give --repo ORG/NAME")
        return
    check_repo(repo)
    if tag is not None:
        check_tag(tag)
    if message is not None:
        check_message(message)
    if push:
        Hub(repo, kind, lambda line: None)


def planned_of(folder: Path, repo: str, public: bool, tag: str | None, message: str | None) -> "Plan":
    """Returns the plan of a push of a dataset or of a tuned model, whichever the folder holds."""
    from kzalign.corpus.publish import plan as of_dataset
    from kzalign.mt.finetune.publish import is_run
    from kzalign.mt.finetune.publish import plan as of_model

    return (of_model if is_run(folder) else of_dataset)(folder, repo, public, tag, message)


def carried_out(planned: "Plan", push: bool, quiet: bool) -> dict[str, Any]:
    """Returns what was planned and done, for a machine; prints it for a person unless `quiet`."""
    from kzalign.hub import push as carry_out

    if not push:
        if not quiet:
            _print_plan(planned)
        return planned.to_json() | {"pushed": False}
    _quiet_bars()
    done = carry_out(planned, lambda line: say("", line))
    if not quiet:
        _print_outcome(planned, done)
    return planned.to_json() | {"pushed": True} | done.to_json()


def _quiet_bars() -> None:
    """Turns the library's progress bars off where nobody watches."""
    from huggingface_hub.utils import are_progress_bars_disabled, disable_progress_bars

    if not console.is_terminal and not are_progress_bars_disabled():
        disable_progress_bars()


def _print_plan(planned: "Plan") -> None:
    width = max(len(f"{planned.size:,}"), 5)
    lines = [f"{file.size:>{width},}  {file.name}" for file in planned.files]
    lines.append(f"{planned.size:>{width},}  bytes in {len(planned.files)} files")
    lines += [
        f"to       {planned.repo} ({'private' if planned.private else 'public'} if it is created)",
        f"message  {planned.message}",
        f"tag      {planned.tag}",
    ]
    lines += [f"left out {name}: not of the {WHAT[planned.kind]}" for name in planned.strays]
    for line in lines:
        typer.echo(line)
    for refusal in planned.refusals:
        say("--push would refuse:", refusal)
    say("", "a dry run: nothing was sent; give --push to publish")


def _print_outcome(planned: "Plan", done: "Outcome") -> None:
    changed = f"{len(done.added)} files added or changed, {len(done.deleted)} deleted"
    typer.echo(f"{done.url} ({'private' if done.private else 'public'})")
    typer.echo(f"commit {done.commit}: {changed}" if done.added or done.deleted else f"nothing new since commit {done.commit}")
    typer.echo(f"tag {planned.tag}")
    if done.private and not planned.private:
        say("", f"the {planned.kind} was there and is private: make it public in its settings")
