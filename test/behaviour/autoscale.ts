import type { Chapter } from './rule.ts'

export const AUTOSCALE: Chapter = {
  title: 'Autoscale',
  sections: {},
}
