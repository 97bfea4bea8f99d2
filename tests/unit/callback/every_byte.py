#!/usr/bin/env python3
"""Changes every byte of a bundle and looks whether its section is named.

every_byte.py VERIFIER BUNDLE SECTIONS: one line of SECTIONS for each byte.
"""

import contextlib
import importlib.util
import io
import sys

sys.dont_write_bytecode = True


def main(verifier, bundle, sections):
  spec = importlib.util.spec_from_file_location('verifier', verifier)
  module = importlib.util.module_from_spec(spec)
  spec.loader.exec_module(module)
  good = open(bundle, 'rb').read()
  owners = open(sections, encoding='ascii').read().split()
  if len(owners) != len(good):
    sys.exit('not one section for each byte')
  with contextlib.redirect_stdout(io.StringIO()):
    if module.failed(good):
      sys.exit('the bundle itself does not verify')
    for at, owner in enumerate(owners):
      # One bit, or the end of a text.
      for byte in {good[at] ^ 1, ord('"')} - {good[at]}:
        wrong = module.failed(good[:at] + bytes([byte]) + good[at + 1:])
        named = [name for name in wrong if name.startswith('section ')]
        if named != ['section ' + owner]:
          sys.exit(f'byte {at} of {owner} changed to {byte}: {wrong}')


if __name__ == '__main__':
  main(*sys.argv[1:])
