import type { RunningServer, ServerConfig } from '@pinfold/server'
import { serverDefaults as defaults } from '@pinfold/server/defaults'
import { Command, InvalidArgumentError, Option } from 'commander'
import { exitCodes } from './exit-codes.ts'
import { findNpm, npmEnd } from './npm-process.ts'
import { readyText, warningText } from './ready.ts'

interface ServeOptions extends Omit<ServerConfig, 'dataDir' | 'ephemeral' | 'log' | 'clock' | 'database'> {
  data: string
  ephemeral?: boolean
  writeEnv?: string
}

/** How long requests in progress may take after SIGTERM: less than 5 seconds, with time to spare on a busy machine. */
const shutdownMs = 3000

/** Threads for files. Node's default of four can all be waiting for the disk while somebody asks for a picture. */
const poolThreads = 16

/** Returns `pinfold serve`, which runs the server until it is stopped. */
export function serveCommand(): Command {
  const option = (flags: string, description: string, variable: string) => new Option(flags, description).env(variable)
  return new Command('serve')
    .description('Run the server. It is ready when it prints its address.')
    .addOption(
      option('--port <number>', 'port to listen on; 0 takes a free one', 'PINFOLD_PORT')
        .default(defaults.port)
        .argParser(toPort),
    )
    .addOption(option('--host <address>', 'address to listen on', 'PINFOLD_HOST').default(defaults.host))
    .addOption(
      option('--data <folder>', 'folder for the database and the pictures', 'PINFOLD_DATA').default(defaults.dataDir),
    )
    .addOption(
      option('--ephemeral', 'keep nothing: use a temporary folder and remove it at the end', 'PINFOLD_EPHEMERAL'),
    )
    .addOption(option('--database-url <url>', 'PostgreSQL instead of the embedded database', 'PINFOLD_DATABASE_URL'))
    .addOption(
      option('--public-url <url>', 'where clients reach the server, if not there', 'PINFOLD_PUBLIC_URL').argParser(
        toUrl,
      ),
    )
    .addOption(
      option(
        '--trust-proxy <addresses|number>',
        'proxies that are believed about who asks: addresses and networks with commas, or how many',
        'PINFOLD_TRUST_PROXY',
      ),
    )
    .addOption(
      option(
        '--storage <folder|s3://…>',
        'where pictures and videos are kept (default: in the data folder)',
        'PINFOLD_STORAGE',
      ),
    )
    .addOption(
      option(
        '--media-reads <way>',
        'from S3: through the server, or redirected to signed addresses',
        'PINFOLD_MEDIA_READS',
      )
        .choices(['proxy', 'redirect'])
        .default(defaults.mediaReads),
    )
    .addOption(
      option(
        '--media-url <url>',
        'what addresses of media begin with: a CDN before the server',
        'PINFOLD_MEDIA_URL',
      ).argParser(toUrl),
    )
    .addOption(
      option('--fetch <mode>', 'placeholder: draw what stands for a picture that cannot be reached', 'PINFOLD_FETCH')
        .choices(['network', 'placeholder'])
        .default(defaults.fetch),
    )
    .addOption(
      option(
        '--seed <demo|none|file>',
        'what to fill empty data with (default: demo on a loopback host)',
        'PINFOLD_SEED',
      ),
    )
    .addOption(option('--write-env <file>', 'write the address and the demo credentials there', 'PINFOLD_WRITE_ENV'))
    .addOption(formerWriteEnv())
    .addOption(
      option('--durability <mode>', 'full: writes survive power loss; relaxed: only the process', 'PINFOLD_DURABILITY')
        .choices(['full', 'relaxed'])
        .default(defaults.durability),
    )
    .addOption(
      option('--rate-limits <local|pinterest|off|file>', 'limits on requests', 'PINFOLD_RATE_LIMITS').default(
        defaults.rateLimits,
      ),
    )
    .addOption(
      option('--error-codes <set>', "error numbers: Pinterest's, or the five of the guide", 'PINFOLD_ERROR_CODES')
        .choices(['pinterest', 'guide'])
        .default(defaults.errorCodes),
    )
    .addOption(
      option(
        '--sign-up <mode>',
        'whether strangers may make accounts (default: open on a loopback host, closed elsewhere)',
        'PINFOLD_SIGN_UP',
      ).choices(['open', 'closed']),
    )
    .addOption(
      option('--analytics-days <number>', 'how many days numbers are kept by day', 'PINFOLD_ANALYTICS_DAYS')
        .default(defaults.analyticsDays)
        .argParser(toDays),
    )
    .addHelpText(
      'after',
      `
Each option is also an environment variable, as named above.

Examples:
  $ pinfold serve                                     # demo data, on http://127.0.0.1:4000
  $ pinfold serve --port 0 --ephemeral --write-env .env  # for a test run
  $ pinfold serve --host 0.0.0.0 --seed ./seed.json --public-url https://pins.example.com

SIGTERM and Ctrl-C finish what is under way and exit with 0. Started by npm or npx, it also ends when they do.`,
    )
    .action((options: ServeOptions, command: Command) => {
      // To Commander a flag's variable means yes whenever it is set, whatever its value.
      const fromVariable = command.getOptionValueSource('ephemeral') === 'env'
      const ephemeral = fromVariable ? isYes(process.env.PINFOLD_EPHEMERAL) : options.ephemeral === true
      const { writeEnv = options.envFile, ...config } = options
      return serve({ ...config, ephemeral, ...(writeEnv !== undefined && { envFile: writeEnv }) })
    })
}

