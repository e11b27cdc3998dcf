/** The server's thread, seen from the module that starts it. The build puts the name of the built file here. */
export const threadFile = './testing-thread.ts'
