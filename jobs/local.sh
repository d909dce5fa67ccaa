#!/usr/bin/env bash
# Runs a command of the program with Spark in one process on this machine; builds what is missing.
#
#   jobs/local.sh demo
#   jobs/local.sh train --config conf/demo.yaml --set output.dir=runs/mine
#
# With --install as the first argument it installs a JDK 17 and Maven where they are missing (Debian,
# Ubuntu; root, or sudo without a password).
#
# ADAPTSEG_JAVA_OPTIONS is passed to java, for example -Xmx8g. OMP_NUM_THREADS is the number of threads
# of benchmarks; everything else computes with cluster.threads-per-worker.
set -euo pipefail
# shellcheck source=jobs/common.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"

if [ "${1:-}" = --install ]; then
  shift
  install_to_build
fi
find_java
need_job_jar
need_spark_jars "$@"
# All of Spark is in this process; nobody else need reach it.
export SPARK_LOCAL_IP=${SPARK_LOCAL_IP:-127.0.0.1}
read -r -a extra <<<"${ADAPTSEG_JAVA_OPTIONS:-}"
exec "$java" "@$java_options" ${extra[@]+"${extra[@]}"} -cp "$job_jar:$spark_class_path" \
  org.adaptseg.cli.Main "$@"
