#!/usr/bin/env bash
# Prints the path of a Chromium: $BROWSER_PATH, or the computer's own, or else one that it installs.
#     tools/browser.sh 5/5          for tests: prefers the headless shell, which is faster
#     tools/browser.sh 6/6 whole    for measurements: the complete browser
set -euo pipefail
cd "$(dirname "$0")/.."
step=${1:-1/1}
shell=chromium-headless-shell
[ "${2:-}" != whole ] || shell=

# Prints the browser's path if it starts, which fails without its libraries.
try() {
    local path
    path=$(command -v "$1") && "$path" --version >/dev/null 2>&1 && echo "$path"
}

installed() {
    local name
    for name in ${BROWSER_PATH:+"$BROWSER_PATH"} $shell chromium google-chrome google-chrome-stable chromium-browser \
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do
        try "$name" && return
    done
    return 1
}

# Prints the path of Playwright's browser, also before the download.
playwright() {
    .venv/bin/python -c 'if True:
        from playwright.sync_api import sync_playwright
        with sync_playwright() as playwright:
            print(playwright.chromium.executable_path)'
}

download() {
    .venv/bin/python -m playwright install --no-shell chromium
}

debian() {
    local root=()
    [ "$(id -u)" = 0 ] || root=(sudo)
    command -v apt-get && echo "Playwright's browser cannot be had; trying the distribution's package." &&
        "${root[@]}" apt-get update &&
        "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes chromium
}

installed || try "$(playwright)" && exit
echo "[$step] A browser for the tests (a few minutes the first time)" >&2
download >&2 && try "$(playwright)" && exit
debian >&2 && installed && exit

printf '\nThe set-up stopped at step %s, "A browser for the tests".\n' "$step" >&2
echo "Install Chromium or Google Chrome, or set BROWSER_PATH to the path of one, then run make test again." >&2
exit 1
