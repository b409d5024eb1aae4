#!/usr/bin/env bash
# cases.sh CASES [NAME...]: runs segtrain on awkward inputs: files of other systems, broken images, odd locales.
# CASES is a folder with run-all.sh, which makes the inputs (python3 with pillow and numpy; PY names another Python),
# runs $SEG on each and prints PASS or FAIL. SEG is the launcher of this checkout unless it is set.
# One case: tools/cases.sh ../shared/cases 05-posix-locale
# The tests of the same in Java: ImageListingTest, ImageFormatsTest, SkippingDatasetTest, PredictionsTest, TrainingTest,
# HostilePicklesTest, LauncherTest, PredictCommandTest.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cases=${1:?give the folder of the cases, which has run-all.sh}
shift
export SEG=${SEG:-$root/segtrain} OMP_WAIT_POLICY=${OMP_WAIT_POLICY:-passive}
"$SEG" --version >/dev/null # builds if need be
exec "$cases/run-all.sh" "$@"
