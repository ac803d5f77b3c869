// Which account a command is for; flags that many commands share.

export const BACKENDS = ['emulator', 'azure'] as const

/** Flags that say which account. */
export interface ConnectionFlags {
  /** @default 'emulator' */
  backend?: (typeof BACKENDS)[number]
  endpointsFile?: string
}
