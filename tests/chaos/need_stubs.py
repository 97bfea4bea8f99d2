"""`stubs`, for a test that is nothing without them: it is skipped where gRPC for Python
is absent, and fails in CI."""

import os
import sys

try:
  import stubs  # pylint: disable=unused-import
except ImportError as error:
  print(f'no gRPC for Python ({error}): deploy/install-packages tests')
  sys.exit(1 if 'CI' in os.environ else 77)
