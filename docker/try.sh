#!/usr/bin/env bash
# Tries the containers for real: builds them, publishes a stream, looks for its live playlist and each of its chunks in the store, and
# compares the object with the recording; asks Prometheus and Grafana, where their images are to be had; runs a media server and
# Reelway as a pod of docker/kubernetes has them, with hooks; then stops Reelway in the middle of a larger upload and starts it again.
# Removes its containers, volumes and network at the end; the images stay. Needs Docker with Compose, curl 7.75 or newer, and ports
# of 127.0.0.1 (RTMP_PORT, STORE_PORT, REELWAY_PORT, MANAGEMENT_PORT, PROMETHEUS_PORT and GRAFANA_PORT name others than those of
# compose.yaml).
set -Eeuo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

if docker compose version >/dev/null 2>&1; then compose=(docker compose); else compose=(docker-compose); fi
compose+=(-p reelway-try -f compose.yaml)
export STORE_PORT=${STORE_PORT:-9000} MANAGEMENT_PORT=${MANAGEMENT_PORT:-9876} PROMETHEUS_PORT=${PROMETHEUS_PORT:-9090} GRAFANA_PORT=${GRAFANA_PORT:-3000}
export STORE_ACCESS_KEY=try STORE_SECRET_KEY=only-for-trying
work=$(mktemp -d)

say() { printf '%-12s %s\n' "$1" "$2"; }
fail() {
  printf '\nFAILED: %s\n' "$1" >&2
  "${compose[@]}" logs --no-color --tail 40 reelway media >&2 || true
  exit 1
}
clean_up() {
  docker rm -fv reelway-try-media reelway-try-pod >/dev/null 2>&1 || true
  "${compose[@]}" down -v --remove-orphans >/dev/null 2>&1 || printf 'what was started could not be removed\n' >&2
  rm -rf "$work"
}
trap clean_up EXIT
trap 'printf "\nFAILED in line %s: %s\n" "$LINENO" "$BASH_COMMAND" >&2' ERR
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

