#!/usr/bin/env bash
# Builds all fuzz targets and runs each for N seconds: fuzz/run.sh [N], 60 by default. The files of testdata/ are the
# seeds; what else is found interesting stays in fuzz/corpus/. Exits with 1 if a target broke a law, stepped out of its
# limits of time or memory, or panicked. SANITIZER=none is three times as fast, but does not watch over memory.
set -euo pipefail
seconds=${1:-60} sanitizer=${SANITIZER:-address}
cd "$(dirname "$0")"

# Longer inputs are cut: what there is to find does not need them, and they are slow.
limits=(-max_len=4096 -timeout=10 -rss_limit_mb=1024 -malloc_limit_mb=64)

# Every file of the corpus as it is, and what the armored ones hold.
seed() {
  mkdir -p "$1"
  find ../testdata -type f \( -name '*.gpg' -o -name '*.asc' -o -name '*.sig' -o -name '*.bpg' -o -name '*.kbx' \
    -o -name '*.key' \) -print |
    while read -r file; do
      name=${file#../testdata/}
      cp "$file" "$1/seed-${name//\//-}"
      if [[ $file == *.asc ]]; then
        # Blocks of armor out of the ordinary decode to nonsense here, which is a seed too.
        sed -e '1,/^\s*$/d' -e '/^=/,$d' -e '/^-----/,$d' "$file" |
          { base64 --decode --ignore-garbage 2>/dev/null || true; } >"$1/seed-${name//\//-}.decoded"
      fi
    done
}

cargo +nightly fuzz build --sanitizer "$sanitizer"
mkdir -p artifacts
status=0
for target in frame interpret inspect sequence stream armor parts keybox cleartext; do
  corpus=corpus/$target log=artifacts/$target.log
  seed "$corpus"
  if cargo +nightly fuzz run --sanitizer "$sanitizer" "$target" "$corpus" -- "${limits[@]}" -max_total_time="$seconds" -print_final_stats=1 \
    >"$log" 2>&1 </dev/null; then
    executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    edges=$(grep -o 'cov: [0-9]*' "$log" | tail -n 1 | cut -d ' ' -f 2)
    printf '%-10s %9s executions, %5s edges, %5s inputs in the corpus\n' \
      "$target" "$executions" "$edges" "$(find "$corpus" -type f | wc -l)"
  else
    status=1
    printf '%-10s FOUND SOMETHING, see fuzz/%s:\n' "$target" "$log"
    grep -E -A 3 'panicked at|^==[0-9]+==|Test unit written|^error' "$log" || tail -n 20 "$log"
  fi
done
exit "$status"
