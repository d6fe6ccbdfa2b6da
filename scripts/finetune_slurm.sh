#!/bin/bash
# Fine-tuning on many machines under Slurm: one task a node, one process a GPU.
#
#   sbatch --nodes=2 --gpus-per-node=4 scripts/finetune_slurm.sh corpus/ --model nllb-600m -o model/
#
# The arguments are those of `kzalign finetune`. The run's folder must lie on a disk that all nodes share. A job that is
# requeued goes on from the last checkpoint.
#SBATCH --job-name=kzalign-finetune
#SBATCH --ntasks-per-node=1
#SBATCH --requeue
set -euo pipefail

nodes=$(scontrol show hostnames "$SLURM_JOB_NODELIST")
export MASTER_ADDR=${nodes%%$'\n'*}
export MASTER_PORT=${MASTER_PORT:-29500}
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-8}

exec srun torchrun \
    --nnodes="$SLURM_NNODES" \
    --nproc-per-node="${SLURM_GPUS_ON_NODE:-1}" \
    --rdzv-id="$SLURM_JOB_ID" \
    --rdzv-backend=c10d \
    --rdzv-endpoint="$MASTER_ADDR:$MASTER_PORT" \
    -m kzalign finetune "$@"
