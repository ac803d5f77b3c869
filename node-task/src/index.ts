export { sampleDataPaths } from './sample-data.ts'
export { TASK_SCRIPT_NAME, taskScriptPath } from './task-script.ts'
