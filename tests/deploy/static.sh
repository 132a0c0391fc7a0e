#!/usr/bin/env bash
# Checks the template without deploying it: SAM, cfn-lint with the rules for serverless, checkov,
# and our own tests of what SAM renders. Nothing is sent anywhere.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/deploy/tools.sh
install "$target/deploy/checkov" tests/deploy/requirements-checkov.txt

"$bin/sam" validate --lint --template infra/template.yaml
"$bin/cfn-lint" --append-rules cfn_lint_serverless.rules --template infra/template.yaml
"$target/deploy/checkov/bin/checkov" --file infra/template.yaml --framework cloudformation --compact --quiet --skip-download
"$bin/python" -m unittest discover --start-directory tests/deploy/static --top-level-directory tests/deploy
