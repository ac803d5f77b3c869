import { expect, test } from 'vitest'
import { codeOf } from './container-end.ts'
import { engineMessage } from './container-engine.ts'

test.each([
  [125, 'Error: unknown flag: --nonsense', 'ContainerInvalidSettings'],
  [125, "docker: unknown shorthand flag: 'y' in -y", 'ContainerInvalidSettings'],
  [125, 'docker: invalid argument "x" for "--memory" flag: invalid size', 'ContainerInvalidSettings'],
  [125, 'docker: conflicting options: cannot specify both --restart and --rm', 'ContainerInvalidSettings'],
  [
    125,
    'Error: no command or entrypoint provided, and no CMD or ENTRYPOINT from image',
    'ContainerInvalidSettings',
  ],
  [126, 'Error: workdir "/none" does not exist on container b7bf', 'ContainerInvalidSettings'],
  [125, 'Error: localhost/none:1: image not known', 'ContainerInvalidImage'],
  [125, 'docker: Error response from daemon: No such image: none:1.', 'ContainerInvalidImage'],
  [125, 'Error: statfs /none: no such file or directory', 'ContainerMiscError'],
  [
    126,
    'Error: runc: runc create failed: exec: "/tmp": permission denied: OCI permission denied',
    'CommandLaunchFailed',
  ],
  [
    127,
    'docker: Error response from daemon: OCI runtime create failed: exec: "x": executable file not found in $PATH: unknown.',
    'CommandProgramNotFound',
  ],
])('exit code %i with %j is %s', (exitCode, stderr, code) => {
  expect(codeOf(exitCode, engineMessage(stderr) ?? '')).toBe(code)
})
