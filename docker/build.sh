#!/usr/bin/env bash
# Builds an image of the job jar, after building what goes into it.
#
#   docker/build.sh cpu                                     adaptseg-spark:cpu
#   docker/build.sh gpu registry.example.com/adaptseg:1-gpu
#
# ADAPTSEG_JOB_JAR names a job jar that is there already.
set -euo pipefail
# shellcheck source=jobs/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../jobs/common.sh"

kind=${1:-}
case $kind in
  cpu | gpu) ;;
  *) fail "Cannot build an image: expected cpu or gpu, found ${kind:-nothing}" ;;
esac
tag=${2:-adaptseg-spark:$kind}

find_java
need_job_jar
# The class path of a user of S3, with its client.
need_spark_jars s3a://
if [ -n "${ADAPTSEG_JOB_JAR:-}" ]; then
  job_jar=$ADAPTSEG_JOB_JAR
fi

context=$root/target/docker
rm -rf "$context"
mkdir -p "$context/jars"
cp "$job_jar" "$context/adaptseg-spark-job.jar"
cp "$java_options" "$context/java.options"
cp "$spark_jars"/hadoop-aws-*.jar "$spark_jars"/spark-hadoop-cloud_*.jar "$s3_jars"/*.jar \
  "$context/jars"
exec docker build --file "$root/docker/Dockerfile.$kind" --tag "$tag" "$root"
