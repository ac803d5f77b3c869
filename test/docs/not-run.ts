// The commands of the pages that no test gives, and why. A row whose command is no longer on its page fails the tests.

/** A command by its page and its text without comments. */
export interface NotRun {
  page: string
  command: string
  reason: string
}

const AZURE = 'needs an account in Azure, which costs money'
const DOCKER = 'needs Docker; test/workspace/docker.test.ts checks docker-compose.yml'
const NPM = 'would fetch what the workspace has; the programs find that'
const DOTNET = 'needs the SDK of .NET, which the page says that we do not have'
const JAVA = 'needs Maven and its repository, which the page says that we do not have'
const CI = 'is a step of .ci/run'

export const NOT_RUN: readonly NotRun[] = [
  { page: 'README.md', command: 'npm test', reason: CI },
  {
    page: 'README.md',
    command: 'export AZURE_BATCH_ACCOUNT=…  AZURE_BATCH_ENDPOINT=https://ACCOUNT.REGION.batch.azure.com',
    reason: AZURE,
  },
  { page: 'README.md', command: 'export AZURE_BATCH_ACCESS_KEY=…', reason: AZURE },
  { page: 'README.md', command: 'export AZURE_STORAGE_CONNECTION_STRING=…', reason: AZURE },
  {
    page: 'README.md',
    command: 'node_modules/.bin/malachite run node-task/data/*.txt --backend azure',
    reason: AZURE,
  },
  {
    page: 'docs/benchmarks.md',
    command: 'npm run bench -- --json docs/benchmarks.json',
    reason:
      'takes many minutes, and would write its results into the page; test/full/bench.test.ts runs each benchmark',
  },
  {
    page: 'docs/benchmarks.md',
    command: 'npm run bench -- --docs',
    reason: 'writes into the repository; test/bench/page.test.ts draws the page',
  },
  {
    page: 'docs/command-line.md',
    command: 'malachite completion zsh > "${fpath[1]}/_malachite"',
    reason: 'is for zsh; test/cli/completion.test.ts checks the script',
  },
  {
    page: 'docs/containers.md',
    command: 'docker build -t my-tool:1 .',
    reason: 'needs Docker, and is not ours; test/full/containers.test.ts runs tasks in containers',
  },
  {
    page: 'docs/fuzzing.md',
    command: 'npm run fuzz -- --runs 1000000 --seed 20261122',
    reason: 'takes five minutes; test/full/fuzz.test.ts does the same with fewer runs',
  },
  {
    page: 'docs/fuzzing.md',
    command: 'npm run fuzz -- --only globs',
    reason:
      'takes as long as the machine needs for 100,000 inputs; the command after it is the same with one',
  },
  {
    page: 'docs/guides/javascript.md',
    command: 'npm install @azure/batch',
    reason: NPM,
  },
  {
    page: 'docs/resuming.md',
    command: 'malachite run books/*.txt --backend azure',
    reason: AZURE,
  },
  {
    page: 'docs/testing.md',
    command: 'npm install --save-dev vitest @malachite/emulator @azure/batch',
    reason: NPM,
  },
  { page: 'docs/testing.md', command: 'docker compose up --wait', reason: DOCKER },
  { page: 'docs/testing.md', command: 'eval "$(malachite env)"', reason: DOCKER },
  { page: 'docs/testing.md', command: 'npm test', reason: DOCKER },
  { page: 'docs/testing.md', command: 'docker compose down --volumes', reason: DOCKER },
  {
    page: 'docs/tutorial.md',
    command: 'export AZURE_BATCH_ACCOUNT=…  AZURE_BATCH_ACCESS_KEY=…',
    reason: AZURE,
  },
  {
    page: 'docs/tutorial.md',
    command: 'export AZURE_BATCH_ENDPOINT=https://ACCOUNT.REGION.batch.azure.com',
    reason: AZURE,
  },
  { page: 'docs/tutorial.md', command: 'export AZURE_STORAGE_CONNECTION_STRING=…', reason: AZURE },
  { page: 'docs/tutorial.md', command: 'malachite run --backend azure', reason: AZURE },
  {
    page: 'docs/tutorial.md',
    command: 'malachite pool create --json-file pool.json --backend azure',
    reason: AZURE,
  },
  { page: 'docs/tutorial.md', command: 'malachite ui --backend azure', reason: AZURE },
  { page: 'docs/tutorial.md', command: 'malachite clean --backend azure --dry-run', reason: AZURE },
  { page: 'docs/guides/dotnet.md', command: 'dotnet new console --name job && cd job', reason: DOTNET },
  { page: 'docs/guides/dotnet.md', command: 'dotnet add package Microsoft.Azure.Batch', reason: DOTNET },
  { page: 'docs/guides/dotnet.md', command: 'dotnet run', reason: DOTNET },
  {
    page: 'docs/guides/java.md',
    command: 'mvn --quiet compile exec:java -Dexec.mainClass=Job',
    reason: JAVA,
  },
]

/** The row of a command. */
export function notRun(page: string, command: string): NotRun | undefined {
  return NOT_RUN.find((row) => row.page === page && row.command === command)
}
