"""Parts of a job for machines that work side by side: every record is in exactly one."""

import hashlib
import re
from typing import NamedTuple

from kzalign.errors import KzalignError

SHARD = re.compile(r"([1-9]\d*)/([1-9]\d*)")


class Shard(NamedTuple):
    """The `number`th (from 1) of `of` shards."""

    number: int
    of: int

    def __str__(self) -> str:
        """Returns the form that `--shard` takes."""
        return f"{self.number}/{self.of}"

    def has(self, record_id: str) -> bool:
        """Says whether a record is in this shard."""
        return shard_of(record_id, self.of) == self.number


def parse_shard(text: str) -> Shard:
    """Returns the shard that `i/n` names; raises KzalignError if there is none."""
    match = SHARD.fullmatch(text)
    if match is None or int(match[1]) > int(match[2]):
        raise KzalignError(f"--shard {text}: expected i/n with i from 1 to n, such as 2/8")
    return Shard(int(match[1]), int(match[2]))


def shard_of(record_id: str, of: int) -> int:
    """Returns the number, from 1 to `of`, of the shard that a record is in: a function of its id alone."""
    return int.from_bytes(hashlib.sha256(record_id.encode("utf-8", "replace")).digest()[:8]) % of + 1
