#!/usr/bin/env bash
# Proves the deployed system: builds the functions as `sam build` does, prints and bounds their
# sizes, deploys the template onto an AWS emulator and runs the scenario there.
#
#   tests/deploy/run.sh           all of it
#   tests/deploy/run.sh build     only the build
#   tests/deploy/run.sh scenario  only the scenario, with what was built before
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/deploy/tools.sh

build() {
    # SAM looks for cargo-lambda and zig on the path.
    (cd infra && PATH="$bin:$PATH" sam build --parameter-overrides "Architecture=$(uname -m | sed s/aarch64/arm64/)")
    # Bound: three and a half megabytes of SDK, TLS and runtime, and one of ours (infra/README.md).
    "$bin/python" tests/deploy/sizes.py infra/.aws-sam/build
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
