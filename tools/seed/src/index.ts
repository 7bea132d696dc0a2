export * from './chain.ts'
export * from './random.ts'
export * from './register-life.ts'
export * from './shopping.ts'
