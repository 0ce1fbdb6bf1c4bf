/**
 * Child processes that never outlive the program that started them.
 * @module
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** A running command. */
export interface Child {
  /** Process id of the command itself. */
  readonly pid: number;
  /** Resolves when the command has ended and its output is complete. */
  readonly ended: Promise<void>;
  isRunning(): boolean;
  /** What it has written to standard output and standard error. */
  output(): string;
  /** Sends a signal to the command. */
  kill(signal: NodeJS.Signals): void;
  /** Terminates the command, kills it if need be, removes its folder, and waits for all that. */
  stop(): Promise<void>;
}

export interface ChildOptions {
  /** Removed when the command is stopped or this program ends. */
  folder: string;
  env?: NodeJS.ProcessEnv;
}

const WITH_PARENT = fileURLToPath(new URL('with-parent.sh', import.meta.url));

/**
 * Starts a command whose life hangs on a pipe that this program holds: not even a SIGKILL of this
 * program leaves the command behind.
 */
export async function startChild(
  command: string,
  args: readonly string[],
  { folder, env = process.env }: ChildOptions,
): Promise<Child> {
  const shell = spawn('sh', [WITH_PARENT, folder, command, ...args], {
    stdio: 'pipe',
    env,
    // A session of its own, so that Ctrl-C reaches this program alone, which then ends it in order.
    detached: true,
  });
  const ended = once(shell, 'close').then(() => undefined);
  shell.stdin.on('error', () => undefined); // the command ended first
  const pid = await readPid(shell.stdout);
  let output = '';
  for (const stream of [shell.stdout, shell.stderr]) {
    // Resumed because readPid() paused it.
    stream
      .setEncoding('utf8')
      .on('data', (text: string) => (output += text))
      .resume();
  }
  return {
    pid,
    ended,
    isRunning: () => shell.exitCode === null && shell.signalCode === null,
    output: () => output,
    kill: (signal) => {
      process.kill(pid, signal);
    },
    stop: async () => {
      shell.stdin.end();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Waits until an attempt gives a value, or the child ends.
 * @throws Error with the child's last lines when it ends first, or when the time is over
 */
export async function waitUntil<T>(
  child: Child,
  attempt: () => T | undefined | Promise<T | undefined>,
  what: string,
  timeoutMs = 20_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    const value = await attempt();
    if (value !== undefined) return value;
    if (!child.isRunning()) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const lastLines = child.output().trim().split('\n').slice(-5).join('\n');
  throw new Error(`${what} did not come up:\n${lastLines}`);
}

/** The shell script's first line; what the command has written already is put back. */
async function readPid(stdout: Readable): Promise<number> {
  let bytes = Buffer.alloc(0);
  while (!bytes.includes('\n')) {
    const [chunk] = (await once(stdout, 'data')) as [Buffer];
    stdout.pause();
    bytes = Buffer.concat([bytes, chunk]);
  }
  stdout.unshift(bytes.subarray(bytes.indexOf('\n') + 1));
  return Number(bytes.toString('latin1', 0, bytes.indexOf('\n')));
}
