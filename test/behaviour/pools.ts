import type { Chapter } from './rule.ts'

export const POOLS: Chapter = {
  title: 'Pools and nodes',
  sections: {},
}
