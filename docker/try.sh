#!/usr/bin/env bash
# Tries the containers for real: builds them, publishes a stream, and compares the object with the recording; has a media
# server ask Reelway whether a stream may be published; then stops Reelway in the middle of a larger upload and starts it
# again. Removes its containers, volumes and network at the end;
# the images stay. Needs Docker with Compose, curl 7.75 or newer, and the ports 1935 and 9000 of 127.0.0.1
# (RTMP_PORT and STORE_PORT name others).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

if docker compose version >/dev/null 2>&1; then compose=(docker compose); else compose=(docker-compose); fi
compose+=(-p reelway-try -f compose.yaml)
export STORE_PORT=${STORE_PORT:-9000} STORE_ACCESS_KEY=try STORE_SECRET_KEY=only-for-trying
work=$(mktemp -d)

say() { printf '%-12s %s\n' "$1" "$2"; }
fail() {
  printf '\nFAILED: %s\n' "$1" >&2
  "${compose[@]}" logs --no-color --tail 40 reelway media >&2 || true
  exit 1
}
clean_up() {
  docker rm -fv reelway-try-hooks >/dev/null 2>&1 || true
  "${compose[@]}" down -v --remove-orphans >/dev/null 2>&1 || printf 'what was started could not be removed\n' >&2
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

in_reelway() { "${compose[@]}" exec -T reelway "$@"; }
id_of() { "${compose[@]}" ps -q "$1"; }
inspect() { docker inspect -f "$1" "$(id_of "$2")"; }

# The store is asked by a client that has nothing of Reelway's: curl signs the requests itself.
s3() {
  curl -sS --fail --aws-sigv4 "aws:amz:us-east-1:s3" --user "$STORE_ACCESS_KEY:$STORE_SECRET_KEY" \
    -H 'x-amz-content-sha256: UNSIGNED-PAYLOAD' "http://127.0.0.1:$STORE_PORT/recordings$1"
}
tags() { grep -o "<$1>[^<]*</$1>" | sed 's/<[^>]*>//g' || true; }
has_object() { s3 '' | tags Key | grep -qxF "$1"; }

# wait_for SECONDS WHAT COMMAND…
wait_for() {
  local seconds=$1 what=$2 end
  shift 2
  end=$((SECONDS + seconds))
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < end)) || fail "$what: not within $seconds s"
    sleep 0.3
  done
}

# object_equals NAME: the object's bytes are the local file's
object_equals() {
  s3 "/$1" >"$work/object"
  local object file
  object=$(sha256sum <"$work/object")
  file=$(in_reelway cat "/recordings/$1" | sha256sum)
  [[ $object == "$file" ]] || fail "object $1 is not the file: $object against $file"
  say "same bytes" "$1: $(wc -c <"$work/object") bytes, SHA-256 ${object:0:16}…"
}

# http PORT METHOD PATH [FORM]: the answer, from within the container. The image has no HTTP client; bash can talk.
http() {
  in_reelway bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$0"
    printf "%s %s HTTP/1.0\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n" "$1" "$2" >&3
    printf "Content-Length: %d\r\n\r\n%s" "${#3}" "$3" >&3; cat <&3' "$1" "$2" "$3" "${4:-}"
}
metric() { http 9876 GET /observe/metrics | awk -v name="$1" '$1 == name { printf "%d", $2 }'; }
is_live() { http 8090 GET '/streams/registry?state=live' | grep -qE "\"name\" ?: ?\"$1\""; }

no_marker() { ! in_reelway test -e "/recordings/$1.upload"; }
healthy() { [[ $(inspect '{{.State.Health.Status}}' reelway) == healthy ]]; }
recording_of() { in_reelway find /recordings -name "$1-*.flv" -printf '%f\n'; }
is_recorded() { [[ -n $(recording_of "$1") ]]; }

publish() { # NAME SECONDS [NETWORK SERVER]
  docker run --rm --network "${3:-reelway-try_default}" --entrypoint ffmpeg reelway -nostdin -loglevel error \
    -re -f lavfi -i testsrc2=size=1280x720:rate=25 -re -f lavfi -i sine=frequency=440 -t "$2" \
    -c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 50 -b:v 4M -c:a aac -f flv "rtmp://${4:-media}/live/$1"
}

try_image() {
  "${compose[@]}" build >"$work/build" 2>&1 || { tail -n 30 "$work/build" >&2; fail "the build"; }
  local tool
  for tool in mvn javac gcc; do
    ! docker run --rm --entrypoint sh reelway -c "command -v $tool" >/dev/null || fail "$tool is in the image"
  done
  say image "reelway: $(($(docker image inspect -f '{{.Size}}' reelway) / 1000000)) MB"
}

