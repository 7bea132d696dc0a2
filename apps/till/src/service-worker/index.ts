export * from './follow-start.ts'
export { type AppUpdates, followAppUpdates } from './register.ts'
