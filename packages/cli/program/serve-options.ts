import { serverDefaults as defaults } from '@pinfold/server/defaults'
import { InvalidArgumentError, Option } from 'commander'

const listening = [
  option('--port <number>', 'port to listen on; 0 takes a free one').default(defaults.port).argParser(toPort),
  option('--host <address>', 'address to listen on').default(defaults.host),
]

const data = [
  option('--data <folder>', 'folder for the database and the pictures').default(defaults.dataDir),
  option('--ephemeral', 'keep nothing: use a temporary folder and remove it at the end'),
  option('--database-url <url>', 'PostgreSQL instead of the embedded database'),
  option('--workers <number>', 'processes that serve, with PostgreSQL: as many as there are cores for them')
    .default(1)
    .argParser(toWorkers),
  option('--replica-url <url>', 'a replica of that database, to read numbers of analytics from'),
  option('--redis-url <url>', 'Valkey or Redis, for what servers on one database share beside it'),
  option('--database-pool <number>', 'how many connections to PostgreSQL this server has at most')
    .default(defaults.databasePool)
    .argParser(toConnections),
  option('--database-timeout <seconds>', 'how long a statement in PostgreSQL may take; 0: any time')
    .default(defaults.databaseTimeout)
    .argParser(toSeconds),
]

const clients = [
  option('--public-url <url>', 'where clients reach the server, if not there').argParser(toUrl),
  option(
    '--trust-proxy <addresses|number>',
    'proxies that are believed about who asks: addresses and networks with commas, or how many',
  ),
]

const media = [
  option('--storage <folder|s3://…>', 'where pictures and videos are kept (default: in the data folder)'),
  option('--media-reads <way>', 'from S3: through the server, or redirected to signed addresses')
    .choices(['proxy', 'redirect'])
    .default(defaults.mediaReads),
  option('--media-url <url>', 'what addresses of media begin with: a CDN before the server').argParser(toUrl),
  option('--fetch <mode>', 'placeholder: draw what stands for a picture that cannot be reached')
    .choices(['network', 'placeholder'])
    .default(defaults.fetch),
]

const firstStart = [
  option('--seed <demo|none|file>', 'what to fill empty data with (default: demo on a loopback host)'),
  option('--write-env <file>', 'write the address and the demo credentials there'),
  // The former name of --write-env: Node takes it for its own when npx, or any other Node script, runs the command.
  option('--env-file <file>', 'the same').hideHelp(),
]

const behaviour = [
  option('--durability <mode>', 'full: writes survive power loss; relaxed: only the process')
    .choices(['full', 'relaxed'])
    .default(defaults.durability),
  option('--rate-limits <local|pinterest|off|file>', 'limits on requests').default(defaults.rateLimits),
  option('--error-codes <set>', "error numbers: Pinterest's, or the five of the guide")
    .choices(['pinterest', 'guide'])
    .default(defaults.errorCodes),
  option(
    '--sign-up <mode>',
    'whether strangers may make accounts (default: open on a loopback host, closed elsewhere)',
  ).choices(['open', 'closed']),
  option(
    '--control-token <token>',
    'the bearer token for what controls the server, /_pinfold (default: none, and that is open to this machine alone)',
  ),
  option(
    '--no-request-log',
    'keep no log of the last calls in memory (default: one is kept on a loopback host, or with a control token)',
  ),
  option(
    '--webhook-networks <networks>',
    'networks that webhooks may be sent to beside the internet: 10.0.0.0/8, private',
  ),
  option('--drain-seconds <number>', 'how long to go on taking requests after SIGTERM, not ready any more')
    .default(defaults.drainSeconds)
    .argParser(toSeconds),
  option('--analytics-days <number>', 'how many days numbers are kept by day')
    .default(defaults.analyticsDays)
    .argParser(toDays),
]

/** The options of `pinfold serve`, in the order of its help. */
export const serveOptions: readonly Option[] = [
  ...listening,
  ...data,
  ...clients,
  ...media,
  ...firstStart,
  ...behaviour,
]

/** Returns an option that is an environment variable too: `--public-url` is `PINFOLD_PUBLIC_URL`. */
function option(flags: string, description: string): Option {
  const made = new Option(flags, description)
  return made.env(`PINFOLD_${made.name().replaceAll('-', '_').toUpperCase()}`)
}

function toPort(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('It must be a number from 0 to 65535.')
  return port
}

function toDays(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('It must be a number of days.')
  return Number(text)
}

function toConnections(text: string): number {
  if (!/^\d{1,4}$/.test(text) || Number(text) < 2)
    throw new InvalidArgumentError('It must be a whole number from 2 to 9999.')
  return Number(text)
}

function toWorkers(text: string): number {
  if (!/^\d{1,2}$/.test(text) || Number(text) < 1 || Number(text) > 31)
    throw new InvalidArgumentError('It must be a whole number from 1 to 31.')
  return Number(text)
}

function toSeconds(text: string): number {
  if (!/^\d{1,3}$/.test(text)) throw new InvalidArgumentError('It must be a number of seconds, 999 at most.')
  return Number(text)
}

function toUrl(text: string): string {
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash)
    throw new InvalidArgumentError('It must be an http or https address, such as https://pins.example.com.')
  return text
}
