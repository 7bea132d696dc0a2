"""Checks journal files after docs/journal-file.md: a second opinion, sharing no code with `nexus verify`.

Usage: verify_journal.py ENROLMENT_KEY HQ_KEY FILE...    ("-" for HQ_KEY: its signatures are not checked)
Prints one line of JSON for each file: {"file", "verdict", "epoch", "seq", "line", "faults"}.
"""
import base64, functools, hashlib, json, re, sys
from datetime import date, timedelta

P = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
G = (0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
     0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5)
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
MAX_LINE, MAX_SEQ = 1024 * 1024, 2**53 - 1


def double(p):
    x, y, z = p
    if not y: return (0, 1, 0)
    s, m = 4 * x * y * y % P, 3 * (x - z * z) * (x + z * z) % P
    x2 = (m * m - 2 * s) % P
    return (x2, (m * (s - x2) - 8 * y**4) % P, 2 * y * z % P)


def add(p, q):
    if not p[2]: return q
    if not q[2]: return p
    (x1, y1, z1), (x2, y2, z2) = p, q
    u1, u2 = x1 * z2 * z2 % P, x2 * z1 * z1 % P
    s1, s2 = y1 * z2**3 % P, y2 * z1**3 % P
    if u1 == u2: return double(p) if s1 == s2 else (0, 1, 0)
    h, r = u2 - u1, s2 - s1
    x = (r * r - h**3 - 2 * u1 * h * h) % P
    return (x, (r * (u1 * h * h - x) - s1 * h**3) % P, h * z1 * z2 % P)


@functools.lru_cache(None)
def signed(key, data, signature):
    """ECDSA P-256 with SHA-256; False for anything malformed."""
    spki, raw = b64(key), b64(signature)
    if spki is None or raw is None or len(spki) != 91 or len(raw) != 64: return False
    x, y = int.from_bytes(spki[-64:-32], "big"), int.from_bytes(spki[-32:], "big")
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    if not (0 < r < N and 0 < s < N) or (y * y - x**3 + 3 * x - B) % P: return False
    w = pow(s, -1, N)
    u, v = int.from_bytes(sha(data), "big") * w % N, r * w % N
    g, q, point = (*G, 1), (x, y, 1), (0, 1, 0)
    both = add(g, q)
    for bit in range(255, -1, -1):
        point = double(point)
        one, two = u >> bit & 1, v >> bit & 1
        if one or two: point = add(point, both if one and two else g if one else q)
    return bool(point[2]) and (point[0] * pow(point[2], -2, P) - r) % P % N == 0


def sha(data): return hashlib.sha256(data).digest()
def text(data): return base64.urlsafe_b64encode(data).decode().rstrip("=")
def run(running, digest): return sha(running + digest)
def canonical(value): return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def b64(value):
    try:
        data = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
        return data if text(data) == value else None
    except ValueError: return None


def whole(least, most=MAX_SEQ): return lambda v: type(v) is int and least <= v <= most
def like(pattern): return lambda v: isinstance(v, str) and re.fullmatch(pattern, v) is not None
def either(*forms): return lambda v: any(form(v) for form in forms)
def each(form, most=10**9): return lambda v: isinstance(v, list) and len(v) <= most and all(map(form, v))
def null(v): return v is None
def has(**members): return lambda v: isinstance(v, dict) and all(k in v and form(v[k]) for k, form in members.items())


