#!/usr/bin/env bash
# Runs one step of the set-up; prints its name and, if it fails, what to do.
#     tools/step.sh 2/4 "Python packages" "What to do when it fails." COMMAND...
set -euo pipefail
number=$1 name=$2 advice=$3
shift 3

echo "[$number] $name" >&2
if ! "$@" >&2; then
    printf '\nThe set-up stopped at step %s, "%s".\n%s\n' "$number" "$name" "$advice" >&2
    exit 1
fi
