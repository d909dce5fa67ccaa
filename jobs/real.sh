#!/usr/bin/env bash
# Measures adaptation from CARLA's images to CamVid's photographs: all methods of `ablation` for seeds 1 to 3
# from conf/carla-to-camvid-multi.yaml, scored with the last checkpoint on CamVid's split test, and writes
# the table, with mIoU over ten classes and over the seven that CARLA has in quantity, to OUT/results.md.
# DIR holds carla/ and camvid/ (docs/data.md). May be stopped and started again: finished runs are kept in
# OUT and not repeated. Some hours on 2 idle cores, 8 at most. Figures of a run and its pictures of
# photographs are in OUT/RUN/report.
#
#   jobs/real.sh --data DIR [--out OUT] [options of ablation]
#   jobs/real.sh --data DIR --tables-only
#
# Settings are chosen on images with labels that a user has, those of the source: on CARLA's split val, which
# are other drives. No target label is looked at (docs/results.md):
#
#   jobs/real.sh --data DIR --choose --out runs/rate-0.01 --set optimizer.generator.learning-rate=0.01
# Started as `sh FILE`, it goes on in bash.
[ -n "${BASH_VERSION:-}" ] || exec bash "$0" "$@"
set -euo pipefail
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
data='' out='' choose='' more=()
while [ $# -gt 0 ]; do
  case $1 in
    --data | --out)
      [ $# -gt 1 ] || { echo "Cannot start: expected a directory after $1, found nothing" >&2; exit 2; }
      if [ "$1" = --data ]; then data=$2; else out=$2; fi
      shift 2 ;;
    --data=*) data=${1#*=}; shift ;;
    --out=*) out=${1#*=}; shift ;;
    --choose) choose=1; shift ;;
    *) more+=("$1"); shift ;;
  esac
done
if [ -z "$data" ]; then
  echo "Cannot start: expected --data DIR with carla/ and camvid/, found no --data" >&2
  exit 2
fi
for part in carla camvid; do
  if [ ! -d "$data/$part" ]; then
    echo "Cannot start: expected the directory $part of --data, found none ($data/$part)" >&2
    exit 2
  fi
done
data=$(readlink -f "$data")
evaluation=camvid split=test
if [ -n "$choose" ]; then
  evaluation=carla split=val
fi
out=${out:-runs/real${choose:+-choice}}
mkdir -p "$out"
out=$(readlink -f "$out")

# An option of ours, unless the user gave it.
ours() {
  case " ${more[*]-} " in
    *" $1 "* | *" $1="*) ;;
    *) more+=("$1" "$2") ;;
  esac
}
ours --iterations 2000
ours --factors 1
ours --also-over road,sidewalk,building,vegetation,sky,car,fence
if [ -n "$choose" ]; then
  ours --methods source-only
  ours --seeds 1
fi
exec "$here/local.sh" ablation --config "$here/../conf/carla-to-camvid-multi.yaml" \
  --set "data.source.root=$data/carla" --set "data.target.root=$data/camvid" \
  --set "data.evaluation.dataset=$evaluation" --set "data.evaluation.root=$data/$evaluation" \
  --set "data.evaluation.split=$split" --dir "$out" --tables "$out/results.md" "${more[@]}"
