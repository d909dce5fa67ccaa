#!/usr/bin/env bash
# Runs the linters of Dockerfiles, from npm at the versions of the lock file beside this script.
# They must find nothing in ours, and must find what is wrong in a bad one.
set -euo pipefail
unset CDPATH
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

directory=target/docker-lint
mkdir -p "$directory"
cp docker/lint/package.json docker/lint/package-lock.json "$directory"
npm ci --no-audit --no-fund --silent --prefix "$directory"
rules=$directory/node_modules/.bin/dockerfilelint
syntax=$directory/node_modules/.bin/dockerfile-utils

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

for dockerfile in docker/Dockerfile.*; do
  found=$("$rules" "$dockerfile" 2>&1) || fail "$found"
  found=$("$syntax" lint "$dockerfile" 2>&1) || fail "$found"
done

bad=$directory/Dockerfile.bad
printf 'FROM ubuntu\nRUN apt-get install curl\nCOPPY a b\n' >"$bad"

# must_find TEXT COMMAND...: the command must fail and print the text.
must_find() {
  local text=$1 found
  shift
  if found=$("$@" 2>&1) || [[ $found != *"$text"* ]]; then
    fail "Cannot trust the linter: expected '$text' from $*, found: $found"
  fi
}

must_find 'should specify a tag' "$rules" "$bad"
must_find 'Invalid Command' "$rules" "$bad"
must_find 'Unknown instruction: COPPY' "$syntax" lint "$bad"
echo "The linters find nothing wrong in docker/Dockerfile.*"
