import type { FastifyInstance } from 'fastify'
import { controlOf } from '../../control/control.ts'
import type { GivenSeed } from '../../control/data.ts'
import type { Sandbox, SandboxCredentials, Sandboxes } from '../../control/sandboxes.ts'
import { sharedCalls } from '../../control/shared-calls.ts'
import type { Clock } from '../../core/clock.ts'
import { sandboxPath } from '../../core/sandbox-mark.ts'
import { hashSecret } from '../../core/secrets.ts'
import type { Front } from '../../http/front.ts'
import { callKeeper } from '../../http/keep-call.ts'
import { replaysOf, type ServerAddress } from '../../http/replay.ts'
import type { Settings } from '../config.ts'
import type { People } from '../domains.ts'
import { exchangeableData } from '../exchange.ts'
import { openInstance, type Shared } from '../instance.ts'
import type { OpenInstance } from '../keepers/data-keeper.ts'
import { chosenSeed } from '../seed/choose.ts'
import { keepBelow } from './below-path.ts'
import { limitSize } from './limit-size.ts'
import { credentialsOf, emptySandbox, giveKeys, newKeys } from './own-credentials.ts'

/** What is around a sandbox. */
export interface Surroundings {
  /** What all instances of the server share, but for what each sandbox has of its own. */
  around: Omit<Shared, 'control' | 'replays' | 'keepCall' | 'front' | 'sandbox'> & { front: Front }
  /** Where the server listens. */
  listensAt: () => ServerAddress
  /** The machine's clock, which nobody moves. */
  clock: Clock
}

/** What the request log of one may hold. */
const logLimits = { calls: 1000, bytes: 2 * 1024 * 1024 }

export interface OpenSandboxOptions extends Surroundings {
  /** What is known of it, where its use and its size are noted. */
  about: Sandbox
  /** How many were made before. */
  number: number
  /** The folder of its data. */
  folder: string
  seed: GivenSeed | undefined
  /** The sandboxes as they are seen from inside. */
  sandboxes: Sandboxes
}

/** Opens a sandbox, which answers its requests when this resolves. Throws `ConfigError` for a wrong seed. */
export async function openSandbox({
  about,
  around,
  clock,
  listensAt,
  number,
  folder,
  seed: given,
  sandboxes,
}: OpenSandboxOptions): Promise<{ credentials: SandboxCredentials; close: () => Promise<void> }> {
  const { id } = about
  const settings = settingsInside(around.settings)
  const keys = newKeys(id)
  const first = given === undefined ? emptySandbox() : await chosenSeed(given, settings)
  const branch = around.front.branch({ id, appId: keys.appId, noted: () => (about.usedAt = clock.now()) })
  const url = () => around.addresses.publicUrl() + sandboxPath(id)
  const ownControl = controlOf(clock, {
    logLimits: settings.requestLog ? logLimits : undefined,
    warnings: around.log,
  })
  const { requestLog } = ownControl
  const data = exchangeableData(settings, folder, ownControl)
  const replays = replaysOf(listensAt, sandboxPath(id))
  const secrets = [keys.appSecret, ...(settings.controlToken === undefined ? [] : [settings.controlToken])]
  const shared = {
    ...around,
    settings,
    front: branch,
    addresses: { ...around.addresses, publicUrl: url, mediaUrl: url },
    control: {
      ...ownControl,
      ...{ data, sandboxes },
      calls: requestLog && sharedCalls(requestLog, { replay: replays.send, publicUrl: url, warnings: around.log }),
    },
    replays,
    keepCall: requestLog && callKeeper(requestLog, { clock: ownControl.clock, replays, secrets }),
    sandbox: {
      ...{ id, tokenHash: hashSecret(keys.accessToken), idNode: 1 + (number % 31) },
      equip: (people: People) => giveKeys(keys, people),
    },
    extend(app: FastifyInstance) {
      around.extend(app)
      keepBelow(app, sandboxPath(id))
      limitSize(app, { about, folder, mostBytes: settings.sandboxBytes, clock })
    },
  }
  const open: OpenInstance = (path, seed = first, reused) => openInstance(shared, path, seed, reused)
  const close = () => {
    branch.remove()
    requestLog?.close()
    return data.close()
  }
  try {
    await data.open(open, around.log)
  } catch (error) {
    await close()
    throw error
  }
  return { credentials: credentialsOf(first, keys), close }
}

/** Returns the settings of a sandbox: its data are embedded and short-lived, whatever the server's are. */
function settingsInside(settings: Settings): Settings {
  const {
    databaseUrl: _url,
    redisUrl: _redis,
    replicaUrl: _replica,
    database: _database,
    storage: _storage,
    seed: _seed,
    ...others
  } = settings
  return { ...others, ephemeral: true, durability: 'relaxed', snapshotBytes: settings.sandboxBytes }
}
