#!/usr/bin/env bash
# Builds the fuzz targets and runs each for N seconds: fuzz/run.sh [N [TARGET...]], 60 seconds and all by default.
# The files of testdata/ are the seeds; for 60 seconds or more, or with GPG_SEEDS=1, also what gpg makes, if it is
# installed (GPG_SEEDS=0: never). What else is found interesting stays in fuzz/corpus/. Of each target it reports how
# much it ran, the edges and features that are covered, the corpus, the slowest input and the peak of memory. Exits with
# 1 if a target broke a law, stepped out of its limits of time or memory, or panicked.
# JOBS=2 runs two targets at once. SANITIZER=none is three times as fast, but does not watch over memory.
set -euo pipefail
seconds=${1:-60} sanitizer=${SANITIZER:-address} jobs=${JOBS:-1}
shift $(($# > 0))
cd "$(dirname "$0")"

all=()
for file in fuzz_targets/*.rs; do
  all+=("$(basename "$file" .rs)")
done
targets=("${@:-${all[@]}}")
for target in "${targets[@]}"; do
  if [[ ! -f fuzz_targets/$target.rs ]]; then
    echo "run.sh: there is no target $target, only ${all[*]}" >&2
    exit 2
  fi
done

# Longer inputs are cut: what there is to find does not need them, and they are slow.
limits=(-max_len=4096 -timeout=25 -rss_limit_mb=1024 -malloc_limit_mb=64)

# seed FOLDER PREFIX CORPUS: every file as it is, and what the armored ones hold. Their names start with PREFIX.
seed() {
  find "$1" -type f \( -name '*.gpg' -o -name '*.asc' -o -name '*.sig' -o -name '*.bpg' -o -name '*.kbx' \
    -o -name '*.key' \) -print |
    while read -r file; do
      name=${file#"$1"/}
      name=$3/$2-${name//\//-}
      cp "$file" "$name"
      if [[ $file == *.asc ]]; then
        # Blocks of armor out of the ordinary decode to nonsense here, which is a seed too.
        sed -e '1,/^\s*$/d' -e '/^=/,$d' -e '/^-----/,$d' "$file" |
          { base64 --decode --ignore-garbage 2>/dev/null || true; } >"$name.decoded"
      fi
    done
}

# The last number behind a word in the lines of libFuzzer's progress: last WORD LOG.
last() {
  grep -o "$1 [0-9]*" "$2" | tail -n 1 | cut -d ' ' -f 2
}

# A number of libFuzzer's final statistics: statistic NAME LOG.
statistic() {
  sed -n "s/^stat::$1: *//p" "$2"
}

run() {
  local target=$1 corpus=corpus/$1 log=artifacts/$1.log inputs octets
  mkdir -p "$corpus"
  rm -f "$corpus"/seed-* "$corpus"/gpg-*
  seed ../testdata seed "$corpus"
  if [[ $gpg_seeds ]]; then
    seed "$gpg_seeds" gpg "$corpus"
  fi
  if cargo +nightly fuzz run --sanitizer "$sanitizer" "$target" "$corpus" -- "${limits[@]}" \
    -max_total_time="$seconds" -print_final_stats=1 >"$log" 2>&1 </dev/null; then
    read -r inputs octets < <(find "$corpus" -type f -printf '%s\n' | awk '{ sum += $1 } END { print NR, sum + 0 }')
    printf '%-10s %10s %7s %6s %8s %7s %9s %7s %6s\n' "$target" \
      "$(statistic number_of_executed_units "$log")" "$(statistic average_exec_per_sec "$log")" "$(last cov: "$log")" \
      "$(last ft: "$log")" "$inputs" "$octets" "$(statistic slowest_unit_time_sec "$log")" \
      "$(statistic peak_rss_mb "$log")"
  else
    # In one piece, though others may be reporting.
    printf '%s\n' "$target FOUND SOMETHING, see fuzz/$log:
$(grep -E -A 3 'panicked at|^==[0-9]+==|Test unit written|^error' "$log" || tail -n 20 "$log")"
    return 1
  fi
}

gpg_seeds=
clean_up() {
  jobs -p | xargs -r kill 2>/dev/null || true
  if [[ $gpg_seeds ]]; then
    rm -rf "$gpg_seeds"
  fi
}
trap clean_up EXIT
trap 'exit 130' INT TERM

if [[ ${GPG_SEEDS:-$((seconds >= 60))} == 1 ]] && command -v gpg >/dev/null; then
  gpg_seeds=$(mktemp -d)
  ./gpg-seeds.sh "$gpg_seeds"
  echo "$(find "$gpg_seeds" -type f | wc -l) seeds by $(gpg --version | head -n 1)"
fi

if ((${#targets[@]} == ${#all[@]})); then
  cargo +nightly fuzz build --sanitizer "$sanitizer"
else
  for target in "${targets[@]}"; do
    cargo +nightly fuzz build --sanitizer "$sanitizer" "$target"
  done
fi
mkdir -p artifacts
printf '%-10s %10s %7s %6s %8s %7s %9s %7s %6s\n' \
  target executions per_sec edges features inputs octets slowest MiB
status=0 running=0
for target in "${targets[@]}"; do
  if ((running == jobs)); then
    wait -n || status=1
    running=$((running - 1))
  fi
  run "$target" &
  running=$((running + 1))
done
for ((; running; running--)); do
  wait -n || status=1
done
exit "$status"
