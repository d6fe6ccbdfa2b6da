"""`kzalign publish`: a dataset folder to the Hugging Face Hub; a dry run unless --push."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kzalign.console import console, print_json, say
from kzalign.options_cli import Json

if TYPE_CHECKING:
    from kzalign.corpus.publish import Outcome, Plan

app = typer.Typer(rich_markup_mode="markdown")


@app.command()
def publish(
    corpus: Annotated[Path, typer.Argument(help="The folder that `kzalign build` wrote.")],
    repo: Annotated[str, typer.Option("--repo", metavar="ORG/NAME", help="The dataset's name on the Hub.")],
    push: Annotated[bool, typer.Option("--push", help="Push; without it nothing leaves this machine.")] = False,
    public: Annotated[bool, typer.Option("--public", help="Create the dataset for all to see (default: private).")] = False,
    tag: Annotated[str | None, typer.Option("--tag", help="The version's tag (default: from the manifest's hash).")] = None,
    message: Annotated[str | None, typer.Option("--message", "-m", help="The commit's message.")] = None,
    as_json: Json = False,
) -> None:
    """Publish a dataset folder on the Hugging Face Hub, in one commit and with a tag.

    Examples: `kzalign publish corpus/ --repo ORG/NAME` shows what would go ·
    `kzalign publish corpus/ --repo ORG/NAME --tag v1.0 --push`

    The token is that of `hf auth login` or HF_TOKEN. Every document needs a licence: see `build --sources`.
    """
    from kzalign.corpus import publish as stage

    planned = stage.plan(corpus, repo, public, tag, message)
    if not push:
        if as_json:
            print_json(planned.to_json() | {"pushed": False})
        else:
            _print_plan(planned)
        return
    _quiet_bars()
    done = stage.push(planned, lambda line: say("", line))
    if as_json:
        print_json(planned.to_json() | {"pushed": True} | done.to_json())
    else:
        _print_outcome(planned, done)


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
    lines += [f"left out {name}: not of the build" for name in planned.strays]
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
        say("", "the dataset was there and is private: make it public in its settings")
