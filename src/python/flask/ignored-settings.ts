/**
 * Settings of Flask, of Flask-Session's other stores and of Flask-WTF's reCAPTCHA that mean nothing
 * here: a team that copies its settings line by line need not sort them out first. From
 * `Flask.default_config` of 1.1 to 3.1 and the sources of Flask-Session 0.3.2 to 0.8.0.
 *
 * @module
 */
import { anything, type Checks } from './config-checks.js';

export type IgnoredSettings = Record<(typeof IGNORED)[number], unknown>;

const IGNORED = [
  'DEBUG',
  'ENV',
  'EXPLAIN_TEMPLATE_LOADING',
  'JSONIFY_MIMETYPE',
  'JSONIFY_PRETTYPRINT_REGULAR',
  'JSON_AS_ASCII',
  'JSON_SORT_KEYS',
  'MAX_CONTENT_LENGTH',
  'MAX_FORM_MEMORY_SIZE',
  'MAX_FORM_PARTS',
  'PREFERRED_URL_SCHEME',
  'PRESERVE_CONTEXT_ON_EXCEPTION',
  'PROPAGATE_EXCEPTIONS',
  'PROVIDE_AUTOMATIC_OPTIONS',
  'SEND_FILE_MAX_AGE_DEFAULT',
  'SERVER_NAME',
  'TEMPLATES_AUTO_RELOAD',
  'TESTING',
  'TRAP_BAD_REQUEST_ERRORS',
  'TRAP_HTTP_EXCEPTIONS',
  'TRUSTED_HOSTS',
  'USE_X_SENDFILE',

  'SESSION_CLEANUP_N_REQUESTS',
  'SESSION_DYNAMODB',
  'SESSION_DYNAMODB_TABLE',
  'SESSION_MEMCACHED',
  'SESSION_MONGODB',
  'SESSION_MONGODB_COLLECT',
  'SESSION_MONGODB_DB',
  'SESSION_SQLALCHEMY',
  'SESSION_SQLALCHEMY_BIND_KEY',
  'SESSION_SQLALCHEMY_SCHEMA',
  'SESSION_SQLALCHEMY_SEQUENCE',
  'SESSION_SQLALCHEMY_TABLE',

  'RECAPTCHA_DATA_ATTRS',
  'RECAPTCHA_DIV_CLASS',
  'RECAPTCHA_ENABLED',
  'RECAPTCHA_HTML',
  'RECAPTCHA_PARAMETERS',
  'RECAPTCHA_PRIVATE_KEY',
  'RECAPTCHA_PUBLIC_KEY',
  'RECAPTCHA_SCRIPT',
  'RECAPTCHA_VERIFY_SERVER',
] as const;

export const IGNORED_CHECKS = Object.fromEntries(
  IGNORED.map((name) => [name, anything]),
) as Checks<IgnoredSettings>;
