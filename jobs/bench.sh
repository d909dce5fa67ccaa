#!/usr/bin/env bash
# Runs the benchmarks beside their peers, in turn, and writes the table to docs/benchmarks.md.
#
#   jobs/bench.sh                 all of them; about an hour on 2 cores
#   jobs/bench.sh step evaluate   some of: step bfloat16 batch forward evaluate split input s3 round run;
#                                 the table keeps what was measured before of the others
#
# s3 reads images from an S3 server that it starts, beside the same files on the local disk; it
# needs the client of S3 (280 MB) and the server (55 MB), which are fetched once.
# The peers need python3 with NumPy and PyTorch (TORCH_PYTHON, PYTHONPATH) and one with NumPy and
# Pillow (PILLOW_PYTHON; Debian, Ubuntu: apt-get install python3-pil python3-numpy). A peer that is
# missing is said to be so in the table. BENCH_THREADS is the number of threads of both sides (2).
# Nothing else should run on the machine meanwhile.
# Started as `sh FILE`, it goes on in bash.
[ -n "${BASH_VERSION:-}" ] || exec bash "$0" "$@"
set -euo pipefail
# shellcheck source=jobs/common.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"

s3_server=$root/target/s3-server/s3proxy-jar-with-dependencies.jar
find_java
need_job_jar
need_spark_jars
if [ $# -eq 0 ] || [[ " $* " == *" s3 "* ]]; then
  need_spark_jars s3a://
  [ -f "$s3_server" ] || build dependency:copy@s3-server
fi
command -v python3 >/dev/null || fail "Cannot compare: expected python3, found none in PATH"
echo "Finding the class path of the round benchmark ..." >&2
build test-compile dependency:build-classpath -Dmdep.outputFile="$root/target/bench-class-path"
class_path=$root/target/test-classes:$root/target/classes:$(cat "$root/target/bench-class-path")
export ADAPTSEG_JAVA=$java ADAPTSEG_JAVA_OPTIONS_FILE=$java_options
export ADAPTSEG_PROGRAM="$job_jar:$spark_jars/*" ADAPTSEG_TESTS=$class_path ADAPTSEG_ROOT=$root
export ADAPTSEG_S3_CLIENT="$s3_jars/*" ADAPTSEG_S3_SERVER=$s3_server
export SPARK_LOCAL_IP=${SPARK_LOCAL_IP:-127.0.0.1}
# -B: leaves no compiled file beside the sources.
exec python3 -B "$root/jobs/bench/run.py" "$@"
