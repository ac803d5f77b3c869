import { defineConfig } from 'vitest/config'

// unit: pure logic beside its source and the engine on the virtual clock; system: real processes, real HTTP, real
// Azurite; full: unmodified clients and everything else that npm test, kept short, leaves out.
export default defineConfig({
  test: {
    reporters: ['default', './test/reporter.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            '{packages/*,emulator,node-task}/src/**/*.test.ts',
            'packages/dashboard/client/*.test.ts',
            'test/{behaviour,engine,architecture,bench}/**/*.test.ts',
          ],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'system',
          include: [
            'test/{contract,dashboard,protocol,tutorial,workspace,cli,scenarios}/**/*.test.ts',
            'test/clients/*.test.ts',
          ],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'full',
          include: ['test/{full,browser,docs,terminal}/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          maxWorkers: 1,
        },
      },
    ],
  },
})
