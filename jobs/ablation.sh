#!/usr/bin/env bash
# Runs the methods of the paper's tables on the synthetic streets, for seeds 1 to 3, and the sweep of
# lambda_adv, and writes the tables into docs/results.md. Takes an hour or less on 2 idle cores; may be
# stopped and started again: finished runs are kept in runs/ablation and not repeated.
#
#   jobs/ablation.sh
#   jobs/ablation.sh --iterations 400 --dir runs/ablation-400
#   jobs/ablation.sh --tables-only
# Started as `sh FILE`, it goes on in bash.
[ -n "${BASH_VERSION:-}" ] || exec bash "$0" "$@"
set -euo pipefail
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
exec "$here/local.sh" ablation --tables "$here/../docs/results.md" "$@"
