#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares the output of `slotscope-cli decode --json` for each value with what manifest.json expects. See values.sh."""
import hashlib
import json
import pathlib
import re
import resource
import struct
import subprocess
import sys

# format names of the manifest that differ from slotscope-cli's
CHAINS = {"php": "php-serialize", "lz4-frame": "lz4", "lz4-block-le32": "lz4-block:le32", "lz4-block": "lz4-block:raw",
          "lz4-phpredis": "lz4-block:php", "snappy-raw": "snappy:raw", "snappy-framed": "snappy:framed", "snappy": "snappy:raw",
          "geohash-score": "geo-score", "float32-le": "float32", "float64-le": "float64", "timestamp": "time",
          "dotnet-binaryformatter": "dotnet", "prefix:!": "prefix:1", "prefix:magento": "prefix:5", "deflate-raw": "deflate", "zeros": None, "number": "text"}
SPECIAL_FLOATS = {"NaN", "Infinity", "-Infinity"}


class Number(str):
    """A number with its original text."""

    @property
    def whole(self):
        return not re.search(r"[.eE]|NaN|Inf", self)

    def __eq__(self, other):
        if not isinstance(other, Number) or self.whole != other.whole:
            return False
        return str(self) == str(other) if self.whole else repr(float(self)) == repr(float(other))

    __hash__ = str.__hash__


class Members(list):
    """The members of a JSON object in their order, including repeated names."""


def parse(text):
    return json.loads(text, object_pairs_hook=Members, parse_int=Number, parse_float=Number, parse_constant=Number)


def time_text(text):
    text = str(text).replace("+00:00", "Z")
    return re.sub(r"(\.\d*?)0+(?=Z|$|[+-])", r"\1", text).replace(".Z", "Z").rstrip(".").rstrip("Z")


def plain(value):
    """Converts the notations of slotscope-cli and of the manifest to one common form."""
    if isinstance(value, Members):
        word = value[0][0] if value else ""
        inner = value[0][1] if value else None
        if word in ("$int", "$uint8", "$uint16", "$uint32", "$uint64", "$int8", "$int16", "$int32", "$int64", "$bigint", "$long"):
            return Number(inner)
        if word in ("$float", "$double"):
            return Number(inner if str(inner) in SPECIAL_FLOATS or re.search("[.eE]", str(inner)) else str(inner) + ".0")
        if word in ("$float32", "$float16"):
            if str(inner) in SPECIAL_FLOATS:
                return Number(inner)
            code = "f" if word == "$float32" else "e"
            return Number(repr(struct.unpack(code, struct.pack(code, float(inner)))[0]))
        if word in ("$bytes", "$string", "$bytearray"):
            return ("bytes", str(inner[0][1] if isinstance(inner, Members) else inner))
        if word == "$text_chunks":
            return "".join(inner)
        if word == "$chunks":
            return ("bytes", "".join(plain(chunk)[1] for chunk in inner))
        if word in ("$tag", "$set", "$frozenset", "$tuple", "$by_reference", "$indefinite_array"):
            if word in ("$by_reference", "$indefinite_array"):
                return plain(inner[0] if word == "$by_reference" else inner)
            return ("map", [(word, plain(inner))])
        if word == "$indefinite_map":
            return plain(inner)
        if word == "$map":
            return ("map", [(plain(key), plain(item)) for key, item in inner])
        if word in ("$ref", "$reference"):
            return ("ref",)
        if word in ("$time", "$date", "$timeofday"):
            return ("time", time_text(inner), [(k, plain(v)) for k, v in value[1:] if k not in ("seconds", "nanoseconds")])
        if word in ("$indefinite", "$stream", "$chunks"):
            return plain(inner)
        return ("map", [(re.sub("^public ", "", key), plain(item)) for key, item in value])
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def same_meaning(ours, wanted):
    """Removes what only one side contains about a Java object: the number of its class, the element type of an inner array."""
    if isinstance(ours, tuple) and ours[0] == "map":
        members = dict((str(key), item) for key, item in ours[1])
        if isinstance(wanted, list) and ("$array" in members or str(members.get("$object")).startswith("java.util.")):
            return members["items"], wanted
        if isinstance(wanted, tuple) and wanted[0] == "map":
            told = [str(key) for key, _ in wanted[1]]
            ours = ("map", [(k, v) for k, v in ours[1] if k not in ("serialVersionUID", "namespace") or k in told])
            # "$ref_id" is a number that only the manifest gives to objects, it is not in the data
            wanted = ("map", [(k, v) for k, v in wanted[1] if k != "$ref_id"])
    return ours, wanted


