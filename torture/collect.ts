/** Loaded into a tortured server: it collects its garbage when it is told to (with `--expose-gc`), so that what is left is what it needs. */
process.on('SIGUSR2', () => globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' }))
