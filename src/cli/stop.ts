/** What stops a command, for people. */
export class Stop extends Error {}
