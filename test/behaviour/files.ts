import type { Chapter } from './rule.ts'

export const FILES: Chapter = {
  title: 'Files',
  sections: {},
}
