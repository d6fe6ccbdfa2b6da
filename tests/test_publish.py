"""publish: the Hub has what the folder has or what it had before; nothing is told that should not be, whatever goes wrong."""

import hashlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import typer
from hub_server import TOKEN, Commit, Fault, Hub, Repo, new_oid, talked_to

from kzalign import publish_cli
from kzalign.console import fail_clearly
from kzalign.corpus.card import card
from kzalign.corpus.card.version import dataset_version
from kzalign.corpus.publish import Outcome, plan, push
from kzalign.errors import KzalignError

pytest.importorskip("huggingface_hub", minversion="2.0")

REPO = "org/abstracts"
CONFIGS = ("kk-ru", "kk-en", "ru-en", "kk-ru-en", "articles")
ROWS: dict[str, dict[str, int]] = {name: {"train": 3, "validation": 0, "test": 0} for name in CONFIGS}
LICENCE = {"licence": "cc-by-4.0", "publisher": "A publisher", "url": "https://example.org/"}


def manifest(**changes: Any) -> dict[str, Any]:
    """Returns a build's manifest of one document."""
    return {
        "stage": "build",
        "versions": {"kzalign": "0.1.0"},
        "inputs": [{"id": "a", "file": "a.txt", "articles": 3}],
        "articles": 3,
        "rows": ROWS,
        "sources": {"a": LICENCE},
        "rejects": {},
    } | changes


