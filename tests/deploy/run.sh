#!/usr/bin/env bash
# Proves the deployed system: builds the functions as an operator does, prints and bounds their
# sizes, deploys the template onto an AWS emulator and runs the scenario there.
#
#   tests/deploy/run.sh           all of it
#   tests/deploy/run.sh build     only the build
#   tests/deploy/run.sh scenario  only the scenario, with what was built before
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/deploy/tools.sh

# Largest binary. Ours: the SDK's clients and TLS are most of it; a cold start reads it all.
MOST_BYTES=4500000

build() {
    # SAM finds cargo-lambda and zig on the path.
    (cd infra && PATH="$bin:$PATH" sam build --parameter-overrides "Architecture=$(uname -m | sed s/aarch64/arm64/)")
    for bootstrap in infra/.aws-sam/build/*/bootstrap; do
        bytes="$(wc -c <"$bootstrap")"
        printf '%9d bytes  %s\n' "$bytes" "$bootstrap"
        [ "$bytes" -le "$MOST_BYTES" ] || { echo "$bootstrap is larger than $MOST_BYTES bytes" >&2 && exit 1; }
    done
}

scenario() {
    [ -n "${RENOWN_PROGRAMS_BUILT:-}" ] || cargo build --quiet --locked -p renown-local -p renown-simulator
    "$bin/python" tests/deploy/scenario.py --programs "$target/debug"
}

case "${1:-all}" in
    build) build ;;
    scenario) scenario ;;
    all) build && scenario ;;
    *) sed -n '2,8p' "$0" >&2 && exit 2 ;;
esac
