"""Low-rank adapters through peft: put on, read back, merged."""

import warnings
from pathlib import Path
from typing import Any

from kzalign.config import FinetuneConfig
from kzalign.errors import KzalignError

ADAPTED = {
    "t5": ("q", "k", "v", "o", "wi_0", "wi_1", "wo"),
    "": ("q_proj", "k_proj", "v_proj", "out_proj", "fc1", "fc2"),
}
"""The layers that adapters are put on, by type of model: all of attention and feed-forward."""


def _peft() -> Any:
    try:
        import peft
    except ImportError:
        raise KzalignError("finetune.method=lora needs peft: pip install 'kzalign[finetune]'") from None
    return peft


def with_adapter(model: Any, config: FinetuneConfig) -> Any:
    """Returns the model with fresh adapters, all else frozen."""
    peft = _peft()
    layers = ADAPTED.get(model.config.model_type, ADAPTED[""])
    there = {name.rsplit(".", 1)[-1] for name, _ in model.named_modules()}
    settings = peft.LoraConfig(
        task_type="SEQ_2_SEQ_LM",
        r=config.lora_rank,
        lora_alpha=2 * config.lora_rank,
        lora_dropout=config.lora_dropout,
        target_modules=[name for name in layers if name in there],
    )
    with warnings.catch_warnings():
        # peft asks transformers in words that are to change.
        warnings.simplefilter("ignore", FutureWarning)
        return peft.get_peft_model(model, settings)


def merged(model: Any, adapter: Path) -> Any:
    """Returns the base model with a saved adapter's weights added to its own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        return _peft().PeftModel.from_pretrained(model, str(adapter)).merge_and_unload()
