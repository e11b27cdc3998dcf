#!/usr/bin/env bash
# with-docker.sh: whether a Docker daemon can run here, as one cannot in a container without its privileges.
# with-docker.sh FOLDER NODE COMMAND…: runs the command with a Docker daemon of its own, which has an image `pinfold`: the packages
# installed in FOLDER/node_modules, NODE, and what these need. It is made without a registry; its settings are the Dockerfile's.
set -euo pipefail

work=$(mktemp -d)
export DOCKER_HOST=unix://$work/docker.sock
dockerd --data-root "$work/data" --exec-root "$work/exec" --pidfile "$work/docker.pid" --host "$DOCKER_HOST" >"$work/docker.log" 2>&1 &
daemon=$!
clean_up() {
  kill -TERM "$daemon" 2>/dev/null && wait "$daemon" || true
  rm -rf "$work"
}
trap clean_up EXIT
for _ in {1..300}; do
  docker info >/dev/null 2>&1 && break
  kill -0 "$daemon" 2>/dev/null || { tail -n 3 "$work/docker.log"; exit 1; }
  sleep 0.1
done

[ $# -gt 0 ] || exit 0
folder=$1 node=$(readlink -f "$2")
shift 2
image=$work/image
mkdir -p "$image"/{bin,data,etc,opt,tmp,usr/bin}
cp "$(command -v busybox)" "$image/bin/busybox"
for tool in sh cat sleep id ls; do ln -s busybox "$image/bin/$tool"; done
ln -s /bin/busybox "$image/usr/bin/env"
cp "$node" "$image/usr/bin/node"
cp -a "$folder/node_modules/." "$image/opt/node_modules"
ln -s /opt/node_modules/.bin/pinfold "$image/usr/bin/pinfold"
echo 'node:x:1000:1000::/data:/bin/sh' >"$image/etc/passwd"
chown 1000:1000 "$image/data"
chmod 1777 "$image/tmp"
find "$folder/node_modules/" -name '*.node' -path '*linux*' -exec ldd "$node" {} + 2>/dev/null |
  grep -oE '/(usr/)?lib[^ :]*' | sort -u | while read -r library; do
    [ ! -e "$library" ] || { mkdir -p "$image${library%/*}" && cp -L "$library" "$image$library"; }
  done

# What the Dockerfile says of the image, each instruction in one line.
settings=()
while read -r line; do settings+=(--change "$line"); done < <(
  sed -e ':join' -e '/\\$/{N;s/\\\n *//;b join' -e '}' Dockerfile | sed -n '/^FROM node:26-slim$/,$p' | grep -E '^(USER|ENV|VOLUME|EXPOSE|HEALTHCHECK|CMD) '
)
tar -C "$image" -c . | docker import "${settings[@]}" - pinfold >/dev/null
rm -rf "$image"
"$@"
