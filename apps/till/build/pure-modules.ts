/**
 * For Rollup's `treeshake`: our packages and their schema library do nothing but export. Without being
 * told, the bundler keeps every schema of the contract in the page, which uses a few types of it.
 */
export const pureModules = {
  moduleSideEffects: (id: string) =>
    !/\/(?:packages\/(?:contract|domain|sync)\/src|node_modules\/typebox)\//.test(id),
}
