import { Worker } from 'node:worker_threads'
import type { Manner, Played, Share } from './play.ts'
import type { Shortened } from './shorten.ts'
import type { SimulationOptions, SimulationResult } from './world/simulate.ts'

/** What a thread is started for. A thread loads the cores once, with a defect or without. */
export type Task = { defect?: string | undefined } & (
  | { kind: 'play'; share: Share }
  | { kind: 'shorten'; seed: number; manner: Manner }
  | { kind: 'simulate'; seed: number; manner: SimulationOptions; without: number[] }
)

function runThread<Message>(task: Task, onMessage: (message: Message) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./thread.ts', import.meta.url), {
      workerData: task,
      execArgv: [],
      // Histories make much that dies young; with room for it little is copied.
      resourceLimits: { maxYoungGenerationSizeMb: 192 },
    })
    worker.on('message', onMessage)
    worker.on('error', reject)
    worker.on('exit', (code) => {
      // 13: everything waits for something that never comes, which no history may do.
      if (code === 0) resolve()
      else reject(new Error(`A thread ended with ${code}: ${JSON.stringify(task)}`))
    })
  })
}

/** Plays a share in a thread of its own. */
export async function playInThread(
  share: Share,
  defect: string | undefined,
  onPlayed: (played: Played) => void,
): Promise<void> {
  await runThread({ kind: 'play', share, defect }, onPlayed)
}

export async function shortenInThread(seed: number, manner: Manner, defect?: string): Promise<Shortened> {
  return await onlyMessage<Shortened>({ kind: 'shorten', seed, manner, defect })
}

/** One history with its story, some of its actions left out. */
export async function simulateInThread(
  seed: number,
  { without = [], defect, ...manner }: SimulationOptionsOfThread = {},
): Promise<SimulationResult> {
  return await onlyMessage<SimulationResult>({ kind: 'simulate', seed, manner, without, defect })
}

type SimulationOptionsOfThread = Omit<SimulationOptions, 'without'> & { without?: number[]; defect?: string }

async function onlyMessage<Message>(task: Task): Promise<Message> {
  let said: Message | undefined
  await runThread<Message>(task, (message) => {
    said = message
  })
  if (said === undefined) throw new Error(`A thread said nothing: ${JSON.stringify(task)}`)
  return said
}
