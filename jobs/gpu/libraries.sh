#!/usr/bin/env bash
# Puts what the CUDA engine needs besides NVIDIA's driver into one folder, which is then named in
# LD_LIBRARY_PATH: CUDA 12's runtime, cuBLAS and NVRTC, and cuDNN 9, from NVIDIA's packages in the
# Python package index (about 1.5 GB). For machines that have a driver alone; a bootstrap action of
# EMR 7.x.
#
#   jobs/gpu/libraries.sh [DIR]                             default: /opt/adaptseg/cuda
set -euo pipefail

as_root() {
  if [ "$(id -u)" -eq 0 ] || [ -w "$(dirname "$directory")" ]; then "$@"; else sudo "$@"; fi
}

directory=${1:-/opt/adaptseg/cuda}
as_root mkdir -p "$directory/packages"
as_root "${PYTHON:-python3}" -m pip install --quiet --no-deps --target "$directory/packages" \
  'nvidia-cuda-runtime-cu12==12.*' 'nvidia-cublas-cu12==12.*' 'nvidia-cuda-nvrtc-cu12==12.*' \
  'nvidia-cudnn-cu12==9.*'
for library in "$directory"/packages/nvidia/*/lib/*.so*; do
  as_root ln -sf "$library" "$directory/"
done
