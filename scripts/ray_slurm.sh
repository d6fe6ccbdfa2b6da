#!/usr/bin/env bash
#SBATCH --job-name=kzalign-ray
#SBATCH --nodes=4
#SBATCH --ntasks-per-node=1
#SBATCH --cpus-per-task=16
#SBATCH --gpus-per-node=1
#SBATCH --time=24:00:00
#SBATCH --signal=B:TERM@300
#SBATCH --requeue
#
# One `kzalign translate` over all nodes of a job: Ray's head on the first, a worker's node each, one driver.
#
#   sbatch --nodes=8 scripts/ray_slurm.sh articles.jsonl --model ID --missing -o /shared/translated.jsonl \
#       --actors 8 --gpus-per-actor 1 --cpus-per-actor 16
#
# Arguments are those of `kzalign translate`; --engine and --ray-address are added here. Lines of #SBATCH are defaults
# that options of sbatch replace (no GPUs: sbatch --gpus-per-node=0). Every node needs the same kzalign and model: set
# KZALIGN_ENV to a file to source, such as a venv's bin/activate. The output's folder is shared, or the first node's.
#
# Five minutes before the time is up Slurm sends SIGTERM: the driver ends after the batches under way with 130 and the
# same sbatch line goes on from there; after a node's failure --requeue does that by itself.
set -euo pipefail

if [ "$#" -eq 0 ]; then
  echo "usage: sbatch ray_slurm.sh INPUT --model ID --missing -o OUTPUT --actors N [--gpus-per-actor G]" >&2
  exit 2
fi
if [ -n "${KZALIGN_ENV:-}" ]; then
  # shellcheck disable=SC1090
  source "$KZALIGN_ENV"
fi
export RAY_USAGE_STATS_ENABLED=0

mapfile -t nodes < <(scontrol show hostnames "$SLURM_JOB_NODELIST")
head="${nodes[0]}"
head_ip="$(srun --nodes=1 --ntasks=1 --nodelist="$head" hostname --ip-address | awk '{print $1}')"
# Two jobs may share a node: the port follows from the job's number.
port=$((20000 + SLURM_JOB_ID % 20000))
address="$head_ip:$port"
cpus="${SLURM_CPUS_PER_TASK:-1}"
gpus="${SLURM_GPUS_ON_NODE:-0}"
# Sockets need a short path.
temp="/tmp/ray-$SLURM_JOB_ID"

pids=()
driver=""
# shellcheck disable=SC2329
finish() {
  trap - EXIT TERM INT
  for pid in "${pids[@]}"; do
    kill -TERM "$pid" 2>/dev/null || true
  done
  wait "${pids[@]}" 2>/dev/null || true
  srun --overlap --nodes="${#nodes[@]}" --ntasks="${#nodes[@]}" rm -rf "$temp" || true
}
# shellcheck disable=SC2329
pass_on() {
  if [ -n "$driver" ]; then
    kill -TERM "$driver" 2>/dev/null || true
  fi
}
trap finish EXIT
trap pass_on TERM INT

# --block: the step lives as long as its node of Ray, and ends it when it is ended.
srun --overlap --nodes=1 --ntasks=1 --nodelist="$head" \
  ray start --head --block --node-ip-address="$head_ip" --port="$port" --num-cpus="$cpus" --num-gpus="$gpus" \
  --include-dashboard=false --temp-dir="$temp" &
pids+=("$!")
for _ in $(seq 60); do
  ray status --address "$address" >/dev/null 2>&1 && break
  sleep 2
done
if [ "${#nodes[@]}" -gt 1 ]; then
  others=$((${#nodes[@]} - 1))
  # A node that fails does not end the others: the job goes on with those that are left.
  srun --overlap --nodes="$others" --ntasks="$others" --exclude="$head" --kill-on-bad-exit=0 --no-kill \
    ray start --block --address="$address" --num-cpus="$cpus" --num-gpus="$gpus" &
  pids+=("$!")
fi

kzalign translate "$@" --engine ray --ray-address "$address" &
driver="$!"
status=0
wait "$driver" || status=$?
# A signal ends `wait` early; the driver still finishes the batches under way.
while kill -0 "$driver" 2>/dev/null; do
  status=0
  wait "$driver" || status=$?
done
exit "$status"