try_start() {
  "${compose[@]}" up -d >"$work/up" 2>&1 || { cat "$work/up" >&2; fail "compose up"; }
  wait_for 60 "reelway health" in_reelway reelway health
  wait_for 60 "the container's health check" healthy
  say healthy "$(in_reelway reelway health)"
  [[ $(in_reelway id -u) != 0 ]] || fail "reelway runs as root"
  [[ $(inspect '{{.HostConfig.ReadonlyRootfs}}' reelway) == true ]] || fail "the root file system can be written"
  ! in_reelway touch /opt/reelway/x 2>/dev/null || fail "the program's folder can be written"
  say confined "user $(in_reelway id -u), read-only root file system, no capabilities"
}

try_stream() {
  publish camera1 6 || fail "publishing to nginx"
  wait_for 10 "nginx's recording" is_recorded camera1
  local name
  name=$(recording_of camera1)
  wait_for 60 "the object of $name" has_object "$name"
  wait_for 30 "the end of its marker" no_marker "$name"
  object_equals "$name"
}

# Reelway listens on loopback: a media server that shares its network, as in a pod, reaches it.
try_hooks() {
  local answer network publisher
  answer=$(http 8090 POST /hooks/nginx-rtmp 'call=publish&app=live&name=posted&addr=192.0.2.7&clientid=1' | head -n 1)
  [[ $answer == *" 200 "* ]] || fail "a form was answered with: $answer"
  wait_for 10 "the stream that a form told of" is_live posted
  network="container:$(id_of reelway)"
  sed 's|live on;|& on_publish http://127.0.0.1:8090/hooks/nginx-rtmp;|' nginx-rtmp/nginx.conf >"$work/nginx.conf"
  docker run -d --name reelway-try-hooks --network "$network" --read-only --tmpfs /tmp \
    -v "$work/nginx.conf:/etc/nginx/nginx.conf:ro" reelway-nginx-rtmp >/dev/null
  wait_for 20 "the media server" in_reelway bash -c 'exec 3<>/dev/tcp/127.0.0.1/1935'
  publish camera2 6 "$network" 127.0.0.1 &
  publisher=$!
  wait_for 20 "the stream that on_publish tells of" is_live camera2
  wait "$publisher" || fail "publishing where on_publish asks Reelway"
  docker rm -fv reelway-try-hooks >/dev/null
  say told "by a form, and by on_publish: camera2"
}

# With "=": some versions of curl sign a parameter without value wrongly.
upload_id() { s3 '?uploads=' | tags UploadId; }
parts_of() { s3 "/$1?uploadId=$2" | grep -o '<PartNumber>' | wc -l; }
some_parts() { (($(parts_of big.mp4 "$(upload_id)") >= 2)); }

try_restart() {
  # A store that is slow makes sure that the stop falls into the upload.
  docker update --cpus 0.25 "$(id_of store)" >/dev/null
  in_reelway ffmpeg -nostdin -loglevel error -f lavfi -i "testsrc2=size=1920x1080:rate=25,noise=alls=60:allf=t" -t 3 \
    -c:v libx264 -preset ultrafast -qp 12 -pix_fmt yuv420p -f mp4 -y /recordings/big.mp4.tmp
  in_reelway mv /recordings/big.mp4.tmp /recordings/big.mp4
  say recorded "big.mp4: $(($(in_reelway stat -c %s /recordings/big.mp4) / 1000000)) MB"
  in_reelway reelway hook recorded /recordings/big.mp4 >/dev/null || fail "reelway hook recorded"
  wait_for 60 "the first parts" some_parts
  local id container begun before after
  id=$(upload_id)
  container=$(id_of reelway)
  begun=$SECONDS
  docker stop -t 35 "$container" >/dev/null
  before=$(parts_of big.mp4 "$id")
  ! has_object big.mp4 || fail "the upload was over before the stop"
  say stopped "in $((SECONDS - begun)) s, exit code $(docker inspect -f '{{.State.ExitCode}}' "$container"), $before parts in the store"
  docker update --cpus 1 "$(id_of store)" >/dev/null
  docker start "$container" >/dev/null
  after=$(upload_id)
  [[ $after == "$id" || -z $after ]] || fail "another upload was begun: $after instead of $id"
  wait_for 120 "the object of big.mp4" has_object big.mp4
  wait_for 30 "the end of its marker" no_marker big.mp4
  object_equals big.mp4
  say resumed "$(metric reelway_transfer_parts_resumed_total) parts were not sent again, $(metric reelway_transfer_parts_total) were sent"
  (($(metric reelway_transfer_parts_resumed_total) == before)) || fail "not resumed with the $before parts that were there"
  [[ -z $(upload_id) ]] || fail "an unfinished upload was left behind"
}

try_image
try_start
try_stream
try_hooks
try_restart
printf '\nOK: a published stream and a resumed upload are objects with the bytes of their recordings (%s s)\n' "$SECONDS"
