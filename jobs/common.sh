# Shared by the scripts beside it: finds Java and builds what is missing. Sourced, not run.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
job_jar=
spark_jars=$root/target/spark-home/jars
s3_jars=$root/target/s3-client
java_options=$root/target/classes/java.options

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

# Sets java to the JDK's launcher; a JRE would do for running, but not for building.
find_java() {
  if [ -n "${JAVA_HOME:-}" ]; then
    java=$JAVA_HOME/bin/java
  else
    java=$(command -v java) || java=
  fi
  [ -x "$java" ] || fail "Cannot start: expected Java 17, found no java in JAVA_HOME or PATH" \
    "(Debian, Ubuntu: apt-get install openjdk-17-jdk-headless)"
  local version
  version=$("$java" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1)
  [ "${version:-0}" -ge 17 ] ||
    fail "Cannot start: expected Java 17 or newer, found ${version:-no version} ($java)"
}

# Maven in the project's directory, where it finds .mvn/jvm.config. Its output goes to standard
# error, because standard output is the program's.
build() {
  command -v mvn >/dev/null ||
    fail "Cannot build: expected Maven, found no mvn in PATH (Debian, Ubuntu: apt-get install maven)"
  (cd "$root" && mvn -B -q "$@") >&2 || fail "Cannot build: mvn $* failed in $root"
}

# Sets job_jar, after building it if it is missing or older than a source.
need_job_jar() {
  local jar stale=yes
  for jar in "$root"/target/adaptseg-spark-*-job.jar; do
    if [ -f "$jar" ] && [ -f "$java_options" ]; then
      job_jar=$jar
      stale=$(find "$root/pom.xml" "$root/src/main" -newer "$jar" -print -quit)
    fi
  done
  if [ -n "$stale" ]; then
    echo "Building the job jar (the first time downloads its libraries) ..." >&2
    build package -DskipTests
    for jar in "$root"/target/adaptseg-spark-*-job.jar; do
      job_jar=$jar
    done
  fi
  [ -f "$job_jar" ] || fail "Cannot start: expected a job jar in $root/target, found none"
}

# Copies Spark, which a cluster would provide, to target/spark-home/jars, and for arguments or
# configurations that name s3a:// the client of S3 (280 MB) to target/s3-client. The markers are
# written last. Sets spark_class_path.
need_spark_jars() {
  if [ ! -f "$spark_jars/.complete" ] || [ "$root/pom.xml" -nt "$spark_jars/.complete" ]; then
    echo "Copying Spark to target/spark-home/jars ..." >&2
    rm -rf "$spark_jars"
    build dependency:copy-dependencies@spark-home
    touch "$spark_jars/.complete"
  fi
  spark_class_path=$spark_jars/*
  if names_s3 "$@"; then
    if [ ! -f "$s3_jars/.complete" ] || [ "$root/pom.xml" -nt "$s3_jars/.complete" ]; then
      echo "Copying the client of S3 to target/s3-client ..." >&2
      rm -rf "$s3_jars"
      build dependency:copy@s3-client
      touch "$s3_jars/.complete"
    fi
    spark_class_path=$spark_jars/*:$s3_jars/*
  fi
}

# Whether an argument, or a file that an argument names, holds a URI of S3.
names_s3() {
  local argument
  for argument in "$@"; do
    case $argument in *s3a://*) return 0 ;; esac
    if [ -f "${argument#*=}" ] && grep -q 's3a://' "${argument#*=}"; then
      return 0
    fi
  done
  return 1
}

# Freed native arrays go back to the system: glibc would otherwise keep gigabytes of them.
export MALLOC_MMAP_THRESHOLD_=${MALLOC_MMAP_THRESHOLD_:-1048576}
