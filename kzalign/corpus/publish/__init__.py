"""publish: a finished dataset folder to the Hugging Face Hub, in one commit and with a tag, or not at all."""

from kzalign.corpus.publish.plan import plan
from kzalign.hub import Outcome, Plan, push

__all__ = ["Outcome", "Plan", "plan", "push"]
