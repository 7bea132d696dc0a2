import { hash } from 'node:crypto'
import type { Sha256Sync } from '@nexus/sync'

/** SHA-256 as the journal's cores take it. */
export const sha256: Sha256Sync = (bytes) => hash('sha256', bytes, 'buffer')