def difference(ours, wanted, ordered, path=""):
    """Returns the first difference, or None if there is none."""
    ours, wanted = same_meaning(ours, wanted)
    if not ordered and ("ref",) in (ours, wanted) and isinstance(ours, tuple) and isinstance(wanted, tuple):
        return None  # which of two places comes first depends on the order of fields
    if wanted == ("ref",) or ours == ("ref",):
        return None if ours == wanted else f"{path}: {ours!r:.80} for {wanted!r:.80}"
    if isinstance(ours, tuple) and isinstance(wanted, tuple) and ours[0] == wanted[0] == "map":
        one, two = ours[1], wanted[1]
        loose = not ordered or any(key == "$object" for key, _ in two)
        if loose or path.endswith("props"):
            one, two = [[(str(key), item) for key, item in side] for side in (one, two)]
        if loose:
            one, two = [sorted(side, key=lambda member: repr(member[0])) for side in (one, two)]
        if len(one) != len(two) or [key for key, _ in one] != [key for key, _ in two]:
            return f"{path}: members {[k for k, _ in one]!r:.300} for {[k for k, _ in two]!r:.300}"
        for (key, a), (_, b) in zip(one, two):
            found = difference(a, b, ordered, f"{path}.{key}")
            if found:
                return found
        return None
    if isinstance(ours, list) and isinstance(wanted, list):
        if len(ours) != len(wanted):
            return f"{path}: {len(ours)} elements for {len(wanted)}"
        for index, (a, b) in enumerate(zip(ours, wanted)):
            found = difference(a, b, ordered, f"{path}[{index}]")
            if found:
                return found
        return None
    if type(ours) is type(wanted) and ours == wanted:
        return None
    return f"{path}: {ours!r:.120} for {wanted!r:.120}"


def decode(cli, file, chain=None):
    words = [cli, "decode", "--json"] + (["--chain", chain] if chain else []) + [str(file)]
    run = subprocess.run(words, capture_output=True, timeout=60,
                         preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30)))
    if run.returncode not in (0, 1) or not run.stdout:
        return {"chain": "", "text": "", "notes": [], "crash": f"exit code {run.returncode}: {run.stderr.decode(errors='replace')[:200]}"}
    return json.loads(run.stdout, strict=False)


def chain_of(entry):
    """Returns the manifest's kind of a value as a format chain of slotscope-cli."""
    words = []
    for kind in entry["kind"]:
        if kind.startswith("text:"):
            kind = "text" if kind == "text:utf-8" else kind
        elif kind.startswith("image:"):
            kind = "image"
        kind = CHAINS.get(kind, kind)
        if kind:
            words.append(kind)
    if len(words) > 1 and words[0] == "text":
        words = words[1:]
    if words == ["json-string", "json-string", "json"]:
        return " > ".join(words)
    if len(words) > 1 and words[0].startswith("text:"):
        words[0] = words[0].replace("text:", "charset:")
    if words == ["php-serialize", "php-serialize"]:
        words = ["php-string", "php-serialize"]
    if words[:2] == ["msgpack", "ext99"]:
        words = ["lz4-block:msgpack", "msgpack"]
    if words[0] == "xml" and len(words) > 1:
        words = ["xml"]
    return " > ".join(words)


