#!/usr/bin/env bash
# Runs a command of the program by spark-submit; builds the job jar if it is missing.
#
#   jobs/submit.sh --master 'local[2]' -- demo
#   jobs/submit.sh --master yarn --num-executors 4 -- train --config conf/demo.yaml
#
# What stands before -- goes to spark-submit, the rest to the program; without -- all of it goes to
# the program. Uses the Spark in SPARK_HOME or, without one, the version that this project is built
# for.
set -euo pipefail
# shellcheck source=jobs/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

options=()
arguments=("$@")
for ((i = 0; i < $#; i++)); do
  if [ "${arguments[i]}" = -- ]; then
    options=("${arguments[@]:0:i}")
    arguments=("${arguments[@]:i+1}")
    break
  fi
done

find_java
need_job_jar
if [ -n "${SPARK_HOME:-}" ]; then
  [ -x "$SPARK_HOME/bin/spark-submit" ] ||
    fail "Cannot submit: expected a Spark distribution in SPARK_HOME, found no" \
      "$SPARK_HOME/bin/spark-submit"
  submit=("$SPARK_HOME/bin/spark-submit")
else
  need_spark_jars "$@"
  submit=("$java" "@$java_options"
    "-Dlog4j2.configurationFile=$root/target/classes/log4j2.properties"
    -cp "$spark_class_path" org.apache.spark.deploy.SparkSubmit)
fi
exec "${submit[@]}" --class org.adaptseg.cli.Main ${options[@]+"${options[@]}"} \
  "$job_jar" ${arguments[@]+"${arguments[@]}"}
