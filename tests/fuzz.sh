#!/usr/bin/env bash
# Runs every fuzz target of the module, one after the other, for the time given
# (60s when none is), and stops at the first finding.
set -euo pipefail
cd "$(dirname "$0")/.."
each=${1:-60s}
count=0
for package in $(go list ./...); do
	for target in $(go test -list '^Fuzz' "$package" | grep '^Fuzz' || true); do
		echo "== $package $target for $each"
		go test -run '^$' -fuzz "^$target\$" -fuzztime "$each" -fuzzminimizetime 5s "$package"
		count=$((count + 1))
	done
done
echo "$count fuzz targets, $each each, no finding"
