// The environment variables that clients of a Batch account read.

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Names of one setting, in the order in which they count. */
const CLIENT_SETTINGS = [
  ['AZURE_BATCH_ACCOUNT', 'AZURE_BATCH_ACCOUNT_NAME'],
  ['AZURE_BATCH_ACCESS_KEY', 'AZURE_BATCH_ACCOUNT_KEY'],
  ['AZURE_BATCH_ENDPOINT'],
  ['AZURE_STORAGE_CONNECTION_STRING'],
] as const

/** The client's variables: from the environment, else the default; a setting is given when one of its names is. */
export function withClientDefaults(environment: Environment, defaults: Environment): Environment {
  const settings = CLIENT_SETTINGS.flatMap((names) => {
    const from = names.some((name) => environment[name]?.trim()) ? environment : defaults
    return names.map((name) => [name, from[name]] as const)
  })
  return Object.fromEntries(settings)
}
