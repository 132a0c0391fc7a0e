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

# Largest binary by function, in bytes: what was measured and a little more. The aim is 4.5 MB; the
# SDK's clients, TLS and, for report-sync, tables of charsets are most of it; for ses-send a third
# client, templates, MIME, the linter's words and 0.7 MB of what it has learnt; for negative-alert the
# models that read buyers' texts, 2.5 MB.
declare -A MOST=([OrderIngest]=5100000 [ReportSync]=7800000 [ScheduledSolicit]=6300000
    [SesSend]=7800000 [BounceHandler]=5850000 [NegativeAlert]=11400000 [Web]=5950000)

build() {
    # SAM finds cargo-lambda and zig on the path. It builds one function after the other; built
    # together beforehand, they share two cores.
    export PATH="$bin:$PATH"
    machine="$(uname -m)"
    architecture="${machine/aarch64/arm64}"
    (cd functions/order-ingest && cargo lambda build --release --locked -p order-ingest -p report-sync -p scheduled-solicit \
        -p ses-send -p bounce-handler -p negative-alert -p web $([ "$architecture" = arm64 ] && echo --arm64))
    (cd infra && sam build --parameter-overrides "Architecture=$architecture")
    for function in "${!MOST[@]}"; do
        bytes="$(wc -c <"infra/.aws-sam/build/$function/bootstrap")"
        printf '%9d bytes  %s\n' "$bytes" "$function"
        if [ "$bytes" -gt "${MOST[$function]}" ]; then
            echo "$function is larger than ${MOST[$function]} bytes" >&2
            exit 1
        fi
    done
}

scenario() {
    [ -n "${RENOWN_PROGRAMS_BUILT:-}" ] || cargo build --quiet --locked -p renown-local -p renown-simulator
    # In its place, so that who ends this script ends the scenario and what it started.
    exec "$bin/python" tests/deploy/scenario.py --programs "$target/debug"
}

case "${1:-all}" in
    build) build ;;
    scenario) scenario ;;
    all) build && scenario ;;
    *) sed -n '2,8p' "$0" >&2 && exit 2 ;;
esac
