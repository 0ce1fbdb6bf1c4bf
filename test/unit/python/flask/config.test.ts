import path from 'node:path';
import { describe, expect, test } from 'vitest';

import { ConfigError } from '../../../../src/errors.js';
import { resolveConfig, type FlaskConfig } from '../../../../src/python/flask/index.js';

/** The ConfigError that settings give, whatever their types. */
function refusal(config: unknown): ConfigError {
  try {
    resolveConfig(config as FlaskConfig);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the settings were taken');
}

describe('defaults', () => {
  test('fills in every setting', () => {
    expect(resolveConfig({})).toEqual({
      SECRET_KEY: undefined,
      SECRET_KEY_FALLBACKS: [],
      SESSION_REFRESH_EACH_REQUEST: true,
      SESSION_TYPE: undefined,
      SESSION_REDIS: undefined,
      SESSION_CACHELIB: undefined,
      SESSION_KEY_PREFIX: 'session:',
      SESSION_USE_SIGNER: false,
      SESSION_PERMANENT: true,
      SESSION_ID_LENGTH: undefined,
      SESSION_SERIALIZATION_FORMAT: 'pickle',
      SESSION_FILE_DIR: path.join(process.cwd(), 'flask_session'),
      SESSION_FILE_THRESHOLD: 500,
      SESSION_FILE_MODE: 0o600,
      MAX_COOKIE_SIZE: 4093,
      lifetimeSeconds: 2_678_400,
      secretKeys: [],
      cookie: {
        name: 'session',
        domain: null,
        path: '/',
        httpOnly: true,
        secure: false,
        sameSite: null,
        partitioned: false,
      },
    });
  });

  test('counts undefined as left out, so that a missing environment variable does no harm', () => {
    const unset = resolveConfig({ SECRET_KEY: undefined, SESSION_COOKIE_NAME: undefined });
    expect(unset).toEqual(resolveConfig({}));
  });
});

describe('unknown keys', () => {
  test.each([
    ['SECRETKEY', 'SECRET_KEY'],
    ['secretKey', 'SECRET_KEY'],
    ['SESSION_COOKIE_HTTP_ONLY', 'SESSION_COOKIE_HTTPONLY'],
    ['SESION_TYPE', 'SESSION_TYPE'],
    ['SESSION_PREFIX', 'SESSION_KEY_PREFIX'],
    ['SESSION_SERIALISATION_FORMAT', 'SESSION_SERIALIZATION_FORMAT'],
    ['PERMANENT_SESSION_LIFE_TIME', 'PERMANENT_SESSION_LIFETIME'],
    ['WTF_CSRF_TIMELIMIT', 'WTF_CSRF_TIME_LIMIT'],
    ['REMEMBER_COOKIE_EXPIRES', undefined],
    ['cookie', undefined],
    ['', undefined],
    ['__proto__x', undefined],
    ['constructor', undefined],
  ])('refuses %s', (name, suggestion) => {
    const error = refusal({ [name]: 'x' });
    expect(error).toMatchObject({ code: 'ERR_CONFIG', option: name, suggestion });
  });

  test('takes the settings of Flask and its extensions that mean nothing here', () => {
    const config = {
      DEBUG: true,
      SESSION_MONGODB: {},
      SERVER_NAME: 'example.org',
      JSON_AS_ASCII: 1,
    };
    expect(resolveConfig(config)).toEqual(resolveConfig({}));
  });

  test('takes the settings of Flask-Login and Flask-WTF', () => {
    const config = { REMEMBER_COOKIE_NAME: 'r', WTF_CSRF_TIME_LIMIT: null };
    expect(resolveConfig(config)).toEqual(resolveConfig({}));
  });

  test.each([undefined, null, 'SECRET_KEY', 5])('refuses %s in place of settings', (config) => {
    expect(refusal(config).option).toBe('config');
  });
});

describe('values', () => {
  test.each<[string, unknown]>([
    ['SECRET_KEY', 5],
    ['SECRET_KEY_FALLBACKS', 'old'],
    ['SECRET_KEY_FALLBACKS', new Uint8Array(3)],
    ['SECRET_KEY_FALLBACKS', ['old', 5]],
    ['SECRET_KEY_FALLBACKS', ['']],
    ['SESSION_TYPE', 'rediss'],
    ['SESSION_TYPE', 'mongodb'],
    ['SESSION_TYPE', 5],
    ['SESSION_REDIS', 'redis://localhost'],
    ['SESSION_KEY_PREFIX', null],
    ['SESSION_USE_SIGNER', 'true'],
    ['SESSION_PERMANENT', 1],
    ['SESSION_ID_LENGTH', 0],
    ['SESSION_ID_LENGTH', 1.5],
    ['SESSION_ID_LENGTH', '32'],
    ['SESSION_SERIALIZATION_FORMAT', 'yaml'],
    ['SESSION_SERIALIZATION_FORMAT', null],
    ['PERMANENT_SESSION_LIFETIME', '3600'],
    ['PERMANENT_SESSION_LIFETIME', null],
    ['PERMANENT_SESSION_LIFETIME', 0],
    ['PERMANENT_SESSION_LIFETIME', -1],
    ['PERMANENT_SESSION_LIFETIME', 0.5],
    ['PERMANENT_SESSION_LIFETIME', NaN],
    ['PERMANENT_SESSION_LIFETIME', Infinity],
    ['PERMANENT_SESSION_LIFETIME', 1e15],
    ['PERMANENT_SESSION_LIFETIME', {}],
    ['PERMANENT_SESSION_LIFETIME', { day: 1 }],
    ['PERMANENT_SESSION_LIFETIME', { days: '1' }],
    ['PERMANENT_SESSION_LIFETIME', { days: 1, hours: -24 }],
    ['SESSION_REFRESH_EACH_REQUEST', null],
    ['SESSION_COOKIE_NAME', ''],
    ['SESSION_COOKIE_NAME', 'a b'],
    ['SESSION_COOKIE_NAME', 'a=b'],
    ['SESSION_COOKIE_NAME', 'a\r\nb'],
    ['SESSION_COOKIE_NAME', 'é'],
    ['SESSION_COOKIE_DOMAIN', true],
    ['SESSION_COOKIE_PATH', false],
    ['SESSION_COOKIE_HTTPONLY', null],
    ['SESSION_COOKIE_SECURE', 'false'],
    ['SESSION_COOKIE_SAMESITE', ''],
    ['SESSION_COOKIE_SAMESITE', 'strictly'],
    ['SESSION_COOKIE_SAMESITE', false],
    ['SESSION_COOKIE_PARTITIONED', 1],
    ['APPLICATION_ROOT', 5],
    ['SESSION_FILE_DIR', null],
    ['SESSION_FILE_THRESHOLD', -1],
    ['SESSION_FILE_MODE', 0o10000],
    ['MAX_COOKIE_SIZE', '4093'],
    ['SESSION_PROTECTION', 'weak'],
    ['REMEMBER_COOKIE_DURATION', { years: 1 }],
    ['WTF_CSRF_METHODS', 'POST'],
    ['WTF_CSRF_TIME_LIMIT', '3600'],
  ])('refuses %s as %j', (option, value) => {
    expect(refusal({ [option]: value })).toMatchObject({ code: 'ERR_CONFIG', option });
  });

  test('never repeats a value in the message', () => {
    expect(refusal({ SECRET_KEY_FALLBACKS: 'hunter2' }).message).not.toContain('hunter2');
  });

  test.each<[unknown, number]>([
    [1, 1],
    [90.5, 90],
    [{ days: 31 }, 2_678_400],
    [{ weeks: 1, days: 1, hours: 1, minutes: 1, seconds: 1 }, 694_861],
    [{ hours: 0.1 }, 360],
    [{ days: 1, hours: undefined }, 86_400],
  ])('reads a lifetime of %j', (lifetime, seconds) => {
    const config = { PERMANENT_SESSION_LIFETIME: lifetime } as FlaskConfig;
    expect(resolveConfig(config).lifetimeSeconds).toBe(seconds);
  });

  test('takes names of stores in any case, as Flask-Session does', () => {
    expect(resolveConfig({ SESSION_TYPE: 'REDIS' }).SESSION_TYPE).toBe('redis');
    expect(resolveConfig({ SESSION_TYPE: 'null' }).SESSION_TYPE).toBeUndefined();
    expect(resolveConfig({ SESSION_TYPE: null }).SESSION_TYPE).toBeUndefined();
  });

  test('takes an empty key prefix', () => {
    expect(resolveConfig({ SESSION_KEY_PREFIX: '' }).SESSION_KEY_PREFIX).toBe('');
  });
});

describe('secret keys', () => {
  test('signs with SECRET_KEY, after the fallbacks', () => {
    const old = new Uint8Array([1, 2]);
    const config = resolveConfig({ SECRET_KEY: 'new', SECRET_KEY_FALLBACKS: ['older', old] });
    expect(config.secretKeys).toEqual(['older', old, 'new']);
  });

  test('has no keys without SECRET_KEY, and counts an empty one as none', () => {
    expect(resolveConfig({ SECRET_KEY_FALLBACKS: ['old'] }).secretKeys).toEqual([]);
    expect(resolveConfig({ SECRET_KEY: '' }).SECRET_KEY).toBeUndefined();
    expect(resolveConfig({ SECRET_KEY: new Uint8Array() }).secretKeys).toEqual([]);
  });

  test.each([undefined, null, '', new Uint8Array()])('does not sign with %j', (SECRET_KEY) => {
    expect(refusal({ SESSION_USE_SIGNER: true, SECRET_KEY }).option).toBe('SECRET_KEY');
  });
});
