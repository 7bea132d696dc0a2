/** Modules that Vite makes of files, and its list of them. */
interface ImportMeta {
  glob<M>(pattern: string): Record<string, () => Promise<M>>
}
declare module '*.css'
