// Applications: what there is, and which packages a reference means. The files are the host's business.

import { BatchError, type ApplicationSummary } from '@malachite/model'
import type { ApplicationPackageReference } from '../../schema/application.ts'
import { pageOf } from '../../odata/page.ts'
import { json } from '../../storage/table.ts'
import type { Engine } from '../api.ts'
import type { Core } from '../core/core.ts'
import type { Application, ApplicationPackage } from '../core/effects.ts'

export function createApplications(core: Core): Engine['applications'] {
  return {
    get: (applicationId) => {
      const application = findApplication(core.applications(), applicationId)
      if (!application) throw new BatchError('ApplicationNotFound')
      return view(application)
    },
    list: (query = {}) => pageOf(core.applications().map(view), query, ({ id }) => id),
  }
}

function view({ id, packages }: Application): ApplicationSummary {
  return { id, versions: packages.map(({ version }) => version) }
}

/** The packages that references mean now; those that do not exist are there without a path. */
export function resolvePackages(
  core: Core,
  references: readonly ApplicationPackageReference[],
): ApplicationPackage[] {
  if (references.length === 0) return []
  const applications = core.applications()
  return references.map((reference) => resolvePackage(applications, reference))
}

function resolvePackage(
  applications: readonly Application[],
  { applicationId, version }: ApplicationPackageReference,
): ApplicationPackage {
  const application = findApplication(applications, applicationId)
  const isDefault = version === undefined
  const found = isDefault
    ? application?.packages.at(-1)
    : application?.packages.find((item) => item.version.toLowerCase() === version.toLowerCase())
  const id = application?.id ?? nameOf(applicationId)
  return { applicationId: id, version: version ?? '', isDefault, ...found }
}

function findApplication(applications: readonly Application[], id: string): Application | undefined {
  const name = nameOf(id).toLowerCase()
  return applications.find((application) => application.id.toLowerCase() === name)
}

// Clients may give the id of the Azure resource: /subscriptions/…/batchAccounts/…/applications/blender
function nameOf(applicationId: string): string {
  return applicationId.slice(applicationId.lastIndexOf('/') + 1)
}

/** Refuses a pool that refers to packages which do not exist. */
export function requirePackages(core: Core, references: readonly ApplicationPackageReference[] = []): void {
  const missing = resolvePackages(core, references).find(({ path }) => path === undefined)
  if (!missing) return
  const { applicationId, version } = missing
  throw new BatchError('InvalidApplicationPackageReferences', {
    ApplicationId: applicationId,
    ...(version && { Version: version }),
    Reason: 'There is no such package; add it with `malachite application add`.',
  })
}

/** The packages that every command on a node finds; `undefined` = none. */
export function packagesOf(node: { packages: string | null }): ApplicationPackage[] | undefined {
  return json<ApplicationPackage[]>(node.packages)
}

/** The packages that a task finds: those of its node and those that it refers to itself; `undefined` = none. */
export function packagesFor(
  core: Core,
  node: { packages: string | null },
  references: readonly ApplicationPackageReference[] | undefined,
): ApplicationPackage[] | undefined {
  const ofNode = packagesOf(node)
  return references?.length ? [...(ofNode ?? []), ...resolvePackages(core, references)] : ofNode
}
