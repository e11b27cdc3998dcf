/** The server's thread, relative to the module that starts it. The build replaces it by the name of the built file. */
export const threadFile = './testing-thread.ts'
