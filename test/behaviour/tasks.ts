import type { Chapter } from './rule.ts'

export const TASKS: Chapter = {
  title: 'Tasks',
  sections: {},
}
