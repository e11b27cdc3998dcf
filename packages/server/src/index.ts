export { BackupError } from './app/backup/backup-error.ts'
export { makeBackup } from './app/backup/make-backup.ts'
export type {
  BackupConfig,
  BackupCounts,
  BackupListed,
  BackupProblem,
  BackupRecord,
  BackupVerifyCounts,
  RestoreConfig,
  RestoreCounts,
} from './app/backup/options.ts'
export { restoreBackup } from './app/backup/restore-backup.ts'
export { type BackupVerifyOptions, listBackups, verifyBackups } from './app/backup/verify-backups.ts'
export type { FetchMode, ServerConfig } from './app/config.ts'
export {
  type CopiedDatabase,
  type CopyDatabaseConfig,
  copyDatabase,
  type DatabaseCopyCounts,
} from './app/copy-database.ts'
export { serverDefaults } from './app/defaults.ts'
export { copyMedia, type MaintenanceConfig, verifyMedia } from './app/maintenance.ts'
export { type MigrateConfig, migrateData, type PendingSteps } from './app/migrate-data.ts'
export {
  type AppRecord,
  NotThere,
  type Operator,
  type OperatorConfig,
  openOperator,
  type TokenRecord,
  type UserRecord,
} from './app/operator.ts'
export type { AdAccountRecord, NewAdAccountRecord } from './app/operator-ad-accounts.ts'
export type { GroupBoardRecord } from './app/operator-collaborators.ts'
export { demoCredentials } from './app/seed/demo-credentials.ts'
export { type RunningServer, startServer } from './app/start.ts'
export { type Clock, systemClock, TestClock } from './core/clock.ts'
export { ConfigError } from './core/errors.ts'
export { StorageUnavailable } from './core/unavailable.ts'
export type { Database } from './db/database.ts'
export type { Durability } from './db/sqlite.ts'
export { pictureProblem } from './domains/media/picture-problem.ts'
export type { ErrorCodes } from './http/render-error.ts'
export type { CopyCounts } from './storage/copy.ts'
export type { MediaProblem, VerifyCounts } from './storage/verify.ts'
