#!/bin/sh
# Flashphoner WCS calls this when the recording of a stream ends: STREAM FILE. Reelway marks the file, and sends it; the
# sidecar may run or not. In flashphoner.properties: on_record_hook_script=<this file>. docs/wcs.md.
#   REELWAY   the program (default: reelway, where PATH has it)
exec "${REELWAY:-reelway}" hook recorded "--stream=${1:-}" "${2:-}"
