#!/usr/bin/env bash
# Runs a command of the program with Spark in one process on this machine; builds what is missing.
#
#   jobs/local.sh demo
#   jobs/local.sh train --config conf/demo.yaml --set output.dir=runs/mine
#
# With --install as the first argument it installs a JDK 17 and Maven where they are missing (Debian,
# Ubuntu; root, or sudo without a password).
#
# The first `predict` also leaves target/predict-*.jsa, by which Java starts the next ones faster, and
# --help and --dry-run.
#
# ADAPTSEG_JAVA_OPTIONS is passed to java, for example -Xmx8g. OMP_NUM_THREADS is the number of threads
# of benchmarks; everything else computes with cluster.threads-per-worker.
# Started as `sh FILE`, it goes on in bash.
[ -n "${BASH_VERSION:-}" ] || exec bash "$0" "$@"
set -euo pipefail
# shellcheck source=jobs/common.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"

shared=()
short=()
archive=
classes_to_make=

# Classes that `predict` loads, checked and laid out by the JVM (class data sharing): half of what a
# short command does before it computes. Java itself sees whether they are of its version and of these
# jars, and goes on without them if not. Fails where there are none.
find_classes() {
  archive=$root/target/predict-$(printf '%s' "$java_said" | cksum | cut -d' ' -f1).jsa
  # Java would print on standard output which classes it leaves out.
  shared=(-Xlog:disable -Xlog:all=error:stderr)
  if [ -f "$archive" ] && [ "$archive" -nt "$job_jar" ] && [ "$archive" -nt "$spark_jars/.complete" ]; then
    shared+=("-XX:SharedArchiveFile=$archive")
  else
    return 1
  fi
}

# What ends within seconds gains nothing from code that Java takes seconds to optimise.
be_short() {
  short=(-XX:TieredStopAtLevel=1)
  find_classes || shared=()
}

# Runs the program, which leaves its classes when it ends. The file appears whole, and only after a
# good end.
run_and_keep_classes() {
  local made=$classes_to_make.$$ child code=0
  "$java" "${shared[@]}" "-XX:ArchiveClassesAtExit=$made" "${command[@]}" <&0 &
  child=$!
  trap 'kill -TERM "$child" 2>/dev/null || true' TERM INT HUP
  wait "$child" || code=$?
  while kill -0 "$child" 2>/dev/null; do # a signal ended the wait, not the program
    code=0
    wait "$child" || code=$?
  done
  if [ "$code" -eq 0 ] && [ -s "$made" ]; then
    mv -f "$made" "$classes_to_make" 2>/dev/null || true
  fi
  rm -f "$made"
  exit "$code"
}

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
case " $* " in
  *' --help '* | *' -h '* | *' --dry-run '*) be_short ;;
  ' predict '*)
    if ! find_classes; then
      # Where they cannot be made, it goes without.
      if [ -w "$root/target" ]; then classes_to_make=$archive; else shared=(); fi
    fi
    ;;
esac
command=("@$java_options" ${short[@]+"${short[@]}"} ${extra[@]+"${extra[@]}"} -cp "$job_jar:$spark_class_path"
  org.adaptseg.cli.Main "$@")
if [ -z "$classes_to_make" ]; then
  exec "$java" ${shared[@]+"${shared[@]}"} "${command[@]}"
fi
run_and_keep_classes
