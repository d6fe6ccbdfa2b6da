"""hub: a folder's files to a repository of the Hugging Face Hub, in one commit and with a tag, or not at all."""

from kzalign.hub.client import DATASET, MODEL
from kzalign.hub.plan import LocalFile, Plan
from kzalign.hub.push import Outcome, push

__all__ = ["DATASET", "MODEL", "LocalFile", "Outcome", "Plan", "push"]
