#!/usr/bin/env bash
# Measures what several workers are worth on the synthetic streets: runs a grid of numbers of workers,
# averaging intervals and rules for the learning rate, for seeds 1 to 3, and writes the table into
# docs/scaling.md. The whole grid takes hours; it may be stopped and started again: finished runs are kept
# in runs/scaling and not repeated. The workers of a run take turns on the processors of this machine.
#
#   jobs/scaling.sh
#   jobs/scaling.sh --iterations 400 --workers 2,4 --intervals 20 --seeds 1 --dir runs/scaling-400
#   jobs/scaling.sh --table-only
# Started as `sh FILE`, it goes on in bash.
[ -n "${BASH_VERSION:-}" ] || exec bash "$0" "$@"
set -euo pipefail
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
processors=$(nproc)
export ADAPTSEG_JAVA_OPTIONS="-Dspark.master=local[$processors] ${ADAPTSEG_JAVA_OPTIONS:-}"
exec "$here/local.sh" scaling --table "$here/../docs/scaling.md" "$@"
