"""A process whose time of day is set while it runs."""

import datetime
import json
import os
import struct
import subprocess
import time

LIBRARY = 'libshifted_clock.so'  # tests/support/shifted_clock.cc


class ShiftedClock:
  """The clock of the processes started with `environment`. `path`: a file of its own;
  `bin_dir`: where the library was built to."""

  def __init__(self, bin_dir, path):
    self.library = os.path.join(bin_dir, LIBRARY)
    self.path = path
    self.set(0)

  def environment(self):
    return {'LD_PRELOAD': self.library, 'CLOCK_OFFSET_FILE': self.path}

  def ahead_of(self, service):
    """By how many seconds a process of the program is ahead, as it says itself."""
    # It refuses to start without a database, and logs when.
    done = subprocess.run([service], env={'PATH': os.environ['PATH'],
                                          **self.environment()},
                          timeout=10, capture_output=True, check=False)
    told = datetime.datetime.fromisoformat(json.loads(done.stderr.splitlines()[0])['ts'])
    return told.timestamp() - time.time()

  def set(self, ahead):
    """So many seconds ahead of the machine's from now on."""
    # Not truncated: the running process reads what is written.
    with open(os.open(self.path, os.O_WRONLY | os.O_CREAT), 'wb') as file:
      file.write(struct.pack('=q', round(ahead * 1e9)))
