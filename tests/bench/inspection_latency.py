#!/usr/bin/env python3
"""Starts the ticket and grading services on SQLite and measures how long after
CloseTicket was acknowledged the inspection is visible.
Usage: tests/bench/inspection_latency.py [BIN_DIR]"""

import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'e2e'))
from house import House  # noqa: E402

bin_dir = sys.argv[1] if len(sys.argv) > 1 else os.path.join(
    HERE, '../../build/release/bin')
# One caller and one court stand for all, and have no limits.
house = House(bin_dir, flags=('--principal_rate=0', '--court_rate=0'))
try:
  house.start_redis()
  for service in ('ticket', 'callback', 'grading'):
    house.start_service(service)
  done = subprocess.run(
      [os.path.join(bin_dir, 'inspection_latency'), house.address('ticket'),
       house.address('grading'), house.path('admin.token')], check=False)
finally:
  house.stop()
sys.exit(done.returncode)
