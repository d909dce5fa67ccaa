#!/usr/bin/env bash
# Runs a command of the program by spark-submit; builds the job jar if it is missing.
#
#   jobs/submit.sh --master 'local[2]' -- demo
#   jobs/submit.sh --master yarn --num-executors 4 -- train --config conf/demo.yaml
#
# What stands before -- goes to spark-submit, the rest to the program; without -- all of it goes to
# the program. Uses the Spark in SPARK_HOME or, without one, the version that this project is built
# for.
# Started as `sh FILE`, it goes on in bash.
[ -n "${BASH_VERSION:-}" ] || exec bash "$0" "$@"
set -euo pipefail
# shellcheck source=jobs/common.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"

split_arguments "$@"
find_java
need_job_jar
find_submit ${arguments[@]+"${arguments[@]}"}
exec "${submit[@]}" --class org.adaptseg.cli.Main ${options[@]+"${options[@]}"} \
  "$job_jar" ${arguments[@]+"${arguments[@]}"}
