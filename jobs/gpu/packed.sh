#!/usr/bin/env bash
# check.sh of a packed folder (jobs/gpu/check.sh --pack): the same checks on a machine with a GPU, CUDA
# 12 and cuDNN 9 and Python 3, without Java and network, in at most 8 minutes. NVIDIA's libraries are
# taken from LD_LIBRARY_PATH, from those of python3's packages and from /usr/local/cuda.
#
#   bash check.sh [--small] [--only PRECISION,...]
set -euo pipefail
most=470 # seconds; what was measured until then has been printed

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 - "$here/java.tar.xz" "$work" <<'PYTHON'
import sys, tarfile
tarfile.open(sys.argv[1]).extractall(sys.argv[2])
PYTHON
wheels=$(
  python3 - <<'PYTHON'
import glob, sysconfig
print(":".join(sorted(glob.glob(sysconfig.get_paths()["purelib"] + "/nvidia/*/lib"))))
PYTHON
)
export LD_LIBRARY_PATH=${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}${wheels:+$wheels:}/usr/local/cuda/lib64
export ADAPTSEG_JAVA=$work/java/bin/java ADAPTSEG_JAVA_OPTIONS_FILE=$here/java.options
export ADAPTSEG_JAVA_MORE=-Dorg.bytedeco.javacpp.cachedir=$work/natives
export ADAPTSEG_PROGRAM="$here/*" ADAPTSEG_EXPECTED=$here/expected.json
export LC_ALL=C.UTF-8 MALLOC_MMAP_THRESHOLD_=${MALLOC_MMAP_THRESHOLD_:-1048576}

code=0
timeout "$most" python3 -B "$here/check.py" "$@" || code=$?
[ "$code" -ne 124 ] || echo "Cannot finish: expected to need at most $most seconds" >&2
exit "$code"
