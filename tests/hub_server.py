"""A Hub on 127.0.0.1 for tests: the endpoints that a push uses, with state, and with failures where a test wants them.

It speaks what huggingface_hub 2.4 asks (hf_api.py, _commit_api.py, lfs.py); a commit is whole or is not.
"""

import base64
import hashlib
import json
import re
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

TOKEN = "hf_" + "SecretSecretSecret" + "0123456789abcdef"
"""A token of no one."""

ATTRIBUTES = b"*.parquet filter=lfs diff=lfs merge=lfs -text\n"


@dataclass
class Commit:
    """A commit: its id, its message, and the bytes of every file."""

    oid: str
    message: str
    files: dict[str, bytes]


@dataclass
class Repo:
    """A dataset or a model: commits, the oldest first, and tags."""

    private: bool
    commits: list[Commit]
    tags: dict[str, str] = field(default_factory=dict)
    kind: str = "dataset"

    @property
    def head(self) -> Commit:
        """Returns the last commit."""
        return self.commits[-1]

    def at(self, revision: str) -> Commit | None:
        """Returns the commit of a branch, a tag or an id."""
        oid = self.head.oid if revision == "main" else self.tags.get(revision, revision)
        return next((commit for commit in self.commits if commit.oid == oid), None)


@dataclass
class Fault:
    """What goes wrong with the requests `METHOD /path` that a pattern finds, so many times.

    kind: status (an answer), cut (half of the body is read, then the line is dead), lost (done, but the answer never comes),
    silent (no answer for `seconds`), slow (the answer comes after `seconds`), other (somebody else commits just before).
    """

    pattern: str
    kind: str = "status"
    status: int = 500
    headers: dict[str, str] = field(default_factory=dict)
    body: str = "{}"
    times: int = 1
    seconds: float = 0.0
    skip: int = 0


def new_oid(*parts: object) -> str:
    """Returns 40 hexadecimal digits."""
    return hashlib.sha1(repr(parts).encode()).hexdigest()