def shown_wrong(entry, got):
    """Returns what is not shown as expected, or None if everything is."""
    if got.get("crash"):
        return got["crash"]
    form, expect, text = entry["expect_form"], entry["expect"], got["text"]
    everything = text + "\n".join(got["notes"])
    if form in ("limit", "error"):
        problem = got.get("problem", {}).get("words", "")
        return None if got["truncated"] or problem or form == "limit" else "no problem is told"
    if isinstance(expect, dict) and "message" in expect:  # the message inside may be shown too, but the element itself must be as expected
        expect = expect["message"]
    if form == "image":
        return None if got.get("image") == {k: expect[k] for k in ("format", "width", "height")} else f"{got.get('image')}"
    if form == "digest":
        if entry["kind"][-1] == "json":
            return None if len(parse(text)) > 0 else "empty"
        return None if hashlib.sha256(text.encode()).hexdigest() == expect["$utf8_sha256"] else "another text"
    if form in ("note", "sample"):
        return None if text and not got.get("problem") else f"{got.get('problem')}"
    if form == "text":
        if entry["kind"][-1] == "json":
            try:
                tokens = [re.findall(r'"(?:[^"\\]|\\.)*"|[^\s]', side) for side in (text, expect)]
            except TypeError:
                return "no text"
            return None if tokens[0] == tokens[1] else "other tokens"
        return None if text.lstrip("\ufeff") == expect.lstrip("\ufeff") else f"{text!r:.150} for {expect!r:.150}"
    if entry["kind"][-1] in ("timestamp", "geohash-score", "bitmap", "uuid"):
        words = [str(v) for v in expect.values() if isinstance(v, (str, int, float))] if entry["kind"][-1] != "bitmap" else ["64, 100"]
        words = [w for w in words if not (entry["kind"][-1] == "geohash-score" and re.fullmatch("[0-9b-z]{11}", w))]
        missing = [w for w in words if time_text(w)[:14] not in everything.replace("+00:00", "Z")]
        return f"{missing} not told" if missing else None
    if entry["kind"][-1] == "hyperloglog":
        return None if re.search(r"\b(39|40|41)\b", everything) else "no count"
    if entry["kind"][-1] == "protobuf":
        wanted = [w for w in ("18446744073709551615", "Ådne Ødegård", "zstd inside") if w in json.dumps(expect, ensure_ascii=False)]
        return None if all(w in text for w in wanted) and not got.get("problem") else "fields are missing"
    try:
        ours = [parse(line) for line in text.splitlines()] if entry["kind"][-1] == "ndjson" else parse(text)
    except ValueError as error:
        return f"not JSON: {error}; {got.get('problem')}"
    if entry["kind"][-1] == "float32-le":  # the manifest contains these numbers converted to double
        expect = [struct.unpack("f", struct.pack("f", number))[0] for number in expect]
        ours = [Number(repr(struct.unpack("f", struct.pack("f", float(number)))[0])) for number in ours]
    ordered = not {"java", "avro"} & set(entry["kind"])  # members of these formats have no order, or another order in the manifest
    found = difference(plain(ours), plain(parse(json.dumps(expect))), ordered)
    return found or (f"problem {got['problem']}" if got.get("problem") else None)


def main():
    cli, folder, names = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3:]
    entries = [e for e in json.loads((folder / "manifest.json").read_text()) if not names or any(n in e["file"] for n in names)]
    shown = detected = trips = 0
    for entry in entries:
        wanted = chain_of(entry)
        got = decode(cli, folder / entry["file"])
        same = got["chain"] == wanted or got["chain"] == wanted.split(" > text")[0]
        plain_bytes = got["chain"] in ("text", "hex") or got["chain"].endswith(("> text", "> hex"))
        right = same or entry["expect_form"] in ("limit", "error") and got["chain"].startswith(wanted.split(" > ")[0])
        if entry["detect"] in ("either", "manual"):
            right = right or plain_bytes
        detected += right
        if not right:
            print(f"detected  {entry['file']}: {got['chain'] or got.get('crash')} for {wanted} ({entry['detect']})")
        by_hand = got
        if not same and entry["detect"] != "auto":
            by_hand = decode(cli, folder / entry["file"], wanted)
        wrong = shown_wrong(entry, by_hand)
        shown += wrong is None
        if wrong:
            print(f"shown     {entry['file']} [{by_hand['chain']}]: {wrong}")
        proof = by_hand.get("round_trip", "none")
        fine = proof != "none" or not entry["roundtrip"]  # a value without a guaranteed round trip may be reported as not writable
        trips += fine
        if not fine:
            print(f"roundtrip {entry['file']} [{by_hand['chain']}]: {by_hand.get('round_trip_words')}")
    canaries = list(pathlib.Path(".").glob("values-canary-file-*"))
    for canary in canaries:
        print(f"EXECUTED: {canary}")
    print(f"shown right {shown}, detected right {detected}, round trip right {trips}, of {len(entries)}")
    return 1 if canaries or min(shown, detected, trips) < len(entries) else 0


sys.exit(main())
