import type { Command } from 'commander'
import { accountCommands } from './account/commands.ts'
import { adsCommand } from './ads/command.ts'
import { analyticsCommand } from './analytics/command.ts'
import { backupCommand, restoreCommand } from './backup/command.ts'
import { boardsCommand } from './boards.ts'
import { checkCommand } from './check/command.ts'
import { completionCommand } from './completion.ts'
import { clockCommand } from './control/clock.ts'
import { resetCommand, seedCommand } from './control/data.ts'
import { faultCommand } from './control/faults.ts'
import { logsCommand } from './control/logs.ts'
import { sandboxCommand } from './control/sandboxes.ts'
import { snapshotCommand } from './control/snapshots.ts'
import { transitionCommand } from './control/transitions.ts'
import { triggerCommand } from './control/triggers.ts'
import { copyCommand } from './database/copy.ts'
import { migrateCommand } from './database/migrate.ts'
import { diffCommand } from './diff/command.ts'
import { execCommand } from './exec.ts'
import { exportApiCommand } from './export-api/command.ts'
import { followCommands } from './follows.ts'
import { mcpCommand } from './mcp/command.ts'
import { mediaCommand } from './media/command.ts'
import { adAccountsCommand } from './operator/ad-accounts.ts'
import { appsCommand } from './operator/apps.ts'
import { collaboratorsCommand } from './operator/collaborators.ts'
import { tokensCommand } from './operator/tokens.ts'
import { usersCommand } from './operator/users.ts'
import { pinsCommand } from './pins.ts'
import { searchCommand } from './search.ts'
import { webhookCommand } from './webhook/command.ts'
import { websitesCommand } from './websites.ts'

/** Makes the commands beside `pinfold serve`, in the order of the help. */
export function otherCommands(): Command[] {
  const operating = [appsCommand(), usersCommand(), tokensCommand(), adAccountsCommand(), collaboratorsCommand()]
  const everyday = [
    boardsCommand(),
    pinsCommand(),
    searchCommand(),
    ...followCommands(),
    analyticsCommand(),
    adsCommand(),
    websitesCommand(),
  ]
  return [
    execCommand(),
    ...accountCommands(),
    ...everyday,
    mediaCommand(),
    copyCommand(),
    migrateCommand(),
    backupCommand(),
    restoreCommand(),
    mcpCommand(),
    ...operating,
    clockCommand(),
    faultCommand(),
    exportApiCommand(),
    resetCommand(),
    seedCommand(),
    sandboxCommand(),
    snapshotCommand(),
    transitionCommand(),
    webhookCommand(),
    triggerCommand(),
    logsCommand(),
    diffCommand(),
    checkCommand(),
    completionCommand(),
  ]
}