# wait_for SECONDS WHAT COMMAND…; PATIENCE=4 waits four times as long, for machines that have much else to do.
wait_for() {
  local seconds=$(($1 * ${PATIENCE:-1})) what=$2 end
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

# http CONTAINER PORT METHOD PATH [FORM]: the answer, from within the container. The image has no HTTP client; bash can talk.
http() {
  docker exec "$1" bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$0"
    printf "%s %s HTTP/1.0\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n" "$1" "$2" >&3
    printf "Authorization: Bearer only-for-trying-here\r\nContent-Length: %d\r\n\r\n%s" "${#3}" "$3" >&3; cat <&3' "$2" "$3" "$4" "${5:-}"
}
metric() { http "$(id_of reelway)" 9876 GET /observe/metrics | awk -v name="$1" '$1 == name { printf "%d", $2 }'; }
# Also where it is over by now, on a machine that has much else to do.
is_known() { http "$1" 8090 GET /streams/registry | grep -qE "\"name\" ?: ?\"$2\""; }
is_live() { http "$1" 8090 GET '/streams/registry?state=live' | grep -qE "\"name\" ?: ?\"$2\""; }

no_marker() { ! in_reelway test -e "/recordings/$1.upload"; }
is_ready() { "${compose[@]}" logs reelway | grep -q ' ready: '; }
healthy() { [[ $(inspect '{{.State.Health.Status}}' reelway) == healthy ]]; }
recording_of() { in_reelway find /recordings -name "$1-*.flv" -printf '%f\n'; }
is_recorded() { [[ -n $(recording_of "$1") ]]; }

publish() { # NAME SECONDS [NETWORK SERVER]
  docker run --rm --network "${3:-reelway-try_default}" --entrypoint ffmpeg reelway -nostdin -loglevel error \
    -re -f lavfi -i testsrc2=size=1280x720:rate=25 -re -f lavfi -i sine=frequency=440 -t "$2" \
    -c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 50 -b:v 4M -c:a aac -f flv "rtmp://${4:-media}/live/$1"
}

try_image() {
  "${compose[@]}" build media store reelway >"$work/build" 2>&1 || { tail -n 30 "$work/build" >&2; fail "the build"; }
  local tool
  for tool in mvn javac gcc; do
    ! docker run --rm --entrypoint sh reelway -c "command -v $tool" >/dev/null || fail "$tool is in the image"
  done
  local whole base
  whole=$(docker image inspect -f '{{.Size}}' reelway) base=$(docker image inspect -f '{{.Size}}' "${RUNTIME_IMAGE:-debian:bookworm-slim}")
  say image "reelway: $((whole / 1000000)) MB, $(((whole - base) / 1000000)) MB over its base"
  (((whole - base) / 1000000 <= 230)) || fail "the image is more than 230 MB larger than its base"
}

try_start() {
  "${compose[@]}" up -d media store reelway >"$work/up" 2>&1 || { cat "$work/up" >&2; fail "compose up"; }
  wait_for 120 "the container's Reelway" is_ready
  wait_for 60 "the container's health check" healthy
  say healthy "$(in_reelway reelway health)"
  [[ $(in_reelway id -u) != 0 ]] || fail "reelway runs as root"
  [[ $(inspect '{{.HostConfig.ReadonlyRootfs}}' reelway) == true ]] || fail "the root file system can be written"
  ! in_reelway touch /opt/reelway/x 2>/dev/null || fail "the program's folder can be written"
  curl -sS --fail -u try:only-for-trying-here -o /dev/null "http://127.0.0.1:$MANAGEMENT_PORT/hawtio/" || fail "Hawtio's page"
  say confined "user $(in_reelway id -u), read-only root file system, no capabilities"
}

# every_chunk NAME: what the live playlist names is in the store
every_chunk() {
  local chunk chunks
  chunks=$(s3 "/live/$1/index.m3u8" | grep -v '^#')
  [[ -n $chunks ]]
  for chunk in $chunks; do s3 "/live/$1/$chunk" >/dev/null; done
  say live "$1: $(wc -w <<<"$chunks") chunks and their playlist are in the store"
}

try_stream() {
  local publisher name
  publish camera1 $((14 * ${PATIENCE:-1})) &
  publisher=$!
  wait_for 60 "the live playlist in the store" has_object live/camera1/index.m3u8
  every_chunk camera1 || fail "a chunk that the live playlist names is not in the store"
  wait_for 30 "the stream that nginx's page tells of" is_known "$(id_of reelway)" camera1
  wait "$publisher" || fail "publishing to nginx"
  wait_for 10 "nginx's recording" is_recorded camera1
  name=$(recording_of camera1)
  wait_for 60 "the object of $name" has_object "$name"
  wait_for 30 "the end of its marker" no_marker "$name"
  object_equals "$name"
}

# prometheus_says QUERY VALUE
prometheus_says() {
  curl -sS --fail -G --data-urlencode "query=$1" "http://127.0.0.1:$PROMETHEUS_PORT/api/v1/query" | grep -qF ",\"$2\"]"
}
can_have() {
  local image
  image=$("${compose[@]}" config | awk -v name="$1" '$1 == "image:" && $2 ~ name {print $2}')
  docker image inspect "$image" >/dev/null 2>&1 || docker pull -q "$image" >/dev/null 2>&1 || { say "no $1" "the image $image cannot be had here"; return 1; }
}

try_monitoring() {
  if can_have prometheus; then
    "${compose[@]}" up -d prometheus >"$work/up" 2>&1 || { cat "$work/up" >&2; fail "compose up prometheus"; }
    wait_for 60 "Prometheus asks Reelway" prometheus_says 'reelway_store_up{job="reelway"}' 1
    wait_for 10 "no alert" prometheus_says 'count(ALERTS{alertstate="firing"}) or vector(0)' 0
    say watched "Prometheus has Reelway's metrics, and $(curl -sS "http://127.0.0.1:$PROMETHEUS_PORT/api/v1/rules" | grep -o '"type":"alerting"' | wc -l) alerts, none of which fires"
  fi
  if can_have grafana; then
    "${compose[@]}" up -d grafana >"$work/up" 2>&1 || { cat "$work/up" >&2; fail "compose up grafana"; }
    wait_for 90 "Grafana's dashboard" curl -sS --fail "http://127.0.0.1:$GRAFANA_PORT/api/dashboards/uid/reelway"
    say plotted "Grafana has the dashboard"
  fi
}

# As in a pod: both share loopback, where hooks need no login, and nginx is that of docker/kubernetes, but it asks before each stream, too.
try_pod() {
  local answer pod publisher begun
  pod=$(docker run -d --name reelway-try-pod --network reelway-try_default --read-only --tmpfs /tmp --cap-drop ALL \
    -e REELWAY_STORE_ENDPOINT=http://store:9000 -e REELWAY_STORE_ACCESS_KEY="$STORE_ACCESS_KEY" -e REELWAY_STORE_SECRET_KEY="$STORE_SECRET_KEY" \
    -e REELWAY_RECORDINGS_SETTLE_TIME=5s -e REELWAY_CONFIG=/etc/reelway/application.properties -v "$PWD/kubernetes/base/application.properties:/etc/reelway/application.properties:ro" reelway)
  wait_for 60 "the pod's Reelway" docker exec "$pod" reelway health --live
  answer=$(http "$pod" 8090 POST /hooks/nginx-rtmp 'call=publish&app=live&name=posted&addr=192.0.2.7&clientid=1' | head -n 1)
  [[ $answer == *" 200 "* ]] || fail "a form was answered with: $answer"
  wait_for 10 "the stream that a form told of" is_live "$pod" posted
  sed 's|live on;|& on_publish http://127.0.0.1:8090/hooks/nginx-rtmp;|' kubernetes/base/nginx.conf >"$work/nginx.conf"
  docker run -d --name reelway-try-media --network "container:$pod" --read-only --tmpfs /tmp --cap-drop ALL --volumes-from "$pod" \
    -v "$work/nginx.conf:/etc/nginx/nginx.conf:ro" reelway-nginx-rtmp >/dev/null
  wait_for 20 "the media server" docker exec "$pod" bash -c 'exec 3<>/dev/tcp/127.0.0.1/1935'
  publish camera2 8 "container:$pod" 127.0.0.1 &
  publisher=$!
  wait_for 20 "the stream that on_publish tells of" is_known "$pod" camera2
  wait "$publisher" || fail "publishing where on_publish asks Reelway"
  wait_for 60 "the recording that on_record_done tells of" has_object_like '^camera2-.*\.flv$'
  say told "by a form, on_publish and on_record_done: camera2"
  # The order of a pod that ends: the media server first, with a stream that is on, then Reelway.
  publish camera3 60 "container:$pod" 127.0.0.1 2>/dev/null &
  publisher=$!
  wait_for 20 "camera3" is_live "$pod" camera3
  sleep 3
  begun=$SECONDS
  docker stop -t 30 reelway-try-media >/dev/null
  ((SECONDS - begun < 25)) || fail "the media server waited for its publisher: nothing of a pod's time would be left for Reelway"
  wait "$publisher" || true
  # Nobody told of it: it is taken because it does not change any more.
  wait_for 60 "the recording of the stream that was cut" has_object_like '^camera3-.*\.flv$'
  begun=$SECONDS
  docker stop -t 30 "$pod" >/dev/null
  say ended "the media server with a stream that was on, its recording in the store, and Reelway in $((SECONDS - begun)) s"
  docker rm -fv reelway-try-media "$pod" >/dev/null
}
has_object_like() { s3 '' | tags Key | grep -q -- "$1"; }

# With "=": some versions of curl sign a parameter without value wrongly.
upload_id() { s3 '?uploads=' | tags UploadId; }
parts_of() { s3 "/$1?uploadId=$2" | grep -o '<PartNumber>' | wc -l; }
some_parts() { (($(parts_of big.mp4 "$(upload_id)") >= 2)); }

try_restart() {
  # A line that is slow makes sure that the stop falls into the upload; after the start it is as fast as ever.
  local answer
  answer=$(http "$(id_of reelway)" 8090 PUT '/bandwidth?rate=4MiB/s')
  [[ $answer == *" 200 "* ]] || fail "the bandwidth: $answer"
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
try_monitoring
try_pod
try_restart
printf '\nOK: live chunks, a published stream and a resumed upload are objects with the bytes of their files (%s s)\n' "$SECONDS"
