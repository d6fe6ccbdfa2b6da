"""The push: look, refuse or create, one commit, look again, tag. Until the commit the repository is as it was."""

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from kzalign.errors import KzalignError
from kzalign.hub.client import Hub, RemoteFile, State
from kzalign.hub.plan import LocalFile, Plan, hashes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a push did: the commit that holds the files, whether it and the repository are new, names added and deleted."""

    url: str
    commit: str
    created: bool
    private: bool
    added: tuple[str, ...]
    deleted: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Returns the outcome for a machine."""
        return {
            "url": self.url,
            "commit": self.commit,
            "created": self.created,
            "private": self.private,
            "added": list(self.added),
            "deleted": list(self.deleted),
        }


@dataclass(frozen=True, slots=True)
class Changes:
    """What makes the repository's files those of the plan."""

    added: tuple[LocalFile, ...]
    deleted: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.deleted)


def push(plan: Plan, told: Callable[[str], None]) -> Outcome:
    """Pushes a plan and returns what was done; raises KzalignError where it is refused or the Hub fails.

    `told` is called with a line for every step and every new try. A repository that has all files gets no commit.
    """
    if plan.refusals:
        raise KzalignError("; ".join(plan.refusals))
    hub = Hub(plan.repo, plan.kind, told)
    _check_token(hub)
    own = {file.name: hashes(file) for file in plan.files}
    first = hub.ask(plan.repo, hub.state)
    created = first is None
    if first is None:
        told(f"creating {plan.repo}, {'private' if plan.private else 'public'}")
        first = hub.ask(f"creating {plan.repo}", lambda: _create(hub, plan.private))
    if plan.private and not first.private:
        raise KzalignError(f"{plan.repo} is public: give --public to publish there, or another --repo")
    changes = _changes(plan, own, first.files)
    _check_tag(hub, plan, own, first, bool(changes))
    if changes:
        told(f"uploading {len(changes.added)} files, {sum(file.size for file in changes.added)} bytes")
    commit = hub.ask(f"pushing to {plan.repo}", lambda: _commit(hub, plan, own, first.head, told))
    rest = _changes(plan, own, hub.ask(f"checking {plan.repo}", lambda: hub.files(commit)))
    if rest:
        names = [*(file.name for file in rest.added), *rest.deleted]
        raise KzalignError(f"{plan.repo} at {commit} differs from the folder in {', '.join(names)}: run the command again")
    hub.ask(f"{plan.repo} has all files (commit {commit}), but not the tag {plan.tag}", lambda: _tag(hub, plan.tag, commit))
    return Outcome(
        hub.url,
        commit,
        created,
        first.private,
        tuple(file.name for file in changes.added),
        changes.deleted,
    )


def _check_token(hub: Hub) -> None:
    """Raises KzalignError where the token is refused, or can only read; what a fine-grained one may the Hub says later."""
    user = hub.ask("logging in", hub.api.whoami)
    role = user.get("auth", {}).get("accessToken", {}).get("role")
    if role == "read":
        raise KzalignError(f"the token can only read: take one with write access to {hub.repo}")


def _create(hub: Hub, private: bool) -> State:
    hub.api.create_repo(hub.repo, repo_type=hub.kind, private=private, exist_ok=True)
    state = hub.state()
    if state is None:
        raise KzalignError(f"{hub.repo} was created, but the token may not see it")
    return state


def _changes(plan: Plan, own: Mapping[str, tuple[str, str]], remote: Mapping[str, RemoteFile]) -> Changes:
    """Returns the files that are new or different, and those of an older plan that are no longer there."""
    added = []
    for file in plan.files:
        sha256, blob = own[file.name]
        there = remote.get(file.name)
        if there is None or (there.sha256 or there.blob) != (sha256 if there.sha256 else blob):
            added.append(file)
    gone = (name for name in remote if any(fnmatchcase(name, pattern) for pattern in plan.owned))
    return Changes(tuple(added), tuple(sorted(name for name in gone if name not in own)))


def _check_tag(hub: Hub, plan: Plan, own: Mapping[str, tuple[str, str]], state: State, changed: bool) -> None:
    """Raises KzalignError if there is the tag already, unless it and the head both name this very content."""
    target = state.tags.get(plan.tag)
    if target is None:
        return
    if changed or _changes(plan, own, hub.ask(plan.repo, lambda: hub.files(target))):
        raise KzalignError(f"{plan.repo} has the tag {plan.tag} already, at commit {target}: give another with --tag")


def _commit(hub: Hub, plan: Plan, own: Mapping[str, tuple[str, str]], parent: str | None, told: Callable[[str], None]) -> str:
    """Returns the commit that holds the files; made only if the head is still the parent and lacks some of them.

    A commit whose answer was lost is found as the new head, so that asking again makes no second one.
    """
    from huggingface_hub import CommitOperationAdd, CommitOperationDelete

    now = hub.state()
    if now is None:
        raise KzalignError(f"{plan.repo} is gone: somebody deleted or renamed it during the push")
    changes = _changes(plan, own, now.files)
    if not changes and now.head is not None:
        return now.head
    if now.head != parent:
        raise KzalignError(f"{plan.repo} was changed by someone else during the push: run the command again")
    operations = [
        *(CommitOperationAdd(path_in_repo=file.name, path_or_fileobj=file.path) for file in changes.added),
        *(CommitOperationDelete(path_in_repo=name, is_folder=False) for name in changes.deleted),
    ]
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        done = hub.api.create_commit(
            plan.repo, operations, commit_message=plan.message, repo_type=hub.kind, revision="main", parent_commit=parent
        )
    for warning in heard:
        told(hub.clean(str(warning.message)))
    return str(done.oid)


def _tag(hub: Hub, tag: str, commit: str) -> None:
    """Tags a commit, unless the tag is there: an answer that was lost is no reason to fail."""
    state = hub.state()
    if state is None or tag not in state.tags:
        hub.api.create_tag(hub.repo, tag=tag, revision=commit, repo_type=hub.kind)