uuid, hash_, seq, count = like("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), like("[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]"), whole(1), whole(0)
instant, day, signature = whole(0, 250 * 10**12), like(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), like("[A-Za-z0-9_-]{0,200}")
place = dict(tenant=uuid, store=uuid, register=uuid, exportedAt=instant)
FORMS = {
    "nexus-journal": has(version=whole(1, 1), **place),
    "root": has(signature=signature, record=has(kind=like("day-root"), day=day, generation=like("[A-Za-z0-9_-]{22}"),
                leaves=count, root=hash_, previous=either(null, hash_), keyId=hash_)),
    "epoch": has(epoch=uuid),
    "hole": has(epoch=uuid, hole=has(fromSeq=count, toSeq=count, lastHash=hash_)),
    "quarantined": has(epoch=uuid, seq=seq, reason=like("(?s).{1,40}"), state=like("waits|acted|dropped")),
    "checkpoint": has(signed=has(signature=signature, checkpoint=has(register=uuid, epoch=uuid, seq=count, hash=hash_, keyId=hash_))),
    "received": has(signature=signature, leaf=count, path=each(hash_, 64), record=has(kind=like("received"), register=uuid,
                    epoch=uuid, day=day, fromSeq=seq, toSeq=seq, hash=hash_, entries=hash_, receivedAt=instant, keyId=hash_)),
    "entry": has(epoch=uuid, seq=seq, bytes=like("[A-Za-z0-9_-]+")),
    "personal": has(item=has(identity=hash_, salt=hash_, data=like("(?s).{2,16384}"))),
    "statement": has(signature=signature, record=has(kind=like("export"), lastDay=either(null, hash_), keyId=hash_, **place,
                     epochs=each(has(epoch=uuid, seq=count, hash=hash_, entries=hash_, lines=hash_)))),
}


class Unreadable(Exception):
    pass


class Epoch:
    """One epoch, slot by slot."""

    def __init__(self, epoch, register, enrolment):
        self.id, self.register, self.enrolment = epoch, register, enrolment
        self.expected, self.prev, self.row = 1, text(sha(epoch.encode())), 1
        self.faults, self.bad_figures, self.spans, self.holes, self.quarantined = [], [], [], [], set()
        self.checkpoints, self.records, self.certificate, self.predecessor = {}, [], None, None
        self.last, self.last_vouched, self.breach, self.first = None, False, None, True
        self.entries, self.lines, self.totals, self.stated = bytes(32), bytes(32), dict.fromkeys(TOTALS, 0), dict.fromkeys(TOTALS, 0)
        self.numbers, self.intended = {}, set()

    def fault(self, at, cause): self.faults.append((at, cause))
    def genuine(self, signed_): return self.certificate is not None and all(signed_["checkpoint"][m] == self.certificate[m] for m in ("register", "keyId")) and signed(
        self.certificate["publicKey"], canonical({m: signed_["checkpoint"][m] for m in ("register", "epoch", "seq", "hash", "keyId")}), signed_["signature"])

    def proven(self):
        to = 0
        for start, end in sorted(self.spans):
            if start <= to + 1: to = max(to, end)
        return to

    def pass_holes(self, at):
        ended = None
        while hole := next((h for h in self.holes if h["fromSeq"] <= self.expected <= h["toSeq"] and (at is None or h["toSeq"] < at)), None):
            if self.expected == 2 and self.certificate: self.spans.append((1, 1))
            self.spans.append((self.expected, hole["toSeq"]))
            self.pass_records(hole["toSeq"])
            if self.records and self.records[0][0]["fromSeq"] <= hole["toSeq"]:
                self.fault(max(self.records.pop(0)[0]["fromSeq"], self.expected), "missing")
            self.expected, self.prev, self.row, ended = hole["toSeq"] + 1, hole["lastHash"], hole["toSeq"] + 1, hole["toSeq"]
        return ended

    def pass_records(self, at):
        while self.records and self.records[0][0]["toSeq"] <= at:
            record = self.records.pop(0)[0]
            self.fault(max(record["fromSeq"], min(self.expected, at)), "missing")

    def settle(self, successor_prev):
        if self.breach is None: return
        at, digest, before, hole = self.breach
        self.breach = None
        sound = successor_prev == digest or self.last_vouched
        if sound and hole is not None: self.fault(hole, "hole")
        else: self.fault(before if sound and before is not None else at, "broken-link")

    def add(self, at, data):
        entry, digest = parse(data), text(sha(data))
        named = entry if entry is not None else {}
        epoch, prev = (named.get(m) if isinstance(named.get(m), str) else None for m in ("epoch", "prevHash"))
        self.entries = run(self.entries, sha(data))
        if at < self.expected: return self.fault(at, "order")
        self.settle(prev if at == self.expected else None)
        hole, gap = self.pass_holes(at), False
        if at != self.expected:
            self.fault(self.expected, "missing")
            self.expected, self.prev, gap = at, None, True
        if self.first: self.open(at, named)
        self.first = False
        misplaced = epoch is not None and (epoch != self.id or named.get("seq") != at)
        if misplaced or prev is None or self.prev is None: self.row = at
        elif prev != self.prev:
            self.breach, self.row = (at, digest, None if hole is not None or self.last_vouched or self.last is None else self.last[0], hole), at
        if misplaced and at not in self.quarantined: self.fault(at, "wrong-place")
        vouched = False
        for signed_ in self.checkpoints.pop(at, []) if self.certificate else []:
            if self.genuine(signed_) and signed_["checkpoint"]["hash"] == digest:
                self.spans.append((self.row, at))
                vouched = True
            else: self.fault(at, "checkpoint")
        vouched = self.match_records(at, digest) or vouched
        try: self.recount(at, entry, gap or hole is not None)
        except (KeyError, TypeError, ValueError): self.totals, self.numbers = None, {}
        self.last, self.last_vouched = (at, entry, digest), vouched
        self.expected, self.prev = at + 1, digest

    def open(self, at, entry):
        body = entry.get("body") if isinstance(entry.get("body"), dict) else {}
        raw = b64(body["certificate"]) if isinstance(body.get("certificate"), str) else None
        certificate = parse(raw) if raw else None
        sound = at == 1 and entry.get("type") == "epoch-opened" and certificate and isinstance(body.get("certificateSignature"), str) and signed(
            self.enrolment, raw, body["certificateSignature"]) and certificate.get("epoch") == self.id and certificate.get("register") == self.register
        if not sound: return self.fault(at, "first-entry")
        self.certificate, self.predecessor = certificate, body.get("predecessor")

    def match_records(self, at, digest):
        self.pass_records(at - 1)
        if not self.records or at < self.records[0][0]["fromSeq"]: return False
        record, authentic, running = self.records[0]
        self.records[0][2] = running = run(running, b64(digest))
        if at < record["toSeq"]: return False
        self.records.pop(0)
        if text(running) != record["entries"] or record["hash"] != digest:
            self.fault(at, "received")
            return False
        if authentic: self.spans.append((record["fromSeq"], at))
        return authentic

    def recount(self, at, entry, broken):
        if entry is None or not isinstance(entry.get("body"), dict) or entry.get("type") not in TYPES: broken, entry = True, None
        if broken: self.totals, self.numbers = None, {}
        if entry is None: return
        body, kind, taken = entry["body"], entry["type"], []
        if kind == "sale":
            documents = body["documents"]
            taken = [d["number"] for d in documents]
        elif kind in ("invoice-issued", "recovered-bill"):
            documents = [body["document"]]
            taken = [body["document"]["number"]] if kind == "invoice-issued" else []
        else: documents, taken = [], [body["number"]] if kind in ("invoice-intent", "renumbered") else []
        if self.totals is not None:
            total = self.totals = dict(self.totals, sales=self.totals["sales"] + (kind == "sale"), documents=self.totals["documents"] + len(documents))
            for d in documents:
                side = {"I": "sold", "B": "sold", "C": "returned", "R": "returned"}.get(d["kind"])
                if side is None: continue
                total[side + "Minor"] += d["totalMinor"]
                if d["kind"] != "R": total[{"sold": "tax", "returned": "returnedTax"}[side] + "Minor"] += 2 * d["cgstMinor"] + d["igstMinor"]
        if kind in ("sale", "shift-closed"):
            said = entry["totals"] and {m: entry["totals"][m] for m in TOTALS}
            wrong = said is None or (said != self.totals if self.totals is not None else any(said[m] < self.stated[m] for m in TOTALS))
            if wrong: self.bad_figures.append(("totals", at))
            if said is not None: self.totals = self.stated = said
        for number in taken:
            if number in self.intended:
                self.intended.remove(number)
                continue
            series, _, digits = number.rpartition("-")
            follows = digits.isdigit() and (series not in self.numbers or int(digits) == self.numbers[series] + 1)
            own = self.certificate is None or re.fullmatch(re.escape(self.certificate["code"]) + "[IBCRPG][0-9]{2}-[0-9]{6}", number)
            if digits.isdigit(): self.numbers[series] = int(digits)
            if not follows or not own: self.bad_figures.append(("number", at))
        if kind == "invoice-intent": self.intended.add(body["number"])

    def personal(self, item):
        entry = self.last and self.last[1]
        if self.last and item["identity"] == self.last[2] and entry is None: return
        if self.last and item["identity"] != self.last[2]:
            raw = b64(entry["body"]["bytes"]) if entry and entry.get("type") in ("rehomed", "fork-rehomed") else None
            entry = parse(raw) if raw and text(sha(raw)) == item["identity"] else None
        if not entry: return self.fault(self.expected, "personal")
        fits = isinstance(entry.get("body"), dict) and entry["body"].get("personalHash") == text(sha(b64(item["salt"]) + item["data"].encode()))
        if not fits: self.fault(self.last[0], "personal")

    def end(self):
        self.settle(None)
        self.pass_holes(None)
        cut = any(record["toSeq"] >= self.expected for record, _, _ in self.records)
        for signed_ in [s for group in self.checkpoints.values() for s in group] if self.certificate else []:
            if not self.genuine(signed_): self.fault(signed_["checkpoint"]["seq"], "checkpoint")
            elif signed_["checkpoint"]["seq"] >= self.expected: cut = True
        if cut: self.fault(self.expected, "missing")


TOTALS = ("sales", "documents", "soldMinor", "taxMinor", "returnedMinor", "returnedTaxMinor")
TYPES = set("""epoch-opened rehomed renumbered sign-in sign-out attendance shift-opened shift-handover cash-count shift-closed
day-settled sale void-cart hold recall cash-in cash-out safe-drop drawer-opened price-override approval payment-intent payment-result
invoice-intent invoice-issued number-cancelled recovered-bill reprint stock-count-line incident clock-changed app-updated training handover
quarantine-released hole-lost fork-rehomed payment-resolved sub-grant month-closed""".split())


def parse(data):
    """The JSON object of these bytes; None where they are none."""
    def refuse(_): raise ValueError("no JSON number")
    try:
        value = json.loads(data.decode("utf-8"), parse_constant=refuse)
        return value if isinstance(value, dict) else None
    except (ValueError, RecursionError): return None


def leads_to(root, record, leaf, path):
    """RFC 9162, 2.1.3.2."""
    at, last, digest = leaf, root["leaves"] - 1, sha(b"\0" + canonical(record))
    if leaf >= root["leaves"]: return False
    for sibling in map(b64, path):
        if last == 0: return False
        if at & 1 or at == last:
            digest = sha(b"\1" + sibling + digest)
            while not at & 1 and at: at, last = at >> 1, last >> 1
        else: digest = sha(b"\1" + digest + sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and text(digest) == root["root"]


def check(path, enrolment, hq):
    header, roots, last_root, epochs, current, statement, faults, no = None, {}, None, {}, None, None, [], 0
    for no, raw in enumerate(open(path, "rb"), 1):
        raw = raw.removesuffix(b"\n")
        if not raw.strip(): continue
        line = parse(raw) if len(raw) <= MAX_LINE else None
        kind = line and line.get("kind")
        if not isinstance(kind, str) or kind not in FORMS or not FORMS[kind](line): raise Unreadable(no)
        if (header is None) != (kind == "nexus-journal") or statement: raise Unreadable(no)
        record = line.get("record")
        if kind == "nexus-journal": header = line
        elif kind == "root":
            if current: raise Unreadable(no)
            follows = last_root is None or (record["day"] == str(date.fromisoformat(last_root[0]) + timedelta(1)) and record["previous"] == last_root[1])
            if not follows or (hq and not signed(hq, canonical(record), line["signature"])): faults.append("root")
            roots[record["day"]], last_root = record, (record["day"], text(sha(canonical(record))))
        elif kind == "epoch":
            if line["epoch"] in epochs: raise Unreadable(no)
            if current: current.end()
            current = epochs[line["epoch"]] = Epoch(line["epoch"], header["register"], enrolment)
        elif kind == "statement":
            if current: current.end()
            current, statement = None, line
        else: in_epoch(no, kind, line, current, header, roots, hq)
    if header is None: raise Unreadable(1)
    if current: current.end()
    if not epochs: faults.append("empty")
    stated = settle_statement(header, statement, last_root, epochs, hq, faults, enrolment)
    doubt = False
    for epoch in reversed(list(epochs.values())):
        named = epoch.predecessor
        before = epochs.get(named["epoch"]) if named else None
        if before is None or (before.last and named["seq"] < before.last[0]): continue
        if named["seq"] == before.expected - 1 and named["hash"] == before.prev:
            first = min((at for at, _ in epoch.faults), default=MAX_SEQ)
            if min(epoch.proven(), first - 1) > 0 and before.last: before.spans.append((before.row, before.last[0]))
        elif not stated: doubt = True
    bad = next(((e.id, *min(e.faults, key=lambda f: f[0])) for e in epochs.values() if e.faults), None)
    if faults or bad or any(e.bad_figures for e in epochs.values()): verdict = "bad"
    else: verdict = "unproven" if doubt or any(e.proven() != e.expected - 1 for e in epochs.values()) else "good"
    return dict(verdict=verdict, epoch=bad and bad[0], seq=bad and bad[1], cause=bad and bad[2], faults=faults)


def in_epoch(no, kind, line, epoch, header, roots, hq):
    if epoch is None: raise Unreadable(no)
    named = {"checkpoint": lambda: line["signed"]["checkpoint"], "received": lambda: line["record"], "personal": lambda: {"epoch": epoch.id}}.get(kind, lambda: line)()["epoch"]
    if named != epoch.id: raise Unreadable(no)
    last = epoch.last[0] if epoch.last else 0
    if kind == "entry":
        data = b64(line["bytes"])
        if data is None: raise Unreadable(no)
        return epoch.add(line["seq"], data)
    if kind == "personal": return epoch.personal(line["item"])
    epoch.lines = run(epoch.lines, sha(canonical(line)))
    if kind == "quarantined": epoch.quarantined.add(line["seq"])
    elif kind == "hole":
        if line["hole"]["fromSeq"] <= last or line["hole"]["toSeq"] < line["hole"]["fromSeq"]: raise Unreadable(no)
        epoch.holes.append(line["hole"])
    elif kind == "checkpoint":
        if line["signed"]["checkpoint"]["seq"] <= last: raise Unreadable(no)
        epoch.checkpoints.setdefault(line["signed"]["checkpoint"]["seq"], []).append(line["signed"])
    else:
        record, root = line["record"], roots.get(line["record"]["day"])
        signed_ = bool(hq) and signed(hq, canonical(record), line["signature"])
        sound = record["register"] == header["register"] and root and leads_to(root, record, line["leaf"], line["path"]) and (signed_ or not hq)
        after = epoch.records[-1][0]["toSeq"] if epoch.records else last
        if sound and after < record["fromSeq"] <= record["toSeq"]: epoch.records.append([record, signed_, bytes(32)])
        else: epoch.fault(record["fromSeq"], "received")


def settle_statement(header, statement, last_root, epochs, hq, faults, enrolment):
    if statement is None:
        if hq: faults.append("no-statement")
        return False
    record = statement["record"]
    good = all(record[m] == header[m] for m in ("tenant", "store", "register", "exportedAt")) and record["lastDay"] == (last_root and last_root[1])
    order = [e["epoch"] for e in record["epochs"] if e["epoch"] in epochs]
    good = good and order == [e for e in epochs if e in order]
    signed_ = bool(hq) and signed(hq, canonical(record), statement["signature"])
    if not good or (hq and not signed_): faults.append("statement")
    heads, whole_ = {e["epoch"]: e for e in record["epochs"]}, True
    for epoch in epochs.values():
        said, head = heads.pop(epoch.id, None), epoch.expected - 1
        same = said and said["entries"] == text(epoch.entries) and said["lines"] == text(epoch.lines) and said["seq"] == head and (head == 0 or said["hash"] == epoch.prev)
        if same and good and signed_: epoch.spans.append((1, head))
        elif not same:
            whole_ = False
            if said and said["seq"] > head: epoch.fault(head + 1, "missing")
            elif not epoch.faults: epoch.fault(max(1, head), "statement")
    for missing in heads:
        epochs[missing], whole_ = Epoch(missing, header["register"], enrolment), False
        epochs[missing].fault(1, "missing")
    return good and signed_ and whole_


if __name__ == "__main__":
    enrolment_key, hq_key = sys.argv[1], None if sys.argv[2] == "-" else sys.argv[2]
    for name in sys.argv[3:]:
        try: result = check(name, enrolment_key, hq_key)
        except Unreadable as error: result = dict(verdict="unreadable", line=error.args[0])
        print(json.dumps(dict(file=name, **result)))
