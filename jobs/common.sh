# Shared by the scripts beside it: finds Java and builds what is missing. Sourced, not run.
# shellcheck shell=bash

# With it, cd prints where it went, and may go elsewhere.
unset CDPATH

root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
job_jar=
spark_jars=$root/target/spark-home/jars
s3_jars=$root/target/s3-client
java_options=$root/target/classes/java.options

# shellcheck source=jobs/packages.sh
. "$root/jobs/packages.sh"

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

case $root in
  *[:,*]*)
    fail "Cannot start: expected a project directory whose path has no colon, comma or asterisk, which" \
      "Java's class path and Spark's lists of files cannot hold, found $root"
    ;;
esac

# How to get a JDK that fits, where one that does not is named.
how_to_install_java() {
  printf '(Debian, Ubuntu: %s)' "$(install_command openjdk-17-jdk-headless)"
}

# How to get what look_to_build misses, for messages.
how_to_install() {
  printf '(Debian, Ubuntu: jobs/local.sh --install demo, or %s)' \
    "$(install_command "${to_build[@]}")"
}

# Hadoop's client asks Java for the user in a way that Java 23 and newer refuse.
oldest_java=17
newest_java=22

# Sets java_said to what java says of its version, and java_version to the number in it.
ask_java() {
  java_said=$("$java" -version 2>&1) || return 1
  java_version=$(printf '%s\n' "$java_said" | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1)
  java_version=${java_version:-0}
}

is_java_fit() {
  [ "$java_version" -ge "$oldest_java" ] && [ "$java_version" -le "$newest_java" ]
}

# Sets java to the JDK's launcher, and java_said to what that says of its version; a JRE would do for
# running, but not for building. Where nobody said which, a JDK 17 is taken if the first one in PATH
# does not fit.
find_java() {
  if [ -n "${JAVA_HOME:-}" ]; then
    java=$JAVA_HOME/bin/java
    [ -x "$java" ] ||
      fail "Cannot start: expected the directory of a JDK in JAVA_HOME, found no $java;" \
        "set it to one, or unset it"
  else
    java=$(command -v java) || java=
    if [ -z "$java" ] || { ask_java && ! is_java_fit; }; then
      ! find_jdk || java=$JAVA_HOME/bin/java
    fi
  fi
  if [ ! -x "$java" ]; then
    look_to_build
    fail "Cannot start: expected Java 17, found no java in PATH or /usr/lib/jvm" \
      "$(how_to_install)"
  fi
  ask_java ||
    fail "Cannot start: expected Java to start, found: $(printf '%s' "$java_said" | grep -v '^#$' | head -n 2 | paste -sd' ')" \
      "(if it names memory or threads, raise ulimit -v or -u, or the container's limits)"
  is_java_fit ||
    fail "Cannot start: expected Java $oldest_java to $newest_java, found $java_version ($java);" \
      "set JAVA_HOME to such a JDK $(how_to_install_java)"
}

