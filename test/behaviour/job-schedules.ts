import type { Chapter } from './rule.ts'

export const JOB_SCHEDULES: Chapter = {
  title: 'Job schedules',
  sections: {},
}
