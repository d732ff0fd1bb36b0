#!/usr/bin/env bash
# Train on a SLURM cluster: tools/slurm_train.sh PARTITION JOB_NAME CONFIG [flags of tools/train.py]
# One member per array task: ARRAY=0-4 tools/slurm_train.sh PARTITION JOB_NAME CONFIG
set -euo pipefail
PARTITION=$1
JOB_NAME=$2
CONFIG=$3
GPUS=${GPUS:-1}
GPUS_PER_NODE=${GPUS_PER_NODE:-$GPUS}
CPUS_PER_TASK=${CPUS_PER_TASK:-8}
TRAIN="$(dirname "$0")/train.py"
if [ -n "${ARRAY:-}" ]; then
    sbatch --partition="$PARTITION" --job-name="$JOB_NAME" --array="$ARRAY" \
        --gres=gpu:1 --ntasks=1 --cpus-per-task="$CPUS_PER_TASK" ${SRUN_ARGS:-} \
        --wrap "python -u $TRAIN $CONFIG --resume --cfg-options ensemble.members=[\$SLURM_ARRAY_TASK_ID] ${*:4}"
else
    srun --partition="$PARTITION" --job-name="$JOB_NAME" --gres=gpu:"$GPUS_PER_NODE" \
        --ntasks="$GPUS" --ntasks-per-node="$GPUS_PER_NODE" --cpus-per-task="$CPUS_PER_TASK" \
        --kill-on-bad-exit=1 ${SRUN_ARGS:-} \
        python -u "$TRAIN" "$CONFIG" --launcher slurm "${@:4}"
fi
