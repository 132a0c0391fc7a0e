#!/usr/bin/env bash
# Checks the template without deploying it: SAM, cfn-lint with the rules for serverless, checkov,
# and our own tests of what SAM renders. Installs them into target/deploy; needs python3 and, the
# first time, the package index. Nothing is sent anywhere.
set -euo pipefail
cd "$(dirname "$0")/../.."

target="$(cargo metadata --format-version 1 --no-deps --locked | python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')"
# install VENV REQUIREMENTS: anew where the requirements changed.
install() {
    cmp -s "$2" "$1/installed.txt" && return
    rm -rf "$1"
    python3 -m venv "$1"
    "$1/bin/pip" install --quiet --disable-pip-version-check -r "$2"
    cp "$2" "$1/installed.txt"
}
install "$target/deploy/venv" tests/deploy/requirements.txt
install "$target/deploy/checkov" tests/deploy/requirements-checkov.txt
bin="$target/deploy/venv/bin"
# SAM asks for a region even where it speaks to none.
export SAM_CLI_TELEMETRY=0 AWS_DEFAULT_REGION=eu-west-1

"$bin/sam" validate --lint --template infra/template.yaml
"$bin/cfn-lint" --append-rules cfn_lint_serverless.rules --template infra/template.yaml
"$target/deploy/checkov/bin/checkov" --file infra/template.yaml --framework cloudformation --compact --quiet --skip-download
"$bin/python" -m unittest discover --start-directory tests/deploy/static --top-level-directory tests/deploy
