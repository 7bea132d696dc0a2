#!/usr/bin/env node
import { enableCompileCache } from 'node:module'

// Types stripped and code compiled once a change, not at every start; before anything is loaded.
enableCompileCache()
const { runNexus } = await import('./run-nexus.ts')
const { terminal } = await import('./terminal.ts')

process.exitCode = await runNexus(process.argv.slice(2), terminal())
