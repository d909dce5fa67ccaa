#!/usr/bin/env bash
# Puts the S3 credentials of this shell's environment into a secret of Kubernetes, for submit.sh.
# They go by standard input: command lines are for all to see.
#
#   AWS_ACCESS_KEY_ID=... AWS_SECRET_ACCESS_KEY=... jobs/kubernetes/create-secret.sh
#
# ADAPTSEG_NAMESPACE (adaptseg) and ADAPTSEG_S3_SECRET (adaptseg-s3) say where.
set -euo pipefail

for variable in AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY; do
  if [ -z "${!variable:-}" ]; then
    echo "Cannot create the secret: expected $variable in the environment, found none" >&2
    exit 1
  fi
done
printf 'AWS_ACCESS_KEY_ID=%s\nAWS_SECRET_ACCESS_KEY=%s\n' \
  "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" |
  kubectl create secret generic "${ADAPTSEG_S3_SECRET:-adaptseg-s3}" \
    --namespace "${ADAPTSEG_NAMESPACE:-adaptseg}" --from-env-file=/dev/stdin \
    --dry-run=client --output=yaml |
  kubectl apply -f -
