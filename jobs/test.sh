#!/usr/bin/env bash
# Installs what is missing on Debian or Ubuntu, then builds, runs all tests and the linters.
#
#   jobs/test.sh          mvn verify, ShellCheck, linters of Dockerfiles
#   jobs/test.sh --all    and S3 with Hadoop 3.4
#
# Installing needs root, or sudo without a password. Where something cannot be installed, this names
# it, runs what does not need it and ends with the tests that were left out and why. With CI=true
# nothing may be left out: it fails at once.
# Started as `sh FILE`, it goes on in bash.
[ -n "${BASH_VERSION:-}" ] || exec bash "$0" "$@"
set -euo pipefail
unset CDPATH
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=jobs/packages.sh
. jobs/packages.sh

all=
case ${1:-} in
  --all) all=yes ;;
  '') ;;
  *)
    sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2
    exit 2
    ;;
esac

has() { command -v "$1" >/dev/null; }
has_chromium() { has chromium || has chromium-browser || has google-chrome; }
has_pillow() { python3 -c 'import PIL' 2>/dev/null || /usr/bin/python3 -c 'import PIL' 2>/dev/null; }

# What is used, a line each: the check, its packages, its name, what is left out without it.
optional() {
  cat <<'LINES'
has_chromium|chromium fonts-dejavu-core|Chromium|the test that opens the report in it
has npm|nodejs npm|npm|the linters of Dockerfiles
has shellcheck|shellcheck|ShellCheck|the linter of scripts
has g++|g++|g++|tests that compile native code
has_pillow|python3-pil|Pillow for Python|tests that compare images with Pillow's
LINES
}

# Sets packages to those of what is missing, and missing to lines that name it.
look() {
  local check names name without
  look_to_build
  packages=("${to_build[@]}")
  missing=()
  while IFS='|' read -r check names name without; do
    $check || {
      read -ra names <<<"$names"
      packages+=("${names[@]}")
      missing+=("$name; left out: $without")
    }
  done < <(optional)
}

look
if [ ${#packages[@]} -gt 0 ] && can_install; then
  # If this fails, what is still missing is named below.
  install_packages "${packages[@]}" || true
  look
fi
if [ ${#missing[@]} -gt 0 ]; then
  printf 'Missing, and not to be installed from here: %s\n' "${missing[@]}" >&2
fi
if [ ${#packages[@]} -gt 0 ] && ! can_install; then
  echo "With root: $(install_command "${packages[@]}")" >&2
fi
[ ${#to_build[@]} -eq 0 ] || {
  echo "Cannot build: expected a JDK 17 and Maven, missing are ${to_build[*]}" >&2
  exit 1
}
if [ "${CI:-}" = true ] && [ ${#missing[@]} -gt 0 ]; then
  echo "Cannot test: with CI=true nothing may be left out" >&2
  exit 1
fi

lint() {
  if has shellcheck; then
    shellcheck --external-sources .ci/run docker/*.sh docker/*/*.sh docker/adaptseg jobs/*.sh \
      jobs/*/*.sh jobs/gpu/bin/java
  fi
  if has npm; then
    docker/lint/run.sh
  fi
}
maven() {
  mvn -B -ntp "$@"
}
# Waits for what runs beside, shows what it has printed, and ends with it if it has failed.
beside() {
  local code=0
  wait "$1" || code=$?
  cat "$2"
  [ "$code" = 0 ] || exit "$code"
}

mkdir -p target
# Where tests that leave themselves out say why (NeededProgram).
rm -f target/left-out.txt
if [ -z "$all" ]; then
  lint >target/lint.log 2>&1 &
  checking=$!
  maven verify
  beside "$checking" target/lint.log
else
  # What needs no compiled class has one thread each: beside the compiler there is room for it.
  {
    maven cyclonedx:makeBom@default checkstyle:check@default javadoc:javadoc-no-fork@default \
      spotless:check@default
    lint
  } >target/lint.log 2>&1 &
  checking=$!
  maven verify -Dbom.skip -Dcheckstyle.skip -Dmaven.javadoc.skip -Dspotless.check.skip
  beside "$checking" target/lint.log
  # The S3 client of newer clusters is another program: the tests of stores with that, too. Maven
  # would compile everything again for another set of libraries.
  maven test -Dgroups=s3 -Phadoop-3.4 -Dmaven.compiler.useIncrementalCompilation=false
fi
ls -l target/adaptseg-spark-*-job*.jar
if [ ${#missing[@]} -gt 0 ] || [ -f target/left-out.txt ]; then
  echo "All that could be run has passed. Missing:"
  [ ${#missing[@]} -eq 0 ] || printf '  %s\n' "${missing[@]}"
  [ ! -f target/left-out.txt ] || sort -u target/left-out.txt | sed 's/^/  Test left out: /'
fi
