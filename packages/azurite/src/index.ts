export {
  DEVELOPMENT_ACCOUNT,
  DEVELOPMENT_ACCOUNT_KEY,
  developmentConnectionString,
  parseAccounts,
  type StorageAccount,
} from './account.ts'
export { startAzurite, type Azurite } from './azurite.ts'
export type { AzuriteOptions } from './options.ts'
