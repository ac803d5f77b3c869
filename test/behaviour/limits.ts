import type { Chapter } from './rule.ts'

export const LIMITS: Chapter = {
  title: 'Limits and images',
  sections: {},
}
