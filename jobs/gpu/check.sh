#!/usr/bin/env bash
# Checks the CUDA engine on this machine's GPU, and times it: the losses of an iteration in every
# precision that it has against the processor's, the same run twice, then whole adversarial iterations with
# ResNet-101, beside PyTorch where python3 has it with CUDA. On standard output are rows for
# docs/benchmarks.md; what a row is made of is on standard error. The exit code is 1 if anything
# disagrees.
#
#   jobs/gpu/check.sh
#   jobs/gpu/check.sh --small               networks and images of a few pixels, without PyTorch
#   jobs/gpu/check.sh --only tf32,float32   in these precisions
#   jobs/gpu/check.sh --pack DIR            packs a folder of at most 40 MB for a machine with a GPU,
#                                           without Java and network: bash check.sh in it does the same
set -euo pipefail
# shellcheck source=jobs/common.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../common.sh"

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
script=(check.py "$@")
case "${1:-} $#" in
  ' 0' | '--small 1' | '--only 2') ;;
  '--pack 2') script=(pack.py "$2") ;;
  *) fail "Cannot check: expected --small, --only PRECISION, --pack DIR or nothing, found $*" ;;
esac
command -v python3 >/dev/null || fail "Cannot check: expected python3, found none in PATH"
if [ -z "${ADAPTSEG_PROGRAM:-}" ]; then
  find_java
  need_job_jar
  need_spark_jars
  export ADAPTSEG_JAVA=$java ADAPTSEG_JAVA_OPTIONS_FILE=$java_options
  export ADAPTSEG_PROGRAM="$job_jar:$spark_jars/*"
fi
exec python3 -B "$here/${script[0]}" "${script[@]:1}"
