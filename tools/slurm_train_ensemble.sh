#!/usr/bin/env bash
# Train the members of an ensemble as a SLURM job array, one GPU each; a second job joins and validates them:
#   tools/slurm_train_ensemble.sh [--dry-run] PARTITION JOB_NAME CONFIG [flags of tools/train.py]
# Members that are finished are left out, so the same line again trains what is missing. --dry-run prints the
# sbatch commands. SBATCH_ARGS='--time=24:00:00 --account=lab' is passed on to sbatch.
set -euo pipefail
DRY_RUN=
if [ "${1:-}" = --dry-run ]; then
    DRY_RUN=yes
    shift
fi
if [ $# -lt 3 ]; then
    echo "usage: $0 [--dry-run] PARTITION JOB_NAME CONFIG [flags of tools/train.py]" >&2
    exit 2
fi
PARTITION=$1
JOB_NAME=$2
CONFIG=$3
shift 3
TRAIN="$(dirname "$0")/train.py"

# The last line: what is imported may print, too.
MEMBERS=$(python "$TRAIN" "$CONFIG" "$@" --unfinished | tail -n 1)
# A task that is preempted is queued again, and resumes.
OPTIONS=(--parsable --partition="$PARTITION" --gres=gpu:1 --ntasks=1 --cpus-per-task="${CPUS_PER_TASK:-8}"
    --requeue --open-mode=append ${SBATCH_ARGS:-})
# A job step: the cluster sends its signals to those.
COMMAND="srun python -u ${TRAIN@Q} ${CONFIG@Q} ${*@Q} --resume --cfg-options"

exec 3>&1
submit() {
    if [ -n "$DRY_RUN" ]; then
        echo "sbatch ${*@Q}" >&3
        echo ARRAY_JOB_ID
    else
        sbatch "$@"
    fi
}

if [ -n "$MEMBERS" ]; then
    JOB=$(submit "${OPTIONS[@]}" --job-name="$JOB_NAME" --array="$MEMBERS" \
        --wrap "$COMMAND \"ensemble.members=[\$SLURM_ARRAY_TASK_ID]\" ensemble.merge=False")
    [ -n "$DRY_RUN" ] || echo "members $MEMBERS: job ${JOB%%;*}"
    # After any end of theirs: if members are missing it says which.
    OPTIONS+=(--dependency=afterany:"${JOB%%;*}")
fi
JOB=$(submit "${OPTIONS[@]}" --job-name="$JOB_NAME-merge" --wrap "$COMMAND \"ensemble.members=[]\"")
[ -n "$DRY_RUN" ] || echo "merge: job ${JOB%%;*}"
