#!/bin/sh
# Flashphoner WCS calls this when a multi-recording ends: FILE [creationTime durationMs recorderUri]; what is not known
# may be an empty word. Reelway marks the file, and the sidecar of the same settings mixes it in its turn, and calls back; it may
# run or not. In flashphoner.properties:
# on_multiple_record_hook_script=<this file>. docs/wcs.md.
#   REELWAY          the program (default: reelway, where PATH has it)
#   WCS_HOME         where WCS is; logs/multi-record.log in it gets a line
#   LOGGER_ENABLED   true: what the program said, too
# Exit codes: 0 handed over, 64 the file is not there, others as `reelway hook mix --help` says.
name=${1:-}
said=$("${REELWAY:-reelway}" hook mix "$@" 2>&1)
code=$?
log=${WCS_HOME:-/usr/local/FlashphonerWebCallServer}/logs/multi-record.log
if [ -w "$log" ] || [ -w "$(dirname -- "$log")" ]; then
  case $code in
    0) result="handed over to Reelway, which mixes it" ;;
    64) result="not mixed: the file is not there" ;;
    *) result="not mixed: reelway ended with $code" ;;
  esac
  if [ "${LOGGER_ENABLED:-false}" = true ] && [ -n "$said" ]; then printf '%s\n' "$said" >>"$log"; fi
  printf '%s %s: %s\n' "$(date '+%Y-%m-%d %H:%M:%S')" "$name" "$result" >>"$log"
fi
[ "$code" -eq 0 ] || printf '%s\n' "$said" >&2
exit "$code"
