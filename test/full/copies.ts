// A workload whose tasks copy their input: the cheapest there is, for tests of the way of the files.

import type { Workload } from '@malachite/orchestrator'

/** One task for each input, `copy0`, `copy1`, …, whose copy is uploaded by the node as an output file. */
export const copies: Workload = {
  name: 'copies',
  applicationFiles: [],
  startCommands: () => ['true'],
  toTask: (input, index, output) => ({
    id: `copy${index}`,
    commandLine: `cp ${input.name} ${input.name}.copy`,
    resourceFiles: [input.resourceFile],
    outputFiles: [
      {
        filePattern: `${input.name}.copy`,
        destination: {
          container: {
            containerUrl: `${output.url}/${output.container}?${output.sas}`,
            path: `${input.name}.copy`,
          },
        },
        uploadOptions: { uploadCondition: 'tasksuccess' },
      },
    ],
  }),
}
