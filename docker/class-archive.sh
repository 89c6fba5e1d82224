#!/bin/sh
# Run while the image is built, where the program is to stay: an archive of classes is good for these paths and times only.
# Writes /opt/reelway/classes.jsa with the classes that Reelway loads first, and Java's own in the place of its archive.
# Usage: class-archive.sh CLASSES. All 10,000 that a start loads would take 87 MB and save 37 % of its processor time.
set -eu

work=$(mktemp -d)
cp -r /opt/reelway/routes "$work/routes"
mkdir "$work/recordings"

export REELWAY_STORE_ACCESS_KEY=none REELWAY_STORE_SECRET_KEY=none REELWAY_STORE_BUCKET=none
export REELWAY_STORE_ENDPOINT=http://127.0.0.1:9 REELWAY_RECORDINGS_FOLDER="$work/recordings" REELWAY_STATE_FOLDER="$work/state"
JAVA_TOOL_OPTIONS=-XX:DumpLoadedClassList=$work/run /opt/reelway/reelway run >"$work/log" 2>&1 &
sidecar=$!
for _ in $(seq 1200); do
  if grep -q 'ready: ' "$work/log" || ! kill -0 "$sidecar" 2>/dev/null; then break; fi
  sleep 0.1
done
grep -q 'ready: ' "$work/log" || { cat "$work/log" >&2; exit 1; }
# A container's health check is a start, too, and there are many of it.
JAVA_TOOL_OPTIONS=-XX:DumpLoadedClassList=$work/health /opt/reelway/reelway health --live >/dev/null
kill "$sidecar"
wait "$sidecar" || true

cat "$work/health" "$work/run" | grep -v '^[#@]' | awk '!seen[$1]++' | head -n "$1" >"$work/classes"
# Lambdas, where the class that they are written in is among these: it would be added for them.
cat "$work/health" "$work/run" | awk 'NR == FNR {archived[$1]; next} /^@lambda-form/ || /^@lambda-proxy/ && $2 in archived' \
  "$work/classes" - | sort -u >"$work/lambdas"
cat "$work/lambdas" >>"$work/classes"
rm /opt/reelway/java/lib/server/classes*.jsa
/opt/reelway/java/bin/java -Xshare:dump -XX:+UseSerialGC -XX:SharedClassListFile="$work/classes" \
  -XX:SharedArchiveFile=/opt/reelway/classes.jsa -cp /opt/reelway/reelway.jar -Xlog:disable -Xlog:all=error
rm -rf "$work"
