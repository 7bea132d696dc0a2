import { writeFileSync } from 'node:fs'
import { problemTypes } from '@nexus/contract'
import { root } from './files.ts'
import { problemsPage } from './problems-page.ts'

writeFileSync(`${root}docs/problems.md`, problemsPage(problemTypes))
