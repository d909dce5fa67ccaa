#!/usr/bin/env bash
# Runs the benchmarks beside their peers, in turn, and writes the table to docs/benchmarks.md.
#
#   jobs/bench.sh                 all of them; about 40 minutes on 2 cores
#   jobs/bench.sh step evaluate   some of: step forward evaluate input round run
#
# The peers need python3 with NumPy and PyTorch (TORCH_PYTHON, PYTHONPATH) and one with NumPy and
# Pillow (PILLOW_PYTHON; Debian, Ubuntu: apt-get install python3-pil python3-numpy). A peer that is
# missing is said to be so in the table. BENCH_THREADS is the number of threads of both sides (2).
# Nothing else should run on the machine meanwhile.
set -euo pipefail
# shellcheck source=jobs/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

find_java
need_job_jar
need_spark_jars
command -v python3 >/dev/null || fail "Cannot compare: expected python3, found none in PATH"
echo "Finding the class path of the round benchmark ..." >&2
build test-compile dependency:build-classpath -Dmdep.outputFile="$root/target/bench-class-path"
class_path=$root/target/test-classes:$root/target/classes:$(cat "$root/target/bench-class-path")
export ADAPTSEG_JAVA=$java ADAPTSEG_JAVA_OPTIONS_FILE=$java_options
export ADAPTSEG_PROGRAM="$job_jar:$spark_jars/*" ADAPTSEG_TESTS=$class_path ADAPTSEG_ROOT=$root
export SPARK_LOCAL_IP=${SPARK_LOCAL_IP:-127.0.0.1}
exec python3 "$root/jobs/bench/run.py" "$@"
