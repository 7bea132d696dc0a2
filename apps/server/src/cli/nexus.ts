#!/usr/bin/env node
import { runNexus } from './run-nexus.ts'
import { terminal } from './terminal.ts'

process.exitCode = await runNexus(process.argv.slice(2), terminal())
