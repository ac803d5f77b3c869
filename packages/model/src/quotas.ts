// What an account may have at most.

/** Names of the quotas: things that there may be at once, and cores of all nodes of a kind. */
export const QUOTA_NAMES = ['pools', 'activeJobsAndSchedules', 'dedicatedCores', 'lowPriorityCores'] as const
/** One of the quotas. */
export type QuotaName = (typeof QUOTA_NAMES)[number]

/** Quotas of an account; what is absent is unlimited. */
export type Quotas = { readonly [Name in QuotaName]?: number }
