#!/usr/bin/env python3
"""Checks a draw's bundle: verify_draw.py bundle.json. Needs nothing else."""
import hashlib, json, sys

def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()

def canonical(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

raw = open(sys.argv[1], encoding="utf-8", newline="").read()
b = json.loads(raw)
failed = []

def check(name, ok):
    print(("ok    " if ok else "WRONG ") + name)
    if not ok: failed.append(name)

check("canonical form", canonical(b) + "\n" == raw)
for name, digest in b["verification"]["sections"].items():
    check("section " + name, sha(canonical(b[name])) == digest)
check("bundle digest", sha(raw[:raw.rindex(',"verification"')]) == b["verification"]["bundle"])
ids = [row[0] for row in b["frame"]]
check("frame in order", ids == sorted(set(ids)))
check("frame digest", sha("\n".join(ids)) == b["frame_digest"])
check("closed tickets", b["draw"]["closed_count"] == len(ids) + len(b["excluded"]))
check("seed", b["seed"] == "%s|frame:%s|pub:%s" % (
    b["draw"]["period_label"], b["frame_digest"], b["public_seed"]))
for p in b["parties"]:
    check("commitment of " + p["party"], p["commitment"] == sha("|".join(
        (p["party"], b["frame_digest"], p["secret"], p["salt"]))))
mixed = "+".join(":".join((p["party"], p["secret"], p["salt"])) for p in b["parties"])
check("parties", mixed in ("", b["public_seed"]))
s = sha(b["seed"])
for h, stratum in enumerate(b["strata"]):
    order = sorted((i for i, k in b["frame"] if k == h), key=lambda i: sha(s + i))
    listed = b["sample"][h] + b["reserve"][h]
    check("stratum %s" % stratum["key"], len(order) == stratum["population"]
          and len(b["sample"][h]) == stratum["sampled"] and order[:len(listed)] == listed)
sys.exit("forged or damaged: " + ", ".join(failed) if failed else 0)
