"""publish: a finished dataset folder to the Hugging Face Hub, in one commit and with a tag, or not at all."""

from kzalign.corpus.publish.plan import Plan, plan
from kzalign.corpus.publish.push import Outcome, push

__all__ = ["Outcome", "Plan", "plan", "push"]