/** Node takes this option for its own when npx, or any other Node script, runs the command. */
const formerWriteEnv = () => new Option('--env-file <file>', 'the same').env('PINFOLD_ENV_FILE').hideHelp()

const isYes = (text = ''): boolean => !['', '0', 'false', 'no', 'off'].includes(text.trim().toLowerCase())

function toPort(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('It must be a number from 0 to 65535.')
  return port
}

function toDays(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('It must be a number of days.')
  return Number(text)
}

function toUrl(text: string): string {
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash)
    throw new InvalidArgumentError('It must be an http or https address, such as https://pins.example.com.')
  return text
}

async function serve({ data, ...options }: ServeOptions & { ephemeral: boolean }): Promise<void> {
  process.env.UV_THREADPOOL_SIZE ??= String(poolThreads) // Read when the first thread is needed, which is later.
  const stopped = new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve)
    process.once('SIGINT', resolve)
    process.once('SIGHUP', resolve)
    void stopWithNpm(resolve)
  })
  // From the start: filling empty data can take longer than the time for a shutdown.
  stopped.then(() => setTimeout(() => process.exit(exitCodes.done), shutdownMs).unref())
  // Loaded here, so that help and usage errors do not need it.
  const { ConfigError, demoCredentials, startServer } = await import('@pinfold/server')
  let server: RunningServer
  try {
    server = await startServer({ ...options, dataDir: data, log: process.stdout.isTTY ? 'pretty' : 'json' })
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    console.error(`pinfold: ${error.message}`)
    process.exit(exitCodes.usage)
  }
  const ready = { data, ...options }
  const warning = warningText(server, ready)
  if (warning !== undefined) console.error(`pinfold: ${warning}`)
  console.log(readyText(server, ready, demoCredentials))
  await stopped
  await server.close()
  process.exit(exitCodes.done)
}

/** Calls `stop` when the npm that runs this ends, and ends the processes in between, such as `node --watch`. */
async function stopWithNpm(stop: () => void): Promise<void> {
  const npm = await findNpm()
  if (!npm) return
  await npmEnd(npm)
  stop()
  for (const pid of npm.between) {
    try {
      process.kill(pid)
    } catch {
      // It has ended by itself.
    }
  }
}
