import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './files.ts'

type TestFile = {
  name: string
  status: string
  message: string
  assertionResults: { status: string; fullName: string; failureMessages: string[] }[]
}
type Report = { numPassedTests: number; testResults: TestFile[] }
type Outcome = { passed: number; failures: string[]; skipped: string[]; ended: boolean }

/**
 * Browsers get the machine to themselves: a journey that waits for a busy processor proves nothing.
 * Histories take all processors there are.
 */
const groups = [['unit', 'server', 'repo'], ['histories'], ['browser']]

/**
 * `npm test`: runs every project of vitest, says what could not run here and how to get it, and ends with
 * each failure and `N passed, N failed`. Arguments are handed to vitest.
 */
const outcomes = groups.map((projects) => runProjects(projects))
const passed = outcomes.reduce((total, outcome) => total + outcome.passed, 0)
const failures = outcomes.flatMap((outcome) => outcome.failures)
const skipped = outcomes.flatMap((outcome) => outcome.skipped)
if (skipped.length > 0) {
  console.log(
    `\n${skipped.length} tests could not run here. What is missing is named above; on Debian: apt-get install chromium mariadb-server fonts-noto-core`,
  )
  for (const name of skipped.slice(0, 20)) console.log(`  ${name}`)
  if (skipped.length > 20) console.log(`  … and ${skipped.length - 20} more`)
}
const isHollow = process.env.CI === 'true' && skipped.length > 0
if (isHollow) console.log('In CI every test must run: the tests above count as failed.')
for (const failure of failures) console.log(`\nfailed: ${failure}`)
const failed = failures.length + (isHollow ? skipped.length : 0)
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 && outcomes.every((outcome) => outcome.ended) ? 0 : 1

function runProjects(projects: readonly string[]): Outcome {
  const folder = mkdtempSync(join(tmpdir(), 'nexus-test-'))
  const output = join(folder, 'report.json')
  try {
    const { status } = spawnSync(
      process.execPath,
      [
        join(root, 'node_modules/vitest/vitest.mjs'),
        'run',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${output}`,
        ...projects.flatMap((project) => ['--project', project]),
        '--passWithNoTests',
        ...process.argv.slice(2),
      ],
      { cwd: root, stdio: 'inherit' },
    )
    const report = JSON.parse(readFileSync(output, 'utf8')) as Report
    const shortened = ({ name }: TestFile) => name.replace(root, '')
    const results = (file: TestFile, wanted: (state: string) => boolean) =>
      file.assertionResults.filter((result) => wanted(result.status))
    const failuresOf = (file: TestFile): string[] => {
      const failed = results(file, (state) => state === 'failed')
      // A file that fails before its tests (a syntax error, a hook) has no failed test but is a failure.
      if (failed.length === 0) return [`${shortened(file)}\n${file.message}`]
      return failed.map(({ fullName, failureMessages }) => {
        return `${shortened(file)}: ${fullName}\n${failureMessages.join('\n')}`
      })
    }
    return {
      passed: report.numPassedTests,
      failures: report.testResults.filter(({ status }) => status === 'failed').flatMap(failuresOf),
      skipped: report.testResults.flatMap((file) =>
        results(file, (state) => state !== 'passed' && state !== 'failed').map(
          ({ fullName }) => `${shortened(file)}: ${fullName}`,
        ),
      ),
      ended: status === 0,
    }
  } catch (error) {
    console.error('vitest left no report', error)
    return { passed: 0, failures: [`${projects.join(', ')}: no report`], skipped: [], ended: false }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
