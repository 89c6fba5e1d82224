#!/bin/sh
# In place of Flashphoner's tools/offline_mixer_tool.sh: FILE [creationTime durationMs recorderUri] mixes the file now, and calls
# back where recorderUri is given; what is not known may be an empty word. --show-tracks-info FILE tells its tracks. docs/mixer.md.
#   REELWAY   the program (default: reelway, where PATH has it)
# Exit codes: 0 done, 64 the file is not there, 65 the mixer's settings are not there; others as the commands' --help says.
if [ "${1:-}" = --show-tracks-info ]; then
  shift
  exec "${REELWAY:-reelway}" tracks "$@"
fi
exec "${REELWAY:-reelway}" mix "$@"
