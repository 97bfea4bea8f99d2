#!/usr/bin/env python3
"""Checks a draw's bundle: verify_draw.py bundle.json. Needs nothing else."""
import hashlib, json, sys
def sha(data): return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()
def canonical(v): return json.dumps(v, ensure_ascii=0, sort_keys=1, separators=(",", ":")).encode()
def checks(raw):  # the sections' bytes as they are; then what they say
    end = max(raw.rfind(b',"verification":'), 0)
    proof = json.loads(raw[end + 16:-2])
    names = sorted(proof["sections"])
    keys = [(("," if i else "{") + '"%s":' % s).encode() for i, s in enumerate(names)]
    at = [raw.find(key, 0, end) for key in keys] + [end]
    fits = [at[i] >= 0 and (at[i + 1] < 0 or proof["sections"][s] == sha(
        raw[at[i] + len(keys[i]):at[i + 1]])) for i, s in enumerate(names)]
    whole, tail = proof["bundle"] == sha(raw[:end]), b',"verification":%s}\n' % canonical(proof)
    yield "section verification", whole == all(fits) and raw[end:] == tail
    for s, fit in zip(names, fits): yield "section " + s, fit or whole
    b = json.loads(raw)
    yield "canonical form", raw == canonical(b) + b"\n" and sorted(b) == names + ["verification"]
    ids, digest, s = [row[0] for row in b["frame"]], b["frame_digest"], sha(b["seed"])
    yield "frame", ids == sorted(set(ids)) and sha("\n".join(ids)) == digest
    yield "closed tickets", b["draw"]["closed_count"] == len(ids) + len(b["excluded"])
    yield "strata", len(b["strata"]) == len(b["sample"]) == len(b["reserve"]) and (
        {k for _, k in b["frame"]} <= set(range(len(b["strata"]))))
    yield "seed", b["seed"] == f'{b["draw"]["period_label"]}|frame:{digest}|pub:{b["public_seed"]}'
    for p in b["parties"]: yield "commitment of " + p["party"], p["commitment"] == sha(
        "|".join((p["party"], digest, p["secret"], p["salt"])))
    mixed = "+".join(":".join((p["party"], p["secret"], p["salt"])) for p in b["parties"])
    yield "parties", mixed in ("", b["public_seed"])
    for h, stratum in enumerate(b["strata"]):
        order = sorted((i for i, k in b["frame"] if k == h), key=lambda i: sha(s + i))
        listed, n = b["sample"][h] + b["reserve"][h], len(b["sample"][h])
        yield "stratum " + stratum["key"], order[:len(listed)] == listed and (
            len(order), n) == (stratum["population"], stratum["sampled"])
def failed(raw):
    done = []
    try: done.extend(checks(raw))
    except Exception as e: done.append(("JSON: %r" % e if done else "section verification", False))
    for name, ok in done: print("ok   " if ok else "WRONG", name)
    return [name for name, ok in done if not ok]
if __name__ == "__main__": sys.exit(", ".join(failed(open(sys.argv[1], "rb").read())) or 0)