def written(folder: Path, text: str = "one", shards: int = 1, own: dict[str, Any] | None = None) -> Path:
    """Writes a build and returns its folder."""
    own = own or manifest(articles=len(text))
    files = {
        "README.md": card(own),
        "manifest.json": json.dumps(own, ensure_ascii=False, indent=1),
        "rejects.jsonl": f'{{"reason":"{text}"}}\n',
        "report.html": f"<p>{text}</p>",
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    for name in CONFIGS:
        (folder / "data" / name).mkdir(parents=True, exist_ok=True)
        rows = [[f"{text} {name} {k}"] * len(range(k, ROWS[name]["train"], shards)) for k in range(shards)]
        for k, own_rows in enumerate(rows):
            pq.write_table(pa.table({"text": own_rows}), folder / "data" / name / f"train-{k:05d}-of-{shards:05d}.parquet")
    return folder


def content(folder: Path) -> dict[str, bytes]:
    """Returns the bytes of every file of a folder by its name."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Hub]:
    """Yields a Hub that the library talks to, under TOKEN, over LFS, without waiting."""
    with talked_to(monkeypatch, tmp_path) as server:
        yield server


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Returns the seconds that were slept, in order; none is."""
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    return slept


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Returns the folder of a build."""
    return written(tmp_path / "corpus")


def pushed(folder: Path, **options: Any) -> Outcome:
    """Pushes a folder and returns the outcome."""
    return push(plan(folder, REPO, **options), lambda line: None)


def is_whole(repo: Repo, folder: Path) -> bool:
    """Whether the repository has the folder's files, byte for byte, and no other but those that are not of a build."""
    return {name: data for name, data in repo.head.files.items() if name != ".gitattributes"} == content(folder)


# a push


@pytest.mark.parametrize("public", [False, True])
def test_a_push_makes_one_commit_and_a_tag(hub: Hub, corpus: Path, public: bool) -> None:
    done = pushed(corpus, public=public, tag="v1.0", message="First")
    repo = hub.repos[REPO]
    assert is_whole(repo, corpus)
    assert repo.private is done.private is not public
    assert [commit.message for commit in repo.commits] == ["initial commit", "First"]
    assert repo.tags == {"v1.0": repo.head.oid}
    assert (done.commit, done.created, done.deleted) == (repo.head.oid, True, ())
    assert sorted(done.added) == sorted(content(corpus))
    assert ".gitattributes" in repo.head.files


def test_the_tag_is_the_version_that_the_card_names(hub: Hub, corpus: Path) -> None:
    pushed(corpus)
    (tag,) = hub.repos[REPO].tags
    assert tag == dataset_version(json.loads((corpus / "manifest.json").read_text()))
    assert f"version = {{{tag}}}" in (corpus / "README.md").read_text()


@pytest.mark.parametrize("tag", [None, "v1.0"])
def test_a_second_push_of_the_same_changes_nothing(hub: Hub, corpus: Path, tag: str | None) -> None:
    first = pushed(corpus, tag=tag)
    hub.log.clear()
    second = pushed(corpus, tag=tag)
    assert (second.commit, second.created, second.added, second.deleted) == (first.commit, False, (), ())
    assert len(hub.repos[REPO].commits) == 2
    assert not [line for line in hub.log if not line.startswith("GET")]


def test_a_new_build_replaces_the_old_and_leaves_what_is_not_of_a_build(hub: Hub, corpus: Path, tmp_path: Path) -> None:
    pushed(written(tmp_path / "old", "old", shards=3), tag="v1")
    repo = hub.repos[REPO]
    repo.commits.append(Commit(new_oid("LICENSE"), "by hand", repo.head.files | {"LICENSE": b"a licence"}))
    old = repo.head.files
    done = pushed(corpus, tag="v2")
    assert len(repo.commits) == 4
    assert {name: data for name, data in repo.head.files.items() if name not in (".gitattributes", "LICENSE")} == content(corpus)
    assert repo.head.files["LICENSE"] == b"a licence"
    assert set(done.deleted) == {name for name in old if "-of-00003" in name}
    assert repo.at("v1") is not repo.at("v2") is repo.head


def test_only_what_changed_is_sent(hub: Hub, corpus: Path) -> None:
    pushed(corpus, tag="v1")
    (corpus / "report.html").write_text("<p>new</p>")
    hub.log.clear()
    done = pushed(corpus, tag="v2")
    assert (done.added, done.deleted) == (("report.html",), ())
    assert is_whole(hub.repos[REPO], corpus)
    assert not [line for line in hub.log if line.startswith("PUT")]


def test_what_is_not_of_the_build_stays_here(hub: Hub, corpus: Path) -> None:
    for name in (".env", "notes.txt", "LICENSE"):
        (corpus / name).write_text("x")
    assert plan(corpus, REPO).strays == (".env", "notes.txt")
    pushed(corpus)
    assert set(hub.repos[REPO].head.files) - {".gitattributes"} == set(content(corpus)) - {".env", "notes.txt"}


def test_a_private_push_to_a_public_dataset_is_refused(hub: Hub, corpus: Path) -> None:
    hub.made(REPO, private=False)
    with pytest.raises(KzalignError, match=r"org/abstracts is public: give --public"):
        pushed(corpus)
    assert len(hub.repos[REPO].commits) == 1
    pushed(corpus, public=True)
    assert is_whole(hub.repos[REPO], corpus)


def test_a_tag_of_other_files_is_an_error_before_anything_is_sent(hub: Hub, corpus: Path) -> None:
    pushed(corpus, tag="v1")
    (corpus / "report.html").write_text("<p>new</p>")
    hub.log.clear()
    with pytest.raises(KzalignError, match=r"has the tag v1 already, at commit [0-9a-f]{40}: give another with --tag"):
        pushed(corpus, tag="v1")
    assert not [line for line in hub.log if not line.startswith("GET")]
    pushed(corpus, tag="v2")
    with pytest.raises(KzalignError, match="has the tag v1 already"):
        pushed(corpus, tag="v1")
    written(corpus)
    with pytest.raises(KzalignError, match="has the tag v1 already"):
        pushed(corpus, tag="v1")
    assert len(hub.repos[REPO].commits) == 3


@pytest.mark.parametrize(("moment", "skip"), [("abstracts$", 1), ("preupload", 0), ("/commit/", 0)])
def test_a_commit_of_someone_else_is_not_undone(hub: Hub, corpus: Path, moment: str, skip: int) -> None:
    repo = hub.made(REPO)
    repo.commits[0].files["data/kk-ru/old.parquet"] = b"old"
    hub.faults.append(Fault(moment, "other", skip=skip))
    with pytest.raises(KzalignError, match=r"changed by someone else .*: run the command again"):
        pushed(corpus)
    assert [commit.message for commit in repo.commits] == ["initial commit", "other"]
    assert repo.tags == {}
    assert moment != "abstracts$" or not hub.blobs


# failures that pass

PASSING = {
    "login fails once": Fault("whoami"),
    "no JSON": Fault("validate-yaml", status=502, body="<html>"),
    "too many requests": Fault("GET /api/datasets", status=429, headers={"Retry-After": "7"}),
    "a used-up window": Fault("GET /api/datasets", status=429, headers={"ratelimit": '"api";r=0;t=9'}),
    "creating fails": Fault("repos/create", status=503),
    "created, but the answer is lost": Fault("repos/create", "lost"),
    "preupload fails": Fault("preupload", times=3),
    "LFS batch fails": Fault("objects/batch", status=504, times=2),
    "an upload is cut": Fault("PUT /storage", "cut", times=3),
    "an upload fails often": Fault("PUT /storage", times=8),
    "verifying fails": Fault("/verify/"),
    "the commit fails": Fault("/commit/", times=3),
    "the commit is cut": Fault("/commit/", "cut"),
    "committed, but the answer is lost": Fault("/commit/", "lost"),
    "the check fails": Fault("/revision/", "cut", times=2),
    "tagging fails": Fault("/tag/", status=500),
    "tagged, but the answer is lost": Fault("/tag/", "lost"),
    "the line is slow": Fault(".", "slow", seconds=0.02, times=50),
}


@pytest.mark.parametrize("case", PASSING)
def test_a_failure_that_passes_is_overcome(hub: Hub, corpus: Path, waits: list[float], case: str) -> None:
    fault = Fault(**vars(PASSING[case]))
    hub.faults.append(fault)
    done = pushed(corpus, tag="v1")
    repo = hub.repos[REPO]
    assert is_whole(repo, corpus)
    assert len(repo.commits) == 2
    assert repo.tags == {"v1": done.commit} == {"v1": repo.head.oid}
    assert fault.times < PASSING[case].times
    wanted = {"too many requests": 7, "a used-up window": 9}.get(case)
    assert wanted is None or wanted in waits


def test_who_does_not_answer_is_asked_again(hub: Hub, corpus: Path, waits: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kzalign.hub.client.SILENCE", 0.3)
    hub.faults += [Fault(pattern, "silent", seconds=60) for pattern in ("GET /api/datasets/[^/]*/[^/]*$", "/refs", "/commit/")]
    start = time.monotonic()
    pushed(corpus)
    assert time.monotonic() - start < 20
    assert is_whole(hub.repos[REPO], corpus)
    assert len(hub.repos[REPO].commits) == 2


# failures that stay

ALWAYS = 1_000
STAYING: dict[str, tuple[Fault, str]] = {
    "server errors": (Fault("GET /api/datasets", times=ALWAYS), r"does not answer now \(HTTP 500\)"),
    "too long a wait": (Fault("whoami", status=429, headers={"Retry-After": "3600"}), r"does not answer now \(HTTP 429\)"),
    "the token is refused": (Fault("whoami", status=401), "the token is refused: log in again"),
    "no right to create": (Fault("repos/create", status=403), r"the token may not write there"),
    "no right to upload": (Fault("preupload", status=403), "the token may not write there"),
    "no right to commit": (Fault("/commit/", status=403), "the token may not write there"),
    "uploads are cut": (Fault("PUT /storage", "cut", times=ALWAYS), "no connection to http"),
    "uploads are refused": (
        Fault("PUT /storage", status=403, times=ALWAYS, body='{"error":"no: http://a.b/c?X-Signature=SignedSecret"}'),
        r"the token may not write there.*no: http://a.b/c\?…\)",
    ),
    "the commit conflicts": (Fault("/commit/", status=409), "changed by someone else meanwhile: run the command again"),
    "the commit is cut": (Fault("/commit/", "cut", times=ALWAYS), "no connection to http"),
    "the card is refused": (
        Fault("validate-yaml", status=400, body='{"errors":[{"message":"license must be one of"}]}'),
        "Invalid metadata in README.md. - license must be one of",
    ),
    "no JSON": (Fault("whoami", status=200, body="<html>", times=ALWAYS), "gives no readable answer"),
    "the batch is refused": (
        Fault("objects/batch", status=200, body='{"objects":[{"oid":"x","size":1,"error":{"code":507,"message":"no room"}}]}'),
        "LFS batch API returned errors: .*no room",
    ),
}


@pytest.mark.parametrize("case", STAYING)
@pytest.mark.parametrize("fresh", [False, True], ids=["there", "new"])
def test_a_failure_that_stays_leaves_the_dataset_as_it_was(
    hub: Hub, corpus: Path, waits: list[float], case: str, fresh: bool
) -> None:
    if not fresh:
        hub.made(REPO)
    fault, message = STAYING[case]
    if fault.pattern == "repos/create" and not fresh:
        return
    hub.faults.append(Fault(**vars(fault)))
    with pytest.raises(KzalignError, match=message) as caught:
        pushed(corpus)
    assert "\n" not in str(caught.value)
    assert TOKEN not in str(caught.value)
    assert "SignedSecret" not in str(caught.value)
    repo = hub.repos.get(REPO)
    assert repo is None or (len(repo.commits), repo.tags) == (1, {})
    assert repo is not None or fresh


def test_after_the_commit_a_failure_says_what_is_there(hub: Hub, corpus: Path, waits: list[float]) -> None:
    hub.faults.append(Fault("/tag/", times=ALWAYS))
    with pytest.raises(KzalignError, match=r"org/abstracts has all files \(commit [0-9a-f]{40}\), but not the tag v1"):
        pushed(corpus, tag="v1")
    hub.faults.clear()
    repo = hub.repos[REPO]
    assert pushed(corpus, tag="v1").added == ()
    assert (len(repo.commits), repo.tags) == (2, {"v1": repo.head.oid})


def test_a_broken_push_goes_on_where_it_stopped(hub: Hub, corpus: Path, waits: list[float]) -> None:
    hub.faults.append(Fault("PUT /storage", status=403, times=ALWAYS, skip=3))
    with pytest.raises(KzalignError):
        pushed(corpus)
    there = set(hub.blobs)
    assert len(there) == 3
    hub.faults.clear()
    hub.log.clear()
    pushed(corpus)
    sent = {line.rsplit("/", 1)[1] for line in hub.log if line.startswith("PUT")}
    assert len(sent) == len(CONFIGS) - 3
    assert not sent & there
    assert is_whole(hub.repos[REPO], corpus)


def test_a_hub_that_keeps_something_else_is_noticed(hub: Hub, corpus: Path) -> None:
    repo = hub.made(REPO)

    class Forgetful(list[Commit]):
        def append(self, commit: Commit) -> None:
            del commit.files["report.html"]
            super().append(commit)

    repo.commits = Forgetful(repo.commits)
    with pytest.raises(KzalignError, match=r"differs from the folder in report.html: run the command again"):
        pushed(corpus, tag="v1")
    assert repo.tags == {}


# Xet storage

GRANT = {"X-Xet-Access-Token": "short-lived", "X-Xet-Token-Expiration": "4000000000"}


@pytest.fixture
def xet(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Hub:
    """Returns the Hub with Xet storage beside it: what is sent there is taken, unread."""
    pytest.importorskip("hf_xet")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_DISABLE_XET", False)
    place = f"{hub.url}/cas"
    grant = json.dumps({"casUrl": place, "exp": 4_000_000_000, "accessToken": "short-lived"})
    hub.faults += [
        Fault("/xet-write-token/", status=200, headers=GRANT | {"X-Xet-Cas-Url": place}, body=grant, times=ALWAYS),
        Fault("POST /cas/v1/xorbs/", status=200, body='{"was_inserted":true}', times=ALWAYS),
        Fault("POST /cas/v1/shards", status=200, body='{"result":1}', times=ALWAYS),
        Fault("/cas/", status=404, times=ALWAYS),
    ]
    return hub


def test_large_files_go_to_xet_storage_where_there_is_one(xet: Hub, corpus: Path) -> None:
    xet.blobs |= {hashlib.sha256(data).hexdigest(): data for data in content(corpus).values()}
    pushed(corpus, tag="v1")
    assert is_whole(xet.repos[REPO], corpus)
    assert [line for line in xet.log if line.startswith("POST /cas/v1/xorbs/")]
    assert not [line for line in xet.log if line.startswith("PUT")]
    xet.log.clear()
    pushed(corpus, tag="v1")
    assert not [line for line in xet.log if "/cas/" in line]


def test_where_there_is_no_xet_storage_the_way_out_is_named(xet: Hub, corpus: Path, waits: list[float]) -> None:
    xet.faults.clear()
    with pytest.raises(KzalignError, match=r"\(HTTP 404\).*or http\S+ has no Xet storage: HF_HUB_DISABLE_XET=1 does without"):
        pushed(corpus)
    assert waits == []
    assert len(xet.repos[REPO].commits) == 1


# refused before the network


def broken_readme(text: str) -> Any:
    """Returns what puts a text into the README."""
    return lambda folder: (folder / "README.md").write_text(text, encoding="utf-8")


def replaced(old: str, new: str) -> Any:
    """Returns what replaces a text in the README."""

    def change(folder: Path) -> None:
        path = folder / "README.md"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return change


SHARD = "data/kk-ru/train-00000-of-00001.parquet"
UNFIT: dict[str, tuple[Any, str]] = {
    "no manifest": (lambda f: (f / "manifest.json").unlink(), r"not a dataset folder \(no manifest.json in it\)"),
    "half a manifest": (lambda f: (f / "manifest.json").write_text('{"stage": "bu'), "cannot be read.*build` again"),
    "no manifest of a build": (lambda f: (f / "manifest.json").write_text('{"stage": "bench"}'), "not the manifest of a build"),
    "a list": (lambda f: (f / "manifest.json").write_text("[]"), "not the manifest of a build"),
    "no rows": (lambda f: (f / "manifest.json").write_text('{"stage": "build", "inputs": []}'), "not whole"),
    "odd inputs": (lambda f: (f / "manifest.json").write_text('{"stage":"build","inputs":["a"],"rows":{}}'), "not whole"),
    "odd rows": (lambda f: (f / "manifest.json").write_text('{"stage":"build","inputs":[],"rows":{"a":1}}'), "not whole"),
    "a file is gone": (lambda f: (f / SHARD).unlink(), f"{SHARD} of the build is missing"),
    "a file cut off": (lambda f: (f / SHARD).write_bytes((f / SHARD).read_bytes()[:100]), f"{SHARD}: no whole Parquet file"),
    "rows of another build": (
        lambda f: pq.write_table(pa.table({"text": ["a"]}), f / SHARD),
        "has 1 rows of train, manifest.json says 3",
    ),
    "the report is gone": (lambda f: (f / "report.html").unlink(), "report.html of the build is missing"),
    "a half-written file": (lambda f: (f / (SHARD + ".part")).write_text("x"), "part is not of this build: remove it"),
    "a file of an empty split": (
        lambda f: (f / "data/kk-ru/test-00000-of-00001.parquet").write_text("x"),
        "test-00000-of-00001.parquet is not of this build",
    ),
    "files of two builds": (
        lambda f: (f / "data/kk-ru/train-00000-of-00002.parquet").write_text("x"),
        "data/kk-ru mixes files of two builds",
    ),
    "one of two files": (
        lambda f: (f / SHARD).rename(f / "data/kk-ru/train-00001-of-00002.parquet"),
        "00000-of-00002.parquet of",
    ),
    "no metadata": (broken_readme("# A title\n"), "does not begin with YAML metadata"),
    "broken metadata": (broken_readme("---\na: [\n---\n"), "its YAML metadata cannot be read"),
    "metadata is a list": (broken_readme("---\n- a\n---\n"), "its YAML metadata cannot be read"),
    "metadata with numbers for keys": (broken_readme("---\n1: a\n---\n"), "its YAML metadata cannot be read"),
    "not UTF-8": (lambda f: (f / "README.md").write_bytes(b"---\n\xff"), "README.md: cannot be read"),
    "a licence of its own": (replaced('"cc-by-4.0"', '"by-nc"'), "license is 'by-nc', which the Hub does not know"),
    "other without a name": (replaced('"cc-by-4.0"', '"other"'), "license is 'other' and license_name is missing"),
    "an unknown size": (replaced("n<1K", "tiny"), "size_categories is 'tiny'"),
    "a mapping for a value": (replaced("- n<1K", "- {a: [b]}"), "size_categories is"),
    "a path to nowhere": (
        replaced("path: data/kk-ru/train", "path: data/kk-ru/test"),
        "kk-ru: no file is named 'data/kk-ru/test",
    ),
    "data that no configuration names": (
        replaced("- config_name: kk-en\n  data_files:\n  - split: train\n    path: data/kk-en/train-*.parquet\n", ""),
        r"README.md: no configuration names data/kk-en/train-00000-of-00001.parquet$",
    ),
    "a nameless configuration": (replaced("config_name: kk-ru\n", "name: kk-ru\n"), "an entry of configs has no config_name"),
}


@pytest.mark.parametrize("case", UNFIT)
def test_an_unfit_folder_is_refused(corpus: Path, case: str) -> None:
    change, message = UNFIT[case]
    change(corpus)
    with pytest.raises(KzalignError, match=message) as caught:
        plan(corpus, REPO)
    assert "\n" not in str(caught.value)


def test_a_folder_that_is_a_file_is_refused(corpus: Path) -> None:
    with pytest.raises(KzalignError, match="not a dataset folder"):
        plan(corpus / "README.md", REPO)


OPTIONS: list[tuple[dict[str, Any], str]] = [
    ({"repo": "abstracts"}, "--repo abstracts: give the owner too, ORG/NAME"),
    ({"repo": "a/b/c"}, "--repo: Repo id must be in the form"),
    ({"repo": "org/a--b"}, "--repo: Cannot have -- or .."),
    ({"repo": "org/тест"}, "--repo: Repo id must use alphanumeric chars"),
    ({"repo": ""}, "--repo"),
    ({"tag": "a b"}, "--tag 'a b': not a tag"),
    ({"tag": ""}, "--tag '': not a tag"),
    ({"tag": "main"}, "--tag 'main': not a tag"),
    ({"tag": "a..b"}, "not a tag"),
    ({"tag": "a.lock"}, "not a tag"),
    ({"tag": "-a"}, "not a tag"),
    ({"message": "  "}, "--message is empty"),
]


@pytest.mark.parametrize(("options", "message"), OPTIONS)
def test_unfit_options_are_refused(corpus: Path, options: dict[str, Any], message: str) -> None:
    with pytest.raises(KzalignError, match=re.escape(message)):
        plan(corpus, **{"repo": REPO} | options)


def test_without_the_library_the_way_to_it_is_named(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub.errors", None)
    with pytest.raises(KzalignError, match=r"needs the package huggingface_hub: pip install 'kzalign\[hub\]'"):
        plan(corpus, REPO)


UNNAMED: list[tuple[dict[str, Any], str]] = [
    ({"sources": {}}, "no licence is named for a.txt: name them in a sources.toml"),
    ({"sources": {"a": {"licence": "", "publisher": "x", "url": "x"}}}, "no licence is named for a.txt"),
    (
        {"inputs": [{"id": str(k), "file": f"{k}.txt", "articles": 1} for k in range(5)], "sources": {"0": LICENCE}},
        "no licence is named for 1.txt, 2.txt, 3.txt and 1 more",
    ),
]


@pytest.mark.parametrize(("changes", "message"), UNNAMED)
def test_a_document_without_a_licence_is_not_pushed(hub: Hub, tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    planned = plan(written(tmp_path / "corpus", own=manifest(**changes)), REPO)
    assert message in planned.refusals[0]
    with pytest.raises(KzalignError, match=message):
        push(planned, lambda line: None)
    assert hub.log == []


def test_a_document_without_articles_needs_no_licence(tmp_path: Path) -> None:
    inputs = [{"id": "a", "file": "a.txt", "articles": 3}, {"id": "b", "file": "b.txt"}]
    assert plan(written(tmp_path / "corpus", own=manifest(inputs=inputs)), REPO).refusals == ()


# tokens

TOKENS: list[tuple[str, str]] = [
    ("", "no token: log in with `hf auth login`, or set HF_TOKEN"),
    ("hf_another", "the token is refused: log in again"),
    ("hf_кириллица", "the token holds characters that no token has"),
    ("hf_read", "the token can only read: take one with write access to org/abstracts"),
    ("hf_stranger", "the token may not write there: take one with write access to org/abstracts"),
]


@pytest.mark.parametrize(("token", "message"), TOKENS)
def test_a_token_that_does_not_do(hub: Hub, corpus: Path, monkeypatch: pytest.MonkeyPatch, token: str, message: str) -> None:
    hub.users["hf_read"] = {"name": "reader", "role": "read", "orgs": ["org"]}
    hub.users["hf_stranger"] = {"name": "stranger", "role": "write", "orgs": []}
    monkeypatch.setenv("HF_TOKEN", token)
    with pytest.raises(KzalignError, match=re.escape(message)) as caught:
        pushed(corpus)
    assert not token or token not in str(caught.value)
    assert hub.repos == {}


def test_the_token_of_the_login_is_used(hub: Hub, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_TOKEN")
    (tmp_path / "no-token").write_text(TOKEN)
    pushed(corpus)
    assert is_whole(hub.repos[REPO], corpus)


# the command line


def run(arguments: list[str], capfd: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """Runs the command and returns its exit code, standard output and standard error."""
    app = typer.Typer(pretty_exceptions_enable=False)
    app.callback()(lambda: None)
    app.add_typer(publish_cli.app)
    code = fail_clearly(lambda: app(["publish", *arguments]))
    out, err = capfd.readouterr()
    return code, out, err


def test_a_dry_run_asks_nobody(
    hub: Hub, corpus: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("HF_TOKEN")
    (corpus / "notes.txt").write_text("x")
    code, out, err = run([str(corpus), "--repo", REPO, "--tag", "v1", "-m", "First"], capfd)
    assert code == 0
    sizes = {name: len(data) for name, data in content(corpus).items() if name != "notes.txt"}
    listed = dict(line.split(None, 1)[::-1] for line in out.splitlines()[: len(sizes)])
    assert {name: int(size.replace(",", "")) for name, size in listed.items()} == sizes
    assert f"{sum(sizes.values()):,}  bytes in {len(sizes)} files" in out
    assert re.search(r"to +org/abstracts \(private if it is created\)\nmessage +First\ntag +v1\n", out)
    assert "left out notes.txt: not of the build" in out
    assert "a dry run: nothing was sent" in err
    assert hub.log == []


def test_a_dry_run_tells_what_a_push_would_refuse(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = str(written(tmp_path / "corpus", own=manifest(sources={})))
    code, _, err = run([folder, "--repo", REPO], capfd)
    assert (code, "--push would refuse: no licence is named for a.txt" in err) == (0, True)
    code, out, _ = run([folder, "--repo", REPO, "--json"], capfd)
    told = json.loads(out)
    assert (code, told["pushed"], told["refusals"][0][:10]) == (0, False, "no licence")


def test_a_push_of_the_command_line(hub: Hub, corpus: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run([str(corpus), "--repo", REPO, "--tag", "v1", "--push"], capfd)
    head = hub.repos[REPO].head
    assert (code, out) == (
        0,
        f"{hub.url}/datasets/{REPO} (private)\ncommit {head.oid}: 9 files added or changed, 0 deleted\ntag v1\n",
    )
    code, out, err = run([str(corpus), "--repo", REPO, "--tag", "v1", "--push", "--public"], capfd)
    assert (code, f"nothing new since commit {head.oid}" in out) == (0, True)
    assert "is private: make it public in its settings" in err
    code, out, _ = run([str(corpus), "--repo", REPO, "--tag", "v1", "--push", "--json"], capfd)
    told = json.loads(out)
    assert (code, told["pushed"], told["commit"], told["added"], told["tag"]) == (0, True, head.oid, [], "v1")


def test_a_network_that_is_gone_is_one_line(
    hub: Hub, corpus: Path, waits: list[float], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    code, out, err = run([str(corpus), "--repo", REPO, "--push"], capfd)
    assert (code, out) == (2, "")
    assert err.splitlines()[-1].startswith("error: logging in: no connection to http://127.0.0.1:9 (")
    assert "Traceback" not in err
    assert waits == [1, 2, 4, 8]
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    code, _, err = run([str(corpus), "--repo", REPO, "--push"], capfd)
    assert (code, err) == (2, "error: logging in: offline mode is on: unset HF_HUB_OFFLINE\n")


COMMAND = "from kzalign.console import fail_clearly; from kzalign.publish_cli import app; raise SystemExit(fail_clearly(app))"
ECHO = json.dumps({"error": f"bad Authorization: Bearer {TOKEN}"})
TALKATIVE: dict[str, tuple[list[Fault], int]] = {
    "all goes well": ([Fault("PUT /storage"), Fault("/commit/", "lost")], 0),
    "a server that repeats the token": ([Fault("/commit/", status=418, body=ECHO)], 2),
    "an answer that is a bug's food": ([Fault("/refs", status=200, body=json.dumps({"token": TOKEN}))], 1),
}


@pytest.mark.parametrize("case", TALKATIVE)
def test_the_token_is_never_told(hub: Hub, corpus: Path, tmp_path: Path, case: str) -> None:
    faults, code = TALKATIVE[case]
    hub.faults += [Fault(**vars(fault)) for fault in faults]
    home = tmp_path / "home"
    env = os.environ | {"HF_ENDPOINT": hub.url, "HF_TOKEN": TOKEN, "HF_HOME": str(home), "HOME": str(home), "HF_DEBUG": "1"}
    env |= {"HF_HUB_DISABLE_XET": "1", "PYTHONPATH": str(Path(__file__).resolve().parents[1])}
    command = [sys.executable, "-c", COMMAND, str(corpus), "--repo", REPO, "--push", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, env=env, timeout=60)
    assert done.returncode == code, done.stderr
    assert ("Traceback" in done.stderr) is (code == 1)
    assert TOKEN not in done.stdout + done.stderr
    assert "SignedSecret" not in done.stdout + done.stderr
    for folder in (home, corpus):
        assert not [path for path in folder.rglob("*") if path.is_file() and TOKEN.encode() in path.read_bytes()]
    if code == 0:
        assert is_whole(hub.repos[REPO], corpus)
        assert json.loads(done.stdout)["commit"] == hub.repos[REPO].head.oid
