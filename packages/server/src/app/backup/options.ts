import type { Clock } from '../../core/clock.ts'

/** What a backup is made of, and where. */
export interface BackupConfig {
  /** The data folder of a server, which may be running. */
  dataDir: string
  /** The storage of pictures and videos, if not the data folder; what is in a service is not part of the backup. */
  storage?: string
  /** The folder of the backups. */
  to: string
  /** The key to encrypt with: 32 bytes in hexadecimal digits or base64, or a passphrase. */
  key?: string
  /** How many backups to keep, of those in that folder. Default: all. */
  keep?: number
  /** The clock. Default: the machine's. */
  clock?: Clock
}

/** What has been done of a backup. */
export interface BackupCounts {
  /** Files of pictures and videos that are in it. */
  files: number
  /** Those of them that were copied now. */
  copied: number
  /** What was written now, in bytes. */
  bytes: number
}

/** A backup that was made. */
export interface BackupRecord extends BackupCounts {
  /** Its name, by which it can be restored. */
  backup: string
  /** The size of its database in bytes. */
  databaseBytes: number
  /** Files that the database names, and that the data folder does not have (`pinfold media verify` finds them too). */
  missing: number
  /** Whether pictures and videos are in a service that has copies of its own, and not in the backup. */
  mediaElsewhere: boolean
  /** Earlier backups that were removed. */
  removed: string[]
}

/** Where a backup is, and where to restore it. */
export interface RestoreConfig {
  /** The folder of the backups. */
  from: string
  /** The name of the backup. Default: the newest. */
  backup?: string
  /** The data folder: a new or empty one, unless `replace`. No server may run on it. */
  dataDir: string
  /** Whether to replace the data that are in the data folder, once all of the backup is there. */
  replace?: boolean
  /** The key of the backups, if they are encrypted. */
  key?: string
}

/** What has been restored. */
export interface RestoreCounts {
  /** Files of pictures and videos. */
  files: number
  /** What was written, in bytes. */
  bytes: number
}

/** A part of a backup that cannot be used. */
export interface BackupProblem {
  /** `missing`: its content is not there; `altered`: it is not what was written. */
  problem: 'missing' | 'altered'
  /** The name of the backup. */
  backup: string
  /** The file: `pinfold.db`, a picture or video, or the list of all. */
  file: string
}

/** What has been verified of backups. */
export interface BackupVerifyCounts {
  /** Backups that were verified. */
  backups: number
  /** Files of all of them; those that several have count once. */
  checked: number
  /** What was read, in bytes. */
  bytes: number
  /** Parts that cannot be used. */
  problems: number
}

/** A backup in a folder of backups. */
export interface BackupListed {
  /** Its name. */
  backup: string
  /** When it was begun: milliseconds since 1970. */
  createdAt: number
  /** The size of its database in bytes. */
  databaseBytes: number
  /** Files of pictures and videos in it. */
  files: number
  /** Their size in bytes. */
  mediaBytes: number
  /** Files that the database names, and that the data folder did not have. */
  missing: number
}
