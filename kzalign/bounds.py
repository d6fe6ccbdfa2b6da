"""The least and the most that each number of the configuration can be."""

BOUNDS: dict[tuple[float, float], str] = {
    (0, 1e6): "extract.max_megabytes extract.max_unpacked_megabytes",
    (0.001, 1e4): "harvest.max_megabytes",
    (0, 86_400): "harvest.delay harvest.longest_pause",
    (0.1, 86_400): "extract.max_seconds extract.ocr_seconds harvest.timeout harvest.max_seconds",
    (50, 1200): "extract.ocr_dpi",
    (0, 1024): "extract.ocr_jobs",
    (50, 1e6): "extract.max_memory_megabytes",
    (1, 1e9): """
        extract.max_line_chars extract.max_chars extract.ocr_pages filters.length_ratio filters.recurrence harvest.max_records
        mt.batch_tokens translate.batch finetune.batch_tokens finetune.device_tokens finetune.steps finetune.eval_steps
        finetune.log_steps
    """,
    (0, 1e9): """
        extract.min_chars extract.max_members filters.shortest filters.longest filters.longest_word filters.furniture
        filters.personal finetune.warmup_steps
    """,
    (0, 1): """
        extract.related extract.related_apart build.near_duplicate build.same_split filters.alignment filters.language
        filters.foreign filters.copies filters.numbers filters.repeats filters.letters filters.broken build.low_score
        build.validation build.test finetune.document_share finetune.replay_share
    """,
    (0, 100): "align.encoder_weight mt.retries harvest.retries harvest.max_redirects",
    (0, 3_650): "harvest.overlap_days",
    (0, 2): "filters.cut",
    (0, 64): "mt.num_beams",
    (1, 256): "mt.concurrency",
    (1, 86_400): "mt.timeout",
    (20, 1e9): "translate.max_length",
    (1, 1e6): """
        translate.batch_texts translate.window finetune.lora_rank finetune.temperature finetune.checkpoint_steps finetune.patience
        finetune.dev_segments harvest.rows
    """,
    (100, 1e6): "finetune.vocabulary",
    (0, 0.99): "finetune.lora_dropout finetune.dropout finetune.label_smoothing",
    (0, 10): "finetune.learning_rate finetune.weight_decay",
    (8, 100_000): "finetune.max_length",
    (0, 2**32 - 1): "finetune.seed",
}
RANGES = {name: bounds for bounds, names in BOUNDS.items() for name in names.split()}
"""The least and the most that a setting can be."""
