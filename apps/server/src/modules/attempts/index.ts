export { type Counter, forgive, type Patience, takeAttempt } from './attempt.ts'
