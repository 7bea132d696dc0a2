import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './files.ts'

/**
 * `npm test`: runs every project of vitest, says what could not run here and how to get it, and
 * ends with `N passed, N failed`. Arguments are handed to vitest.
 */
type Report = {
  numPassedTests: number
  numFailedTests: number
  numFailedTestSuites: number
  testResults: {
    name: string
    status: string
    message: string
    assertionResults: { status: string; fullName: string }[]
  }[]
}

const folder = mkdtempSync(join(tmpdir(), 'nexus-test-'))
const output = join(folder, 'report.json')
const vitest = spawnSync(
  process.execPath,
  [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${output}`,
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: 'inherit' },
)
try {
  const report = JSON.parse(readFileSync(output, 'utf8')) as Report
  const skipped = report.testResults.flatMap((file) =>
    file.assertionResults
      .filter((result) => result.status !== 'passed' && result.status !== 'failed')
      .map((result) => `${file.name.replace(root, '')}: ${result.fullName}`),
  )
  // A file that fails before its tests (a syntax error, a hook) has no failed test but is a failure.
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((result) => result.status === 'failed'),
  )
  const failed = report.numFailedTests + brokenFiles.length
  if (skipped.length > 0) {
    console.log(
      `\n${skipped.length} tests could not run here (missing programs are named above; on Debian: apt-get install chromium mariadb-server):`,
    )
    for (const name of skipped.slice(0, 20)) console.log(`  ${name}`)
    if (skipped.length > 20) console.log(`  … and ${skipped.length - 20} more`)
  }
  const hollow = process.env.CI === 'true' && skipped.length > 0
  if (hollow) console.log('In CI every test must run: the tests above count as failed.')
  console.log(`\n${report.numPassedTests} passed, ${failed + (hollow ? skipped.length : 0)} failed`)
  process.exitCode = vitest.status === 0 && failed === 0 && !hollow ? 0 : 1
} catch (error) {
  console.error('vitest left no report', error)
  console.log('\n0 passed, 1 failed')
  process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
