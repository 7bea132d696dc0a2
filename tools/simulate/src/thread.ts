import { parentPort, workerData } from 'node:worker_threads'
import { loadSimulation } from './cores/load-cores.ts'
import { patchesOf } from './defects/defects.ts'
import { play } from './play.ts'
import { shorten } from './shorten.ts'
import type { Task } from './threads.ts'

// as: threads.ts starts this file with a task.
const task = workerData as Task
const tell = (message: unknown) => parentPort?.postMessage(message)
const simulate = await loadSimulation(patchesOf(task.defect))
// Lost messages are thrown by the thousand: nobody reads where from.
Error.stackTraceLimit = 0
switch (task.kind) {
  case 'play':
    await play(simulate, task.share, tell)
    break
  case 'shorten':
    tell(await shorten(simulate, task.seed, task.manner))
    break
  case 'simulate':
    tell(await simulate(task.seed, { ...task.manner, without: new Set(task.without), story: true }))
}
