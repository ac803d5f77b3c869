import type { Chapter } from './rule.ts'

export const NODES: Chapter = {
  title: 'What a command finds on its node',
  sections: {},
}
