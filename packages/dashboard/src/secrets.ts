// People write secrets into what the service tells again: signatures in the addresses of files and in command lines, keys
// in the environment of tasks. The pages do not need them, so that they do not leave this server.

/** What stands in place of a secret. */
export const HIDDEN = '***'

const SECRETS = [
  // The signature of a SAS; its other parts, such as its end, may be worth knowing.
  /(?<![a-z])(sig=)[\w%+/=-]{16,}/gi,
  /(?<![a-z])((?:AccountKey|SharedAccessKey)=)[\w+/=-]{16,}/gi,
]

/** JSON of the service without signatures and keys of accounts. */
export function hideSecrets(json: string): string {
  return SECRETS.reduce((text, secret) => text.replaceAll(secret, `$1${HIDDEN}`), json)
}
