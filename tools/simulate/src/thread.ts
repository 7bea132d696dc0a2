import { parentPort, workerData } from 'node:worker_threads'
import { play, type Share } from './play.ts'

// as: simulate.ts starts this file with a share.
await play(workerData as Share, (played) => parentPort?.postMessage(played))