class Hub(ThreadingHTTPServer):
    """The server and its state; `log` is the requests, `faults` what will go wrong."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.users: dict[str, dict[str, Any]] = {TOKEN: {"name": "someone", "role": "write", "orgs": ["org"]}}
        self.repos: dict[str, Repo] = {}
        self.blobs: dict[str, bytes] = {}
        self.faults: list[Fault] = []
        self.card_data: dict[str, Any] = {}
        self.log: list[str] = []
        self.closing = threading.Event()
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        """Returns where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def made(self, name: str, private: bool = True, kind: str = "dataset") -> Repo:
        """Makes a repository with a first commit, as the Hub does."""
        first = Commit(new_oid(name), "initial commit", {".gitattributes": ATTRIBUTES})
        self.repos[name] = Repo(private, [first], kind=kind)
        return self.repos[name]

    def fault_of(self, request: str) -> Fault | None:
        """Returns what is to go wrong with a request, once less from now on."""
        with self.lock:
            for fault in self.faults:
                if fault.times and re.search(fault.pattern, request):
                    if fault.skip:
                        fault.skip -= 1
                        continue
                    fault.times -= 1
                    return fault
        return None

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news."""


@contextmanager
def running() -> Iterator[Hub]:
    """Yields a server that runs in a thread."""
    hub = Hub()
    thread = threading.Thread(target=hub.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield hub
    finally:
        hub.closing.set()
        hub.shutdown()
        thread.join()
        hub.server_close()


@contextmanager
def talked_to(monkeypatch: Any, folder: Path) -> Iterator[Hub]:
    """Yields a server that the library talks to, under TOKEN, over LFS; in `folder` it finds no login and keeps its cache."""
    from huggingface_hub import constants
    from huggingface_hub.utils import close_session, disable_progress_bars

    disable_progress_bars()
    with running() as server:
        for name, value in {
            "ENDPOINT": server.url,
            "HUGGINGFACE_CO_URL_TEMPLATE": server.url + "/{repo_id}/resolve/{revision}/{filename}",
            "HF_HUB_CACHE": str(folder / "cache"),
            "HF_TOKEN_PATH": str(folder / "no-token"),
            "HF_HUB_DISABLE_XET": True,
            "HF_HUB_DISABLE_TELEMETRY": True,
        }.items():
            monkeypatch.setattr(constants, name, value)
        monkeypatch.setenv("HF_TOKEN", TOKEN)
        yield server
        close_session()


class Refusal(Exception):
    """An answer with an error status."""

    def __init__(self, status: int, message: str, code: str = "", **more: str) -> None:
        super().__init__(message)
        self.status, self.more = status, more
        self.headers = {"X-Error-Message": message} | ({"X-Error-Code": code} if code else {})


class Dead(Exception):
    """The line is to be cut."""


ROUTES = (
    (r"GET /api/whoami-v2", "whoami"),
    (r"POST /api/repos/create", "create"),
    (r"POST /api/validate-yaml", "validate"),
    (r"GET /api/(?:datasets|models)/([^/]+/[^/]+)", "info"),
    (r"GET /api/(?:datasets|models)/([^/]+/[^/]+)/revision/(.+)", "info"),
    (r"GET /api/(?:datasets|models)/([^/]+/[^/]+)/refs", "refs"),
    (r"POST /api/(?:datasets|models)/([^/]+/[^/]+)/preupload/([^/]+)", "preupload"),
    (r"POST (?:/datasets)?/([^/]+/[^/]+)\.git/info/lfs/objects/batch", "batch"),
    (r"PUT /storage/([0-9a-f]{64})", "store"),
    (r"POST /verify/([^/]+/[^/]+)", "verify"),
    (r"POST /api/(?:datasets|models)/([^/]+/[^/]+)/commit/([^/]+)", "commit"),
    (r"POST /api/(?:datasets|models)/([^/]+/[^/]+)/tag/([^/]+)", "tag"),
)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: Hub
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""

    def do_GET(self) -> None:
        """Answers."""
        self._answer()

    do_POST = do_PUT = do_HEAD = do_GET  # noqa: N815

    def _answer(self) -> None:
        path = unquote(urlsplit(self.path).path)
        request = f"{self.command} {path}"
        self.server.log.append(request)
        fault = self.server.fault_of(request)
        try:
            if fault and fault.kind == "cut":
                self.rfile.read(int(self.headers.get("Content-Length", 0)) // 2)
                raise Dead
            body = self._body()
            if fault and fault.kind in ("silent", "slow"):
                self.server.closing.wait(fault.seconds)
                if fault.kind == "silent":
                    raise Dead
            if fault and fault.kind == "status":
                self._send(fault.status, fault.body.encode(), {"Content-Type": "application/json"} | fault.headers)
                return
            if fault and fault.kind == "other":
                repo = next(iter(self.server.repos.values()))
                repo.commits.append(Commit(new_oid("other"), "other", {"README.md": b"theirs"}))
            if file := re.fullmatch(r"(?:GET|HEAD) /datasets/([^/]+/[^/]+)/resolve/([^/]+)/(.+)", request):
                self._resolve(*file.groups())
                return
            try:
                with self.server.lock:
                    value = self._route(request, body)
            except Refusal as refusal:
                self._send(refusal.status, json.dumps({"error": str(refusal)} | refusal.more).encode(), refusal.headers)
                return
            if fault and fault.kind == "lost":
                raise Dead
            self._send(200, json.dumps(value).encode(), {"Content-Type": "application/json"})
        except Dead:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()

    def _resolve(self, name: str, revision: str, path: str) -> None:
        """Answers with a file, as the Hub does for small ones."""
        commit = self.server.repos[name].at(revision) if name in self.server.repos else None
        data = commit.files.get(path) if commit else None
        if commit is None or data is None:
            self._send(404, b"{}", {"X-Error-Code": "EntryNotFound"})
            return
        self._send(200, data, {"ETag": f'"{git_blob(data)}"', "X-Repo-Commit": commit.oid})

    def _body(self) -> bytes:
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            parts = []
            while size := int(self.rfile.readline().strip(), 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        if len(body) < length:
            raise Dead
        return body

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()

    def _route(self, request: str, body: bytes) -> Any:
        for pattern, name in ROUTES:
            match = re.fullmatch(pattern, request)
            if match:
                return getattr(self, f"_{name}")(*match.groups(), body=body)
        raise Refusal(404, f"no such page: {request}")

    # who may what

    def _user(self) -> dict[str, Any]:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in self.server.users:
            raise Refusal(401, "Invalid credentials in Authorization header")
        return self.server.users[token]

    def _may_write(self, owner: str) -> None:
        user = self._user()
        if user["role"] == "read" or owner not in (user["name"], *user["orgs"]):
            raise Refusal(403, f"You don't have the rights to create a dataset under the namespace {owner}")

    def _repo(self, name: str, write: bool = False) -> Repo:
        user = self._user()
        repo = self.server.repos.get(name)
        owner = name.split("/")[0]
        if repo is None or (repo.private and owner not in (user["name"], *user["orgs"])):
            raise Refusal(404, "Repository not found", "RepoNotFound")
        if write:
            self._may_write(owner)
        return repo

    # endpoints

    def _whoami(self, body: bytes) -> Any:
        user = self._user()
        orgs = [{"name": org} for org in user["orgs"]]
        return {"type": "user", "name": user["name"], "orgs": orgs, "auth": {"accessToken": {"role": user["role"]}}}

    def _create(self, body: bytes) -> Any:
        data = json.loads(body)
        owner = data["organization"] or self._user()["name"]
        self._may_write(owner)
        name = f"{owner}/{data['name']}"
        if name in self.server.repos:
            raise Refusal(409, "You already created this dataset repo", url=f"{self.server.url}/datasets/{name}")
        self.server.made(name, data["visibility"] == "private", data.get("type", "model"))
        return {"url": f"{self.server.url}/datasets/{name}"}

    def _validate(self, body: bytes) -> Any:
        content = json.loads(body)["content"]
        if "license" not in content:
            raise Refusal(400, "license is missing")
        return {"errors": [], "warnings": []}

    def _info(self, name: str, revision: str = "main", *, body: bytes) -> Any:
        repo = self._repo(name)
        commit = repo.at(revision)
        if commit is None:
            raise Refusal(404, "Revision not found", "RevisionNotFound")
        siblings = [self._sibling(path, data) for path, data in commit.files.items()]
        return {"id": name, "sha": commit.oid, "private": repo.private, "siblings": siblings, "cardData": self.server.card_data}

    def _sibling(self, path: str, data: bytes) -> dict[str, Any]:
        entry: dict[str, Any] = {"rfilename": path, "size": len(data)}
        if large(path):
            pointer = f"version lfs\noid sha256:{hashlib.sha256(data).hexdigest()}\nsize {len(data)}\n".encode()
            entry["lfs"] = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data), "pointerSize": len(pointer)}
            return entry | {"blobId": git_blob(pointer)}
        return entry | {"blobId": git_blob(data)}

    def _refs(self, name: str, body: bytes) -> Any:
        repo = self._repo(name)
        tags = [{"name": tag, "ref": f"refs/tags/{tag}", "targetCommit": oid} for tag, oid in repo.tags.items()]
        return {
            "branches": [{"name": "main", "ref": "refs/heads/main", "targetCommit": repo.head.oid}],
            "converts": [],
            "tags": tags,
        }

    def _preupload(self, name: str, revision: str, body: bytes) -> Any:
        self._repo(name, write=True)
        modes = []
        for file in json.loads(body)["files"]:
            mode = "lfs" if large(file["path"]) else "regular"
            modes.append({"path": file["path"], "uploadMode": mode, "shouldIgnore": False})
        return {"files": modes}

    def _batch(self, name: str, body: bytes) -> Any:
        self._repo(name, write=True)
        objects: list[dict[str, Any]] = []
        for entry in json.loads(body)["objects"]:
            if entry["oid"] in self.server.blobs:
                objects.append(entry)
                continue
            upload = {"href": f"{self.server.url}/storage/{entry['oid']}?X-Signature=SignedSecret"}
            objects.append(entry | {"actions": {"upload": upload, "verify": {"href": f"{self.server.url}/verify/{name}"}}})
        return {"transfer": "basic", "objects": objects}

    def _store(self, oid: str, body: bytes) -> Any:
        if "Authorization" in self.headers:
            raise Refusal(400, "the token is not for the storage")
        if hashlib.sha256(body).hexdigest() != oid:
            raise Refusal(400, "the content is not what was announced")
        self.server.blobs[oid] = body
        return {}

    def _verify(self, name: str, body: bytes) -> Any:
        self._repo(name, write=True)
        data = json.loads(body)
        if len(self.server.blobs.get(data["oid"], b"")) != data["size"]:
            raise Refusal(400, "not uploaded")
        return {}

    def _commit(self, name: str, revision: str, body: bytes) -> Any:
        repo = self._repo(name, write=True)
        header, *operations = [json.loads(line) for line in body.decode().splitlines()]
        parent = header["value"].get("parentCommit")
        if parent and parent != repo.head.oid:
            raise Refusal(412, "A commit has happened since. Please refresh and try again.")
        files = dict(repo.head.files)
        for operation in operations:
            value = operation["value"]
            if operation["key"] == "file":
                files[value["path"]] = base64.b64decode(value["content"])
            elif operation["key"] == "lfsFile":
                if value["oid"] not in self.server.blobs:
                    raise Refusal(400, f"the content of {value['path']} is not in the storage")
                files[value["path"]] = self.server.blobs[value["oid"]]
            elif value["path"] not in files:
                raise Refusal(404, "A file with this name doesn't exist", "EntryNotFound")
            else:
                del files[value["path"]]
        oid = new_oid(name, len(repo.commits), time.monotonic_ns())
        repo.commits.append(Commit(oid, header["value"]["summary"], files))
        return {"commitUrl": f"{self.server.url}/datasets/{name}/commit/{oid}", "commitOid": oid}

    def _tag(self, name: str, revision: str, body: bytes) -> Any:
        repo = self._repo(name, write=True)
        tag = json.loads(body)["tag"]
        if tag in repo.tags:
            raise Refusal(409, f"Tag {tag} already exists")
        repo.tags[tag] = revision
        return {}


def large(path: str) -> bool:
    """Whether the Hub keeps a file in its storage of large files."""
    return path.endswith((".parquet", ".safetensors", ".bin"))


def git_blob(data: bytes) -> str:
    """Returns the hash by which git knows a file."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