# Maven in the project's directory, where it finds .mvn/jvm.config. Its output goes to standard
# error, because standard output is the program's.
build() {
  look_to_build
  [ ${#to_build[@]} -eq 0 ] ||
    fail "Cannot build: expected a JDK 17 and Maven, missing are ${to_build[*]} $(how_to_install)"
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
    build dependency:copy-dependencies@spark-home dependency:copy@spark-home-yaml \
      dependency:list@spark-home-complete
  fi
  spark_class_path="$spark_jars/*"
  if names_s3 "$@"; then
    if [ ! -f "$s3_jars/.complete" ] || [ "$root/pom.xml" -nt "$s3_jars/.complete" ]; then
      echo "Copying the client of S3 to target/s3-client ..." >&2
      rm -rf "$s3_jars"
      build dependency:copy@s3-client dependency:list@s3-client-complete
    fi
    spark_class_path="$spark_jars/*:$s3_jars/*"
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

# Sets options to what stands before --, for spark-submit, and arguments to the rest, for the
# program; without -- all of it is for the program.
split_arguments() {
  local i
  options=()
  arguments=("$@")
  for ((i = 0; i < $#; i++)); do
    if [ "${arguments[i]}" = -- ]; then
      options=("${arguments[@]:0:i}")
      arguments=("${arguments[@]:i+1}")
      return
    fi
  done
}

# shellcheck disable=SC2034 # for the scripts that source this
# Sets submit to the start of a command line: spark-submit of SPARK_HOME or, without one, of the
# Spark that this project is built for. Takes the program's arguments.
find_submit() {
  if [ -n "${SPARK_HOME:-}" ]; then
    [ -x "$SPARK_HOME/bin/spark-submit" ] ||
      fail "Cannot submit: expected a Spark distribution in SPARK_HOME, found no" \
        "$SPARK_HOME/bin/spark-submit"
    submit=("$SPARK_HOME/bin/spark-submit")
  else
    need_spark_jars "$@"
    submit=("$java" "@$java_options"
      "-Dlog4j2.configurationFile=$root/target/classes/log4j2.properties"
      -cp "${HADOOP_CONF_DIR:+$HADOOP_CONF_DIR:}$spark_class_path"
      org.apache.spark.deploy.SparkSubmit)
  fi
}

# Whether options hold an option with a value, as in: has_option --deploy-mode client
has_option() {
  local i
  for ((i = 0; i < ${#options[@]}; i++)); do
    case ${options[i]} in
      "$1") [ "${options[i + 1]:-}" = "$2" ] && return 0 ;;
      "$1=$2") return 0 ;;
    esac
  done
  return 1
}

# Prints the value that options give by an option or a setting of Spark, if they do, as in:
# option_value --executor-cores spark.executor.cores
option_value() {
  local i value=
  for ((i = 0; i < ${#options[@]}; i++)); do
    case ${options[i]} in
      "$1") value=${options[i + 1]:-} ;;
      "$1="*) value=${options[i]#*=} ;;
      "$2="*) value=${options[i]#*=} ;;
    esac
  done
  printf '%s' "$value"
}

# The configuration of a run directory names files beside it, which would stay here.
need_shared() {
  local directory=$1
  [ -d "$1" ] || directory=$(dirname "${1:-/}")
  [ ! -f "$directory/config.yaml" ] || [ ! -d "$directory/made-from" ] ||
    fail "Cannot submit: expected the run directory of --config where the cluster finds it, found" \
      "one of this machine ($directory): copy it to a store and name it there, as hdfs:///runs/x," \
      "or as file://$(cd "$directory" && pwd) if all machines have it"
}

# A configuration that is a file here is none where the driver will run: lets spark-submit bring it
# there, to the driver's working directory, and takes the directory off its name.
ship_configuration() {
  local i file
  for ((i = 0; i < ${#arguments[@]}; i++)); do
    case ${arguments[i]} in
      --config)
        file=${arguments[i + 1]:-}
        [ ! -f "$file" ] || arguments[i + 1]=${file##*/}
        ;;
      --config=*)
        file=${arguments[i]#--config=}
        [ ! -f "$file" ] || arguments[i]=--config=${file##*/}
        ;;
      *) continue ;;
    esac
    need_shared "$file"
    [ ! -f "$file" ] || add_file "$(cd "$(dirname "$file")" && pwd)/${file##*/}"
  done
}

# spark-submit takes the last --files only.
add_file() {
  local i
  for ((i = 0; i < ${#options[@]}; i++)); do
    case ${options[i]} in
      --files)
        options[i + 1]+=,$1
        return
        ;;
      --files=*)
        options[i]+=,$1
        return
        ;;
    esac
  done
  options+=(--files "$1")
}

# Java 17 takes the encoding of arguments and file names from the locale; many a container has none.
# A locale that is named and not installed is none.
[ "$(locale charmap 2>/dev/null)" = UTF-8 ] || export LC_ALL=C.UTF-8

# Freed native arrays go back to the system: glibc would otherwise keep gigabytes of them.
export MALLOC_MMAP_THRESHOLD_=${MALLOC_MMAP_THRESHOLD_:-1048576}
