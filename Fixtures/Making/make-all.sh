#!/usr/bin/env bash
# Makes all captures of Fixtures again (about five minutes, as root). Their times, addresses and story stay
# the same; Call-IDs, nonces, tags and the gaps between packets do not.
set -euo pipefail
cd "$(dirname "$0")"
for maker in office scans floods night errors sockets forged mixed cases; do
  echo "$maker"
  "./$maker.sh"
done
