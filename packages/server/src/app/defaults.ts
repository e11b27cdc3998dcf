/**
 * The defaults of a server's configuration. This file imports nothing, so that the command line shows them in its help
 * without loading the server.
 */
export const serverDefaults = {
  port: 4000,
  host: '127.0.0.1',
  dataDir: './.pinfold',
  ephemeral: false,
  mediaReads: 'proxy',
  fetch: 'network',
  durability: 'full',
  rateLimits: 'local',
  errorCodes: 'pinterest',
  ffmpeg: true,
  drainSeconds: 0,
  analyticsDays: 730,
  databasePool: 10,
  databaseTimeout: 60,
  sandboxBytes: 250_000_000,
} as const
