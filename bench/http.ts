/**
 * Requests per second with a session in Redis, against express-session and against code by hand.
 * `npm run bench:http`; with `-- --rounds 5` a quicker and coarser run.
 *
 * Every contender is one Node process on one core, the load and Redis are on another. Rounds are
 * short and interleaved, so that whatever else the machine does hits all alike; what counts is the
 * median, over the rounds, of the bridge's share of what the other did in the same round.
 *
 * The targets are for middleware on a server of `node:http`. Express adds the same to every
 * contender, and on Node 20 more than any session costs; its figures come second.
 *
 * @module
 */

import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import autocannon from 'autocannon';
import { Redis } from 'ioredis';

import { startRedis } from '../tools/redis-server.js';
import { isMissed, writeComparisons } from './comparison.js';
import type { Comparison } from './comparison.js';

const CONTENDERS = ['bridge', 'express-session', 'by hand', 'bare'] as const;
const SCENARIOS = ['read', 'write', 'login', 'anonymous'] as const;
const FRAMEWORKS = ['node:http', 'Express'] as const;
/** Each has a session of its own. Enough that neither core waits for the other. */
const CONNECTIONS = 64;
const ROUND_SECONDS = 1;
const WARM_UP_ROUNDS = 4;
const CORE_OF_APPS = '0';
const CORE_OF_LOAD = '1';
/** What reading Redis's counters itself adds to them. */
const OWN_COMMANDS = 1;

/** The least that the bridge must reach without a framework, as a share of what another does. */
const TARGETS: Record<Scenario, Partial<Record<Contender, number>>> = {
  read: { 'express-session': 1.5, 'by hand': 0.85 },
  write: { 'express-session': 1.4, 'by hand': 0.85 },
  login: { 'express-session': 1.4 },
  anonymous: { 'express-session': 1.3 },
};

type Contender = (typeof CONTENDERS)[number];
type Scenario = (typeof SCENARIOS)[number];
type Framework = (typeof FRAMEWORKS)[number];

interface App {
  readonly name: Contender;
  readonly url: string;
  readonly process: ChildProcess;
  /** One per connection. */
  readonly cookies: readonly string[];
}

interface Measurement {
  readonly perSecond: number;
  /** The app's own, per request, in microseconds: says the same when the machine is busy otherwise. */
  readonly cpuTime: number;
  /** Sent by clients, per request; scripts count as one. */
  readonly redisCommands: number;
  /** Both directions, per request. */
  readonly redisBytes: number;
}

async function main(): Promise<void> {
  const { values: flags } = parseArgs({
    options: {
      rounds: { type: 'string', default: '15' },
      json: { type: 'string' },
      scenario: { type: 'string', multiple: true, default: [...SCENARIOS] },
      framework: { type: 'string', multiple: true, default: [...FRAMEWORKS] },
    },
  });
  const frameworks = FRAMEWORKS.filter((framework) => flags.framework.includes(framework));
  const scenarios = SCENARIOS.filter((scenario) => flags.scenario.includes(scenario));
  if (canPin()) spawnSync('taskset', ['-cp', CORE_OF_LOAD, String(process.pid)]);
  const server = await startRedis();
  const redis = new Redis(server.port);
  const comparisons: Comparison[] = [];
  try {
    for (const framework of frameworks) {
      const rounds = Number(flags.rounds);
      comparisons.push(...(await run({ redis, port: server.port, framework, scenarios, rounds })));
    }
    if (comparisons.some(({ rows }) => rows.some(isMissed))) process.exitCode = 1;
    if (flags.json !== undefined) await writeComparisons(flags.json, comparisons);
  } finally {
    redis.disconnect();
    await server.stop();
  }
}

interface Run {
  readonly redis: Redis;
  readonly port: number;
  readonly framework: Framework;
  readonly scenarios: readonly Scenario[];
  readonly rounds: number;
}

/** All contenders in one framework, in every scenario. */
async function run({ redis, port, framework, scenarios, rounds }: Run): Promise<Comparison[]> {
  const apps: App[] = [];
  const comparisons: Comparison[] = [];
  try {
    for (const name of CONTENDERS) apps.push(await start(name, framework, port));
    for (const scenario of scenarios) {
      const all = new Map<Contender, Measurement[]>(CONTENDERS.map((name) => [name, []]));
      for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
        for (const app of apps) {
          const measurement = await measure(redis, app, scenario);
          if (round >= 0) all.get(app.name)?.push(measurement);
        }
      }
      const comparison = compare(framework, scenario, all);
      report(all, comparison);
      comparisons.push(comparison);
    }
    return comparisons;
  } finally {
    for (const app of apps) app.process.kill();
  }
}

