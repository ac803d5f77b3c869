// Names of formats, apart from what writes them: the help needs no more.

export const FORMATS = ['json', 'table', 'tsv'] as const
/** How resources are written. */
export type Format = (typeof FORMATS)[number]
