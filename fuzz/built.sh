# For `source`: builds the targets that are named, or all, on stable Rust. `targets` are their names, `built` is where they lie.
targets=("$@")
if [ $# -eq 0 ]; then
    for file in fuzz_targets/*.rs; do
        targets+=("$(basename "$file" .rs)")
    done
fi

# The flags of `cargo fuzz build --sanitizer none`, but with as many codegen units as there are cores to do them: edges are counted and
# comparisons watched, for libFuzzer. The host is named so that they do not reach build scripts.
export RUSTFLAGS="--cfg fuzzing -Cdebug-assertions -Coverflow-checks -Cpasses=sancov-module \
-Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
-Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares"
host=$(rustc -vV | sed -n 's/^host: //p')
built=${CARGO_TARGET_DIR:-target}/$host/release
cargo build --release --locked --target "$host" "${targets[@]/#/--bin=}"
