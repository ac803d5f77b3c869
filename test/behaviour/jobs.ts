import type { Chapter } from './rule.ts'

export const JOBS: Chapter = {
  title: 'Jobs',
  sections: {},
}
