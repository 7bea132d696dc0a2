export { type Lease, LeaseLost } from './lease.ts'
export { type Job, type Jobs, startJobs } from './runner.ts'
export { listJobs } from './sql.ts'
