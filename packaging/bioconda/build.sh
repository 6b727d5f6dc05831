#!/usr/bin/env bash
set -euo pipefail

cargo-bundle-licenses --format yaml --output THIRDPARTY.yml
cargo install --locked --no-track --path ragc-cli --root "$PREFIX"

"$PREFIX/bin/ragc" man "$PREFIX/share/man/man1"
completions() {
    mkdir -p "$PREFIX/$2"
    "$PREFIX/bin/ragc" completions "$1" > "$PREFIX/$2/$3"
}
completions bash share/bash-completion/completions ragc
completions zsh share/zsh/site-functions _ragc
completions fish share/fish/vendor_completions.d ragc.fish
