import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Imports point one way: frameworks, stores, cli -> session -> python -> errors. */
const IMPORT_DIRECTION = [
  {
    files: ['src/errors.ts'],
    forbid: '/(python|session|stores|frameworks|cli)/',
    why: 'errors.ts imports nothing of ours',
  },
  {
    files: ['src/python/**'],
    forbid: '/(session|stores|frameworks|cli)/|^(node:)?https?$|^ioredis|^redis$|^express',
    why: 'python/ knows no session, Redis, HTTP or Node framework',
  },
  {
    files: ['src/session/**'],
    forbid: '/(stores|frameworks|cli)/|^(node:)?https?$|^ioredis|^redis$|^express',
    why: 'session/ knows no Redis client and no Node framework',
  },
  {
    files: ['src/stores/**'],
    forbid: '/(frameworks|cli)/|^express',
    why: 'stores/ knows no Node framework',
  },
  {
    files: ['src/frameworks/**'],
    forbid: '/cli/',
    why: 'frameworks/ does not know the command line',
  },
];

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '.cache/', 'compat-fixtures/', 'python-harness/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json' } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'no default exports: name it' },
      ],
    },
  },
  // Where others want, or have, a default export.
  { files: ['vitest.config.ts', '**/*.d.ts'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        fetch: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        AbortSignal: 'readonly',
        performance: 'readonly',
      },
    },
  },
  ...IMPORT_DIRECTION.map(({ files, forbid, why }) => ({
    files,
    rules: {
      'no-restricted-imports': ['error', { patterns: [{ regex: forbid, message: why }] }],
    },
  })),
);
