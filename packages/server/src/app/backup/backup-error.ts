/** A backup cannot be used as it is: a part is missing or altered, or it is of another version. `message` says what. */
export class BackupError extends Error {}
