#!/usr/bin/env bash
# Proves that a client which knows nothing of this project works against the simulator: installs
# python-amazon-sp-api into target/foreign, starts the simulator on a free port, runs client.py.
# Needs python3 and, the first time, the package index. Exit status: client.py's.
set -euo pipefail
cd "$(dirname "$0")/../.."

cargo build --quiet -p renown-simulator
target="$(cargo metadata --format-version 1 --no-deps | python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')"
scratch="$target/foreign"
mkdir -p "$scratch"
if ! cmp -s tests/foreign/requirements.txt "$scratch/installed.txt"; then
    rm -rf "$scratch/venv"
    python3 -m venv "$scratch/venv"
    "$scratch/venv/bin/pip" install --quiet --disable-pip-version-check -r tests/foreign/requirements.txt
    cp tests/foreign/requirements.txt "$scratch/installed.txt"
fi

"$target/debug/renown-simulator" --demo --start 2026-03-01T00:00:00Z --listen 127.0.0.1:0 >"$scratch/simulator.log" 2>&1 &
simulator=$!
trap 'kill "$simulator" 2>/dev/null; wait "$simulator" 2>/dev/null || true' EXIT
for _ in $(seq 100); do
    address="$(sed -n 's/^listening on //p' "$scratch/simulator.log")"
    [ -n "$address" ] && break
    kill -0 "$simulator" || { cat "$scratch/simulator.log"; echo "the simulator did not start"; exit 1; }
    sleep 0.1
done
[ -n "$address" ] || { echo "the simulator did not say where it listens: see $scratch/simulator.log"; exit 1; }

"$scratch/venv/bin/python" tests/foreign/client.py "$address"
