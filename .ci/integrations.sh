# shellcheck shell=bash disable=SC2154 # sourced by run, whose variables and functions it uses
# integrations/, with the packages that install_tarballs has put into $work/installed.

test_pytest_fixtures() {
  PYTHONPATH=integrations/pytest/src timeout 240 python3 -m pytest -q -p pytest_pinfold.plugin -p no:cacheprovider \
    --pinfold-command "$root/node_modules/node/bin/node $work/installed/node_modules/.bin/pinfold" integrations/pytest/tests
}

# As a wheel would be installed: the entry point alone must make the fixtures known. In two processes, each has a server.
install_pytest_fixtures() {
  timeout 120 python3 -m venv --system-site-packages "$work/venv" &&
    timeout 120 "$work/venv/bin/pip" install --quiet --no-index --no-build-isolation --no-deps ./integrations/pytest || return 1
  rm -rf integrations/pytest/build integrations/pytest/src/*.egg-info
  mkdir -p "$work/pytest" && cp integrations/pytest/tests/test_fixtures.py "$work/pytest/" &&
    (cd "$work/pytest" && timeout 240 "$work/venv/bin/python" -m pytest -q -n 2 \
      --pinfold-command "$root/node_modules/node/bin/node $work/installed/node_modules/.bin/pinfold")
}

test_ci_files() {
  PINFOLD_TARBALLS="$(echo "$work/tarballs"/*.tgz)" with_node26 timeout 240 python3 -m pytest -q -p no:cacheprovider .ci/test_ci_files.py
}

# Where Docker is not there, or has not the privileges it needs, as in most containers.
docker_can_run() {
  command -v dockerd >/dev/null && .ci/with-docker.sh
}

test_containers() {
  local folder=$work/containers
  mkdir -p "$folder" && echo '{ "private": true, "type": "module" }' >"$folder/package.json" &&
    install_in "$folder" testcontainers@12 @types/node@26 || return 1
  mkdir -p "$folder/node_modules/@pinfold" && cp -r integrations/testcontainers "$folder/node_modules/@pinfold/" &&
    cp integrations/testcontainers/container.test.ts "$folder/" &&
    node26 node_modules/typescript/bin/tsc --noEmit --ignoreConfig --strict --erasableSyntaxOnly --exactOptionalPropertyTypes --skipLibCheck --target esnext --module nodenext \
      --types node "$folder/container.test.ts" || return 1
  TESTCONTAINERS_RYUK_DISABLED=true timeout 240 .ci/with-docker.sh "$work/installed" node_modules/node/bin/node \
    "$root/node_modules/node/bin/node" --test "$folder/container.test.ts"
}

# The recipe in a project of its own, with Debian's browser.
follow_playwright_recipe() {
  mkdir -p "$work/playwright" && echo '{ "private": true, "type": "module" }' >"$work/playwright/package.json" &&
    install_in "$work/playwright" @playwright/test@1.65.1 "$work/tarballs"/*.tgz && cp integrations/playwright/*.{ts,mjs} "$work/playwright/" &&
    (cd "$work/playwright" && CHROMIUM=$(command -v chromium) with_node26 timeout 120 npx playwright test)
}
