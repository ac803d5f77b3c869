export {
  BATCH,
  BLOB,
  CLOCK,
  closeContainer,
  createContainer,
  LOGGER,
  openServices,
  type ContainerConfig,
  type Services,
} from './container.ts'
export type { Logger } from './text/logger.ts'
export { main } from './main.ts'
export type { Profile } from './program/program-run.ts'
