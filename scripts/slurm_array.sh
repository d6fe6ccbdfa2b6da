#!/usr/bin/env bash
#SBATCH --job-name=kzalign
#SBATCH --array=1-8
#SBATCH --cpus-per-task=16
#SBATCH --gpus-per-task=1
#SBATCH --ntasks=1
#SBATCH --time=24:00:00
#SBATCH --signal=B:TERM@300
#
# One `kzalign translate --shard i/n` for each task of a job array: machines that know nothing of each other.
#
#   sbatch --array=1-8 scripts/slurm_array.sh OUTPUT.jsonl INPUT --model ID --missing --date 2026-01-31
#   sbatch --dependency=afterok:JOB --array=0 scripts/slurm_array.sh OUTPUT.jsonl INPUT      puts the shards together
#
# The shards are OUTPUT-shard-1.jsonl to OUTPUT-shard-n.jsonl on a shared file system. A task that was stopped, or whose
# node failed, goes on where it was: sbatch --array=3,5 --export=ALL,SHARDS=8 with the same arguments. Give --date, so
# that shards of two days are of one run. KZALIGN_ENV is a file to source, such as a venv's bin/activate.
set -euo pipefail

if [ "$#" -lt 2 ]; then
  echo "usage: sbatch --array=1-N slurm_array.sh OUTPUT INPUT --model ID --missing --date DAY" >&2
  exit 2
fi
if [ -n "${KZALIGN_ENV:-}" ]; then
  # shellcheck disable=SC1090
  source "$KZALIGN_ENV"
fi
output="$1"
input="$2"
shift 2

if [ "$SLURM_ARRAY_TASK_ID" -eq 0 ]; then
  exec kzalign translate --merge "$input" "${output%.jsonl}"-shard-*.jsonl -o "$output"
fi
shards="${SHARDS:-$SLURM_ARRAY_TASK_COUNT}"
# exec: Slurm's SIGTERM reaches kzalign itself, which ends after its batch.
exec kzalign translate "$input" "$@" --shard "$SLURM_ARRAY_TASK_ID/$shards" \
  -o "${output%.jsonl}-shard-$SLURM_ARRAY_TASK_ID.jsonl"
