#!/usr/bin/env bash
# Runs a command of the program on Kubernetes, driver and executors in pods. Waits for the end.
#
#   kubectl apply -f jobs/kubernetes/rbac.yaml
#   AWS_ACCESS_KEY_ID=... AWS_SECRET_ACCESS_KEY=... jobs/kubernetes/create-secret.sh
#   export ADAPTSEG_IMAGE=registry.example.com/adaptseg-spark:0.1.0-gpu   # see docker/build.sh
#   jobs/kubernetes/submit.sh --gpu --master k8s://https://api.example.com:6443 \
#     --conf spark.executor.instances=4 --executor-cores 4 --executor-memory 8g \
#     --conf spark.executor.memoryOverhead=12g -- \
#     train --config /opt/adaptseg/conf/gta5-to-cityscapes-multi.yaml \
#     --set cluster.workers=4 --set cluster.threads-per-worker=4 \
#     --set initial-weights.file=s3a://bucket/weights/DeepLab_resnet_pretrained_init-f81d91e8.pth \
#     --set output.dir=s3a://bucket/runs/multi --set data.source.root=s3a://bucket/GTA5 ...
#
# What stands before -- goes to spark-submit and wins over the defaults below; the rest goes to the
# program. --gpu, the first argument, gives each executor one GPU. A --config that is no file here is
# one of the image or of a store; a file here goes along by way of the directory that
# spark.kubernetes.file.upload.path names.
#
# ADAPTSEG_IMAGE      image, of docker/Dockerfile.cpu or docker/Dockerfile.gpu; needed
# ADAPTSEG_NAMESPACE  namespace of the pods, with rbac.yaml's service account (adaptseg)
# ADAPTSEG_S3_SECRET  secret with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (adaptseg-s3); set but
#                     empty: none, as where the service account has a role
#
# With --deploy-mode client the driver is this process, which the pods must be able to reach.
set -euo pipefail
# shellcheck source=jobs/common.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../common.sh"

gpu=no
if [ "${1:-}" = --gpu ]; then
  gpu=yes
  shift
fi
split_arguments "$@"
here=$root/jobs/kubernetes
secret=${ADAPTSEG_S3_SECRET-adaptseg-s3}
[ -n "${ADAPTSEG_IMAGE:-}" ] ||
  fail "Cannot submit: expected the name of an image in ADAPTSEG_IMAGE, found none" \
    "(docker/build.sh makes one)"

find_java
need_job_jar
find_submit ${arguments[@]+"${arguments[@]}"}
if has_option --deploy-mode client; then
  jar=$job_jar
else
  jar=local:///opt/adaptseg/adaptseg-spark-job.jar
  ship_configuration
fi

executors=$here/executor-template.yaml
[ "$gpu" = no ] || executors=$here/executor-template-gpu.yaml
defaults=(
  --deploy-mode cluster
  --name adaptseg
  --conf "spark.kubernetes.namespace=${ADAPTSEG_NAMESPACE:-adaptseg}"
  --conf "spark.kubernetes.container.image=$ADAPTSEG_IMAGE"
  --conf spark.kubernetes.authenticate.driver.serviceAccountName=adaptseg-driver
  --conf "spark.kubernetes.driver.podTemplateFile=$here/driver-template.yaml"
  --conf "spark.kubernetes.executor.podTemplateFile=$executors"
  --conf spark.kubernetes.driver.podTemplateContainerName=spark
  --conf spark.kubernetes.executor.podTemplateContainerName=spark
  # A round is one task per worker; it lasts as long as its slowest. Wait for all of them.
  --conf spark.dynamicAllocation.enabled=false
  --conf spark.scheduler.minRegisteredResourcesRatio=1.0
)
# A worker's threads are its own.
cores=$(option_value --executor-cores spark.executor.cores)
[ -z "$cores" ] || defaults+=(--conf "spark.task.cpus=$cores")
if [ -n "$secret" ]; then
  for role in driver executor; do
    for key in AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY; do
      defaults+=(--conf "spark.kubernetes.$role.secretKeyRef.$key=$secret:$key")
    done
  done
fi
if [ "$gpu" = yes ]; then
  defaults+=(
    --conf spark.executor.resource.gpu.amount=1
    --conf spark.executor.resource.gpu.vendor=nvidia.com
    --conf spark.executor.resource.gpu.discoveryScript=/opt/adaptseg/gpu/discover.sh
    --conf spark.task.resource.gpu.amount=1
  )
fi
exec "${submit[@]}" --class org.adaptseg.cli.Main "${defaults[@]}" \
  ${options[@]+"${options[@]}"} "$jar" ${arguments[@]+"${arguments[@]}"}
