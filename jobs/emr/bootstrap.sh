#!/usr/bin/env bash
# Bootstrap action of EMR 7.x for nodes with GPUs: makes the control group by which YARN gives a
# container the GPUs that it was promised and no others. EMR 7 (Amazon Linux 2023) mounts version 2
# of control groups, YARN's GPU plugin wants the devices controller of version 1.
#
# The directory is that of yarn-site and container-executor in run-job-flow.json.
set -euo pipefail

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

directory=${1:-/yarn-cgroup}
as_root mkdir -p "$directory/devices"
if ! mountpoint -q "$directory/devices"; then
  as_root mount -t cgroup -o devices adaptseg-devices "$directory/devices"
fi
as_root mkdir -p "$directory/devices/yarn"
as_root chmod -R a+rwX "$directory"
