/**
 * Put in front of the journal worker's built file by the rigs: ends the browser at a named point of its
 * work, or takes the durability out of it, so that a rig is seen to lose. Asks the hop for its plan.
 */
{
  const get = (path) => {
    const request = new XMLHttpRequest()
    request.open('GET', path, false)
    request.send()
    return request.status === 200 ? JSON.parse(request.responseText) : null
  }
  const plan = get('/rig/plan') ?? {}
  let left = plan.nth ?? 1
  let isArmed = plan.from !== 'sale'
  const sales = new Set()
  self.addEventListener('message', ({ data }) => {
    if (data.command !== 'completeSale') return
    isArmed = true
    sales.add(data.id)
  })
  /** Passes a point; where the plan says so, it never comes back: the hop kills the browser first. */
  const pass = (point) => {
    if (!isArmed || point !== plan.point || --left !== 0) return
    get(`/rig/reached?point=${point}`)
  }

  const { transaction } = IDBDatabase.prototype
  const { put } = IDBObjectStore.prototype
  const writes = new WeakMap()
  IDBDatabase.prototype.transaction = function (stores, mode, options) {
    if (mode !== 'readwrite') {
      pass('idb-before-read')
      return transaction.call(this, stores, mode, options)
    }
    pass('idb-before-transaction')
    const durability = plan.sabotage === 'relaxed' ? 'relaxed' : options?.durability
    const opened = transaction.call(this, stores, mode, { ...options, durability })
    opened.addEventListener('complete', () => pass('idb-complete'))
    opened.addEventListener('abort', () => pass('idb-abort'))
    return opened
  }
  IDBObjectStore.prototype.put = function (...given) {
    const request = put.apply(this, given)
    const open = (writes.get(this.transaction) ?? 0) + 1
    writes.set(this.transaction, open)
    pass(open === 1 ? 'idb-first-put' : 'idb-later-put')
    request.addEventListener('success', () => {
      const waiting = writes.get(this.transaction) - 1
      writes.set(this.transaction, waiting)
      pass(waiting === 0 ? 'idb-last-success' : 'idb-success')
    })
    // A journal that tells success before the disk has it: the commit waits, the telling does not.
    if (plan.sabotage === 'early' && open === 1) {
      queueMicrotask(() => this.transaction.dispatchEvent(new Event('complete')))
      const until = performance.now() + 200
      const hold = () => {
        if (performance.now() < until) this.get('none').addEventListener('success', hold)
      }
      hold()
    }
    return request
  }

  const handle = FileSystemSyncAccessHandle.prototype
  const { write, flush } = handle
  handle.write = function (bytes, options) {
    pass('opfs-before-write')
    if (plan.point === 'opfs-torn-write' && left === 1) {
      write.call(this, bytes.subarray(0, Math.ceil(bytes.length / 2)), options)
      flush.call(this)
    }
    pass('opfs-torn-write')
    if (plan.sabotage === 'early') return bytes.length
    const written = write.call(this, bytes, options)
    pass('opfs-after-write')
    return written
  }
  handle.flush = function () {
    if (plan.sabotage === undefined || plan.sabotage === null) flush.call(this)
    pass('opfs-after-flush')
  }
  const fileHandle = FileSystemFileHandle.prototype
  const { createSyncAccessHandle } = fileHandle
  fileHandle.createSyncAccessHandle = async function (...given) {
    pass('opfs-before-open')
    const opened = await createSyncAccessHandle.apply(this, given)
    pass('opfs-after-open')
    return opened
  }

  const { subtle } = crypto
  for (const name of ['digest', 'sign', 'generateKey']) {
    const own = subtle[name].bind(subtle)
    Object.defineProperty(subtle, name, {
      value: async (...given) => {
        pass(`before-${name}`)
        const made = await own(...given)
        pass(`after-${name}`)
        return made
      },
    })
  }

  const { fetch } = self
  self.fetch = async (...given) => {
    pass('before-request')
    const answer = await fetch(...given)
    pass('after-answer')
    return answer
  }
  const { postMessage } = self
  self.postMessage = (message, ...rest) => {
    const isSale = message?.kind === 'answer' && sales.has(message.id)
    if (isSale) pass('before-telling')
    postMessage.call(self, message, ...rest)
    if (isSale) pass('after-telling')
  }
}
