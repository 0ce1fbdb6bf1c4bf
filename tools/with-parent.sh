#!/bin/sh
# Runs a command that ends when its parent does, however that dies: the parent holds this script's
# standard input open and never writes to it. When it closes, the command is terminated (killed
# after two seconds) and FOLDER removed. Prints the command's process id as its first line.
#
#   with-parent.sh FOLDER COMMAND [ARGUMENT...]
folder=$1
shift
exec 3<&0
# The command's own process prints the id before it becomes the command, which may print at once.
sh -c 'echo "$$"; exec "$@"' sh "$@" </dev/null 3<&- &
command=$!

(
  while read -r _ <&3; do :; done
  trap '' TERM # what was begun here is finished
  kill "$command"
  tries=40
  while kill -0 "$command" && [ "$tries" -gt 0 ]; do
    sleep 0.05
    tries=$((tries - 1))
  done
  kill -9 "$command"
  rm -rf "$folder"
) >/dev/null 2>&1 &
watcher=$!

wait "$command" 2>/dev/null
status=$?
kill "$watcher" 2>/dev/null
wait "$watcher" 2>/dev/null
exit "$status"
