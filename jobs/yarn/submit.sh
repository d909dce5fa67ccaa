#!/usr/bin/env bash
# Runs a command of the program on a Hadoop cluster, driver and executors in containers of YARN.
# Waits for the end; exits with 0 only if the run succeeded.
#
#   export HADOOP_CONF_DIR=/etc/hadoop/conf
#   jobs/yarn/submit.sh --num-executors 4 --executor-cores 4 --executor-memory 8g \
#     --conf spark.executor.memoryOverhead=12g -- \
#     train --config conf/gta5-to-cityscapes-multi.yaml --set cluster.workers=4 \
#     --set cluster.threads-per-worker=4 --set output.dir=hdfs:///runs/multi \
#     --set initial-weights.file=hdfs:///weights/DeepLab_resnet_pretrained_init-f81d91e8.pth \
#     --set data.source.root=hdfs:///data/GTA5 --set data.target.root=hdfs:///data/Cityscapes \
#     --set data.evaluation.root=hdfs:///data/Cityscapes
#
# What stands before -- goes to spark-submit and wins over the defaults below; the rest goes to the
# program. One executor per worker (cluster.workers), with cluster.threads-per-worker cores. A
# --config file of this machine is sent along; everything else must be where the cluster finds it.
# Uses the Spark in SPARK_HOME (any 3.5 with Scala 2.12) or, without one, the version that this
# project is built for, whose jars are then sent along too.
#
# Network weights and images are native memory: what `train --dry-run` prints, less the heap, belongs
# in spark.executor.memoryOverhead, or YARN kills the executors.
set -euo pipefail
# shellcheck source=jobs/common.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../common.sh"

split_arguments "$@"
[ -n "${HADOOP_CONF_DIR:-${YARN_CONF_DIR:-}}" ] ||
  fail "Cannot submit: expected the cluster's configuration in HADOOP_CONF_DIR, found no such" \
    "variable (usually /etc/hadoop/conf)"
export HADOOP_CONF_DIR=${HADOOP_CONF_DIR:-$YARN_CONF_DIR}
find_java
need_job_jar
find_submit ${arguments[@]+"${arguments[@]}"}
has_option --deploy-mode client || ship_configuration

defaults=(
  --master yarn
  --deploy-mode cluster
  --name adaptseg
  # A second attempt would meet the checkpoints of the first: run again with --resume instead.
  --conf spark.yarn.maxAppAttempts=1
  # A round is one task per worker; it lasts as long as its slowest. Wait for all of them.
  --conf spark.dynamicAllocation.enabled=false
  --conf spark.scheduler.minRegisteredResourcesRatio=1.0
  --conf "spark.executorEnv.MALLOC_MMAP_THRESHOLD_=$MALLOC_MMAP_THRESHOLD_"
  --conf "spark.yarn.appMasterEnv.MALLOC_MMAP_THRESHOLD_=$MALLOC_MMAP_THRESHOLD_"
)
# A worker's threads are its own.
cores=$(option_value --executor-cores spark.executor.cores)
[ -z "$cores" ] || defaults+=(--conf "spark.task.cpus=$cores")
if [ -z "${SPARK_HOME:-}" ]; then
  jars="file:$spark_jars/*.jar"
  case $spark_class_path in *"$s3_jars"*) jars+=",file:$s3_jars/*.jar" ;; esac
  defaults+=(--conf "spark.yarn.jars=$jars")
fi
exec "${submit[@]}" --class org.adaptseg.cli.Main "${defaults[@]}" \
  ${options[@]+"${options[@]}"} "$job_jar" ${arguments[@]+"${arguments[@]}"}
