# What deploys and checks the template, installed into target/deploy: needs python3 and, the first
# time, the package index. To be sourced from the project's root; sets `target` and `bin`.

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
bin="$target/deploy/venv/bin"

# SAM asks for a region even where it speaks to none.
export SAM_CLI_TELEMETRY=0 AWS_DEFAULT_REGION=eu-west-1
