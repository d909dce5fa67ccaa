# Shared by the scripts beside it: finds a JDK 17 and installs Debian's and Ubuntu's packages. Sourced,
# not run.
# shellcheck shell=bash

is_jdk_17() {
  # Before its version it says which options the environment gives it, if it does.
  [ -x "$1/bin/javac" ] && "$1/bin/javac" -version 2>&1 | grep -Eq '^javac 17([.+-]|$)'
}

# Sets JAVA_HOME to a JDK 17, if there is one.
find_jdk() {
  local home
  for home in "${JAVA_HOME:-}" "$(dirname "$(dirname "$(readlink -f "$(command -v javac || echo /none/bin/javac)")")")" /usr/lib/jvm/*17*; do
    if [ -n "$home" ] && is_jdk_17 "$home"; then
      export JAVA_HOME=$home
      return 0
    fi
  done
  return 1
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

# Whether this machine has apt-get and lets us be root without a password.
can_install() {
  command -v apt-get >/dev/null && as_root true 2>/dev/null
}

# The command that installs packages, as one types it.
install_command() {
  printf '%sapt-get install -y --no-install-recommends %s' \
    "$([ "$(id -u)" -eq 0 ] || echo 'sudo ')" "$*"
}

# Installs those of the packages that the machine's sources of packages have; says so on standard
# error. Some of a list may not exist on every release.
install_packages() {
  local package available=()
  as_root apt-get update -q >&2 || return 1
  for package in "$@"; do
    if [[ $(apt-cache policy "$package") == *'Candidate: '[^\(]* ]]; then
      available+=("$package")
    else
      echo "This machine's sources of packages have no $package." >&2
    fi
  done
  [ ${#available[@]} -gt 0 ] || return 1
  echo "Installing: $(install_command "${available[@]}")" >&2
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -q --no-install-recommends "${available[@]}" >&2
}

# Sets to_build to the packages that building still needs, of a JDK 17 and Maven, and JAVA_HOME.
look_to_build() {
  to_build=()
  find_jdk || to_build+=(openjdk-17-jdk-headless)
  command -v mvn >/dev/null || to_build+=(maven)
}

# Installs what building needs.
install_to_build() {
  look_to_build
  [ ${#to_build[@]} -gt 0 ] || return 0
  if can_install; then
    install_packages "${to_build[@]}" || true
    look_to_build
  fi
  [ ${#to_build[@]} -eq 0 ] || {
    echo "Cannot install what building needs: expected apt-get that has it, and root or sudo" \
      "without a password, still missing are ${to_build[*]}" \
      "(by hand: $(install_command "${to_build[@]}"))" >&2
    exit 1
  }
}
