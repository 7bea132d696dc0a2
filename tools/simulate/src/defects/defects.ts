import type { Patch } from '../cores/load-cores.ts'

/** One guard taken out of the cores, in words that say what the program then does. */
export type Defect = { name: string; patches: readonly Patch[] }

const decide = 'packages/sync/src/server/decide.ts'
const core = 'packages/sync/src/till/journal-core.ts'
const copies = 'packages/sync/src/till/two-copies.ts'
const loop = 'packages/sync/src/till/sync-loop.ts'
const hop = 'packages/sync/src/till/hop.ts'
const recover = 'packages/sync/src/till/recover.ts'
const head = 'packages/sync/src/till/head.ts'
const forwarder = 'packages/sync/src/hop/forwarder.ts'
const parcel = 'packages/sync/src/hop/parcel.ts'
const memoryHop = 'packages/sync/src/testing/memory-hop.ts'

/** A defect of one change: the text stands in the file exactly once, or planting it fails. */
function plant(name: string, file: string, find: string, put: string): Defect {
  return { name, patches: [{ file, find, put }] }
}

/**
 * What the simulation must see missing. A change of the cores that moves one of these texts moves it here
 * too: `loadSimulation` says which.
 */
export const defects: readonly Defect[] = [
  // The accept decision
  {
    name: 'acts on an identity again',
    patches: [
      {
        file: decide,
        find: "    if (known?.state === 'acted') return\n    if (known?.state === 'quarantine') {",
        put: "    if (known?.state === 'quarantine') {",
      },
      // What is sent again goes the same way, where that guard alone would stop it.
      {
        file: decide,
        find: 'if (held === prepared.hash) this.#acknowledgeAgain(seq, prepared)\n',
        put: "if (held === prepared.hash) this.#actOrWait(epoch, seq, prepared, 'own')\n",
      },
    ],
  },
  plant(
    'acts again on what a wrapper brings',
    decide,
    "    if (known?.state === 'acted' || known?.state === 'quarantine') return\n",
    '',
  ),
  plant(
    'takes what does not link',
    decide,
    '(!misplaced && prevHash !== null && prevHash !== epoch.head.hash)',
    'false',
  ),
  plant(
    'accepts past a gap',
    decide,
    '      if (isBeyond && !this.#push.aside) break\n      if (isBeyond) this.#fork(epoch, seq, prepared)\n      else this.#take(epoch, seq, prepared, inHoles)\n',
    '      if (seq > epoch.head.seq + 1 && !this.#forking) epoch.head = { seq: seq - 1, hash: prepared.decoded.outline.prevHash ?? "" }\n      this.#take(epoch, seq, prepared, inHoles)\n',
  ),
  plant(
    'gives quarantine no slot',
    decide,
    '    this.#fillSlot(epoch, seq, prepared)\n    epoch.head = { seq, hash: prepared.hash }\n',
    "    if (prepared.decoded.kind === 'ok') this.#fillSlot(epoch, seq, prepared)\n    epoch.head = { seq, hash: prepared.hash }\n",
  ),
  plant(
    'acknowledges whatever holds the place',
    decide,
    '      if (held === prepared.hash) this',
    '      if (held !== undefined) this',
  ),
  plant(
    'drops what it forks',
    decide,
    '    this.#forking = true\n    this.#forked.push(seq)\n    this.#keepAside(epoch.epoch, seq, prepared)\n',
    '    this.#forking = true\n    this.#forked.push(seq)\n',
  ),
  plant(
    'does not say what it forked',
    decide,
    '    this.#forking = true\n    this.#forked.push(seq)\n',
    '    this.#forking = true\n',
  ),
  plant(
    'tells nobody of a doubled number',
    decide,
    "        this.#notice('number-twice', slot.seq, identity, { number, other: holder })\n",
    '',
  ),
  plant(
    'tells nobody of a hole',
    decide,
    "    this.#notice('hole-declared', fromSeq, null, { toSeq: hole.toSeq })\n",
    '',
  ),
  plant(
    'keeps no personal data',
    decide,
    '    this.#rows.personal.push(...this.#push.personal.filter(({ identity }) => known(identity)))\n',
    '    void known\n',
  ),
  plant(
    'lets an unread entry pass',
    decide,
    "    if (decoded.kind !== 'ok') return decoded.kind\n",
    "    if (decoded.kind !== 'ok') return undefined\n",
  ),
  // The till's core
  plant(
    'numbers without counting on',
    head,
    '    series: seriesAfter(head, entry),\n',
    "    series: entry.type === 'sale' && entry.seq % 5 === 0 ? head.series : seriesAfter(head, entry),\n",
  ),
  plant(
    'begins the totals anew',
    head,
    '    totals: totalsAfter(head.totals, entry),\n',
    "    totals: entry.type === 'clock-changed' ? { ...totalsAfter(head.totals, entry), soldMinor: 0 } : totalsAfter(head.totals, entry),\n",
  ),
  plant(
    'runs commands at the same time',
    core,
    '    const run = this.#queue.then(async () => {\n',
    '    const run = Promise.resolve().then(async () => {\n',
  ),
  plant(
    'does not write to the second copy',
    copies,
    '    const second = await this.#writeTwin(change)\n',
    '    const second = first || (await this.#writeTwin(change))\n',
  ),
  plant(
    'writes again without asking what became of it',
    copies,
    "      if (inquiry === 'committed') return this.#committed(change)\n",
    "      if (inquiry === 'committed') return 'head-moved'\n",
  ),
  plant(
    'takes the journal back from its new owner',
    copies,
    "      if (outcome === 'committed') return this.#committed(change)\n      if (outcome === 'fence-lost') return outcome\n",
    "      if (outcome === 'committed') return this.#committed(change)\n      if (outcome === 'fence-lost') {\n        const state = await this.#primary.readState()\n        this.#stored = state.head\n        change = { ...change, head: { ...change.head, fence: state.head?.fence ?? 0 } }\n        continue\n      }\n",
  ),
  plant(
    'sells on beside a newer owner',
    copies,
    "    if (!first && (await this.#hasNewerSegment(change.head.fence))) return { kind: 'fence-lost' }\n",
    '',
  ),
  plant('brings a refused entry to life', copies, '      this.#twinLacks.pop()\n', ''),
  plant(
    'forgets what the first copy lacks',
    copies,
    '    for (const record of entries) this.#primaryLacks.set(',
    '    for (const record of []) this.#primaryLacks.set(',
  ),
  plant(
    'repairs without looking whether it worked',
    copies,
    '      if (outcome === true) {\n        this.#primaryLacks.clear()\n',
    '      if (outcome !== undefined) {\n        this.#primaryLacks.clear()\n',
  ),
  plant(
    'loses personal data while the first copy fails',
    copies,
    '      if (wanted.has(item.identity)) found.set(item.identity, item)\n',
    '      if (wanted.has("")) found.set(item.identity, item)\n',
  ),
  // Start
  plant(
    'starts with the first copy alone',
    recover,
    '    const segment = await copies.readSegment(name)\n    if (segment === undefined) continue\n    entries.unshift(...segment.entries)\n',
    '    const segment = await copies.readSegment(name)\n    if (segment === undefined) continue\n',
  ),
  plant(
    'does not go on from what it found',
    recover,
    '  let next = foldFrom(head, tail.union.chain)\n',
    '  let next: HeadRecord | undefined = head\n',
  ),
  plant(
    'does not mend the first copy',
    recover,
    '    entries: tail.primaryLacks,\n    personal: personal.filter',
    '    entries: [],\n    personal: personal.filter',
  ),
  plant(
    'ignores an enrolment that only the second copy has',
    recover,
    "  if (stored === undefined || known === undefined || stored.epoch === '') {\n",
    '  if (stored === undefined || known === undefined) {\n',
  ),
  // The conversation with the hop
  plant(
    'believes any head',
    hop,
    '  if (head.seq === 0 || own.hash === undefined || own.hash === head.hash) {\n',
    '  if (head.seq >= 0) {\n',
  ),
  plant(
    'does not see that it was rolled back',
    hop,
    "  if (head.seq > own.lastSeq) return { kind: 'behind' }\n",
    '',
  ),
  plant(
    'sends nothing again to a restored server',
    hop,
    'left: leave(hop, generation), agreed: {} }',
    'left: leave(hop, generation), agreed: hop.agreed }',
  ),
  plant(
    'keeps marks of servers that were left',
    hop,
    '    received: {},\n    durable: {},\n',
    '    received: hop.received,\n    durable: Object.fromEntries(Object.entries(hop.durable).map(([epoch, mark]) => [epoch, { ...mark, generation }])),\n',
  ),
  plant(
    'takes the latest fork for the first',
    hop,
    'Math.min(fromSeq, known ?? fromSeq)',
    'Math.max(fromSeq, known ?? fromSeq)',
  ),
  plant(
    'leaves out the first of what it writes again',
    loop,
    'nextSeq: next.forkedFrom, lastSeq',
    'nextSeq: next.forkedFrom + 1, lastSeq',
  ),
  {
    name: 'takes any answer for its own',
    patches: [
      { file: loop, find: '    if (answer.requestId !== requestId) throw new StrayAnswer()\n', put: '' },
      // Of an enrolment the key says so a second time; of anything else the next answer mends it.
      {
        file: loop,
        find: '    if (certificate === undefined || certificate.publicKey !== own.publicKey) {\n',
        put: '    if (certificate === undefined) {\n',
      },
    ],
  },
  plant(
    'takes an acknowledgement of less for all',
    loop,
    'last !== undefined && answer.head.seq >= last.seq) {',
    'last !== undefined) {',
  ),
  plant(
    'sends what was damaged meanwhile',
    loop,
    '    if (intact.length === found.length) return found\n',
    '    if (intact.length >= 0) return found\n',
  ),
  // The store server
  plant(
    'fills no hole of headquarters',
    forwarder,
    '    if (gap !== undefined) return await this.#fill(track, gap)\n',
    "    if (gap !== undefined) return { kind: 'idle' }\n",
  ),
  plant(
    'forwards all but the last',
    forwarder,
    '    if (agreed < track.seq) return',
    '    if (agreed < track.seq - 1) return',
  ),
  {
    name: 'passes its own head on as received',
    patches: [
      {
        file: memoryHop,
        find: '    return { ...answer, marks: { ...answer.marks, received, durable } }\n',
        put: "    void received\n    const own = { ...answer.head, generation: this.forwarder.generation ?? '', signature: '' }\n    return { ...answer, marks: { ...answer.marks, received: own, durable } }\n",
      },
      // Nobody but headquarters can sign a mark: a till that looks believes none of these.
      {
        file: loop,
        find: '      if (notes.keys !== undefined && !(await isOfHq(this.#ports.verify, notes, kind, mark))) return null\n',
        put: '',
      },
    ],
  },
  plant(
    'takes over no branch of headquarters',
    forwarder,
    '    if (track.otherFrom !== null) return await this.#takeOver(track, track.otherFrom)\n',
    '',
  ),
  plant(
    'forwards without personal data',
    parcel,
    '      personal: source.personal.filter(({ identity }) => named.has(identity)),\n',
    '      personal: [],\n',
  ),
  plant(
    'believes that headquarters have what it told of',
    forwarder,
    '    track.agreed = track.isParted ? 0 : Math.min(seq, toldSeq)\n',
    '    track.agreed = track.isParted ? 0 : toldSeq\n',
  ),
]

/** Changes that plant a defect; none where no name is given. Throws RangeError on a name that is none. */
export function patchesOf(name: string | undefined): readonly Patch[] {
  if (name === undefined) return []
  const defect = defects.find((one) => one.name === name)
  if (defect === undefined) throw new RangeError(`There is no defect "${name}"`)
  return defect.patches
}