/** Starts a contender on the first core and logs as many users in as there are connections. */
async function start(name: Contender, framework: Framework, redisPort: number): Promise<App> {
  const script = fileURLToPath(new URL('http-contenders.ts', import.meta.url));
  const parameters = [name, framework, String(redisPort)];
  const command = [process.execPath, '--import', 'tsx', script, ...parameters];
  const [program = '', ...args] = canPin() ? ['taskset', '-c', CORE_OF_APPS, ...command] : command;
  const child = spawn(program, args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const [port] = (await once(child, 'message')) as [number];
  const url = `http://127.0.0.1:${port}`;
  const logins = Array.from({ length: CONNECTIONS }, async () => {
    const reply = await fetch(`${url}/seed`);
    return (reply.headers.get('Set-Cookie') ?? '').replace(/;.*/s, '');
  });
  return { name, url, process: child, cookies: await Promise.all(logins) };
}

async function measure(redis: Redis, app: App, scenario: Scenario): Promise<Measurement> {
  const cookies = app.cookies.values();
  const sendsCookie = scenario === 'read' || scenario === 'write';
  const cpuBefore = await cpuTime(app);
  const before = await redisCounters(redis);
  const result = await autocannon({
    url: `${app.url}/${scenario}`,
    connections: CONNECTIONS,
    duration: ROUND_SECONDS,
    setupClient: (client) => {
      if (sendsCookie) client.setHeaders({ cookie: cookies.next().value ?? '' });
    },
  });
  const after = await redisCounters(redis);
  const cpuAfter = await cpuTime(app);
  if (result.errors + result.non2xx > 0) {
    throw new Error(`${app.name}, ${scenario}: ${result.errors + result.non2xx} requests failed`);
  }
  const { total } = result.requests;
  return {
    perSecond: total / result.duration,
    cpuTime: (cpuAfter - cpuBefore) / total,
    redisCommands: (after.commands - before.commands - OWN_COMMANDS) / total,
    redisBytes: (after.bytes - before.bytes) / total,
  };
}

async function cpuTime(app: App): Promise<number> {
  app.process.send('cpu');
  const [{ user, system }] = (await once(app.process, 'message')) as [NodeJS.CpuUsage];
  return user + system;
}

async function redisCounters(redis: Redis): Promise<{ commands: number; bytes: number }> {
  const stats = await redis.info('stats');
  const counter = (name: string): number =>
    Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(stats)?.[1]);
  return {
    commands: counter('total_commands_processed'),
    bytes: counter('total_net_input_bytes') + counter('total_net_output_bytes'),
  };
}

/** The bridge's requests per second as a multiple of each other contender's. */
function compare(
  framework: Framework,
  scenario: Scenario,
  all: ReadonlyMap<Contender, Measurement[]>,
): Comparison {
  const bridge = all.get('bridge') ?? [];
  const rows = [...all].filter(([name]) => name !== 'bridge');
  return {
    title: `${framework}, ${scenario}`,
    rows: rows.map(([name, rounds]) => ({
      name,
      ratio: median(
        rounds.map(({ perSecond }, round) => (bridge[round]?.perSecond ?? NaN) / perSecond),
      ),
      target: framework === 'node:http' ? TARGETS[scenario][name] : undefined,
    })),
  };
}

function report(all: ReadonlyMap<Contender, Measurement[]>, { title, rows }: Comparison): void {
  console.log(`\n${title}`);
  for (const [name, rounds] of all) {
    const medianOf = (quantity: keyof Measurement): number =>
      median(rounds.map((measurement) => measurement[quantity]));
    const row = rows.find((each) => each.name === name);
    console.log(
      [
        `  ${name.padEnd(16)}`,
        `${Math.round(medianOf('perSecond'))}/s`.padStart(8),
        `${Math.round(medianOf('cpuTime'))} us`.padStart(8),
        `  Redis: ${medianOf('redisCommands').toFixed(1)} commands,`,
        `${Math.round(medianOf('redisBytes'))} bytes`.padStart(10),
        row === undefined ? '' : `  bridge: ${row.ratio.toFixed(2)} times this`,
        row?.target === undefined
          ? ''
          : `, at least ${row.target}${isMissed(row) ? ': MISSED' : ''}`,
      ].join(''),
    );
  }
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** Whether a process can be tied to one core here, and there is another one for the rest. */
function canPin(): boolean {
  return availableParallelism() > 1 && spawnSync('taskset', ['-V']).status === 0;
}

await main();
