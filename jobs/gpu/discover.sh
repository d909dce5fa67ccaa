#!/usr/bin/env bash
# Tells Spark the GPUs of this machine: spark.{worker,executor,driver}.resource.gpu.discoveryScript.
set -euo pipefail
indices=$(nvidia-smi --query-gpu=index --format=csv,noheader | sed 's/.*/"&"/' | paste -sd, -)
printf '{"name": "gpu", "addresses": [%s]}\n' "$indices"
