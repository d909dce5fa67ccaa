# Shared by the scripts beside it: finds Java and builds what is missing. Sourced, not run.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
job_jar=
spark_jars=$root/target/spark-jars
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

# Copies Spark, which a cluster would provide, to target/spark-jars. The marker is written last.
need_spark_jars() {
  if [ ! -f "$spark_jars/.complete" ] || [ "$root/pom.xml" -nt "$spark_jars/.complete" ]; then
    echo "Copying Spark to target/spark-jars ..." >&2
    rm -rf "$spark_jars"
    build dependency:copy-dependencies -DincludeScope=provided "-DoutputDirectory=$spark_jars"
    touch "$spark_jars/.complete"
  fi
}

# Freed native arrays go back to the system: glibc would otherwise keep gigabytes of them.
export MALLOC_MMAP_THRESHOLD_=${MALLOC_MMAP_THRESHOLD_:-1048576}
