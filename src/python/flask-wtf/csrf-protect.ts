/**
 * Lets only requests change anything that come from the app's own pages.
 * Python: `flask_wtf.CSRFProtect`, 1.3.0. Differences: ./PORT.md
 *
 * @module
 */
import { CSRFError, SessionUseError } from '../../errors.js';
import type { FlaskConfig } from '../flask/config.js';
import type { Middleware } from '../flask/middleware.js';
import { headerOf, requestHost, requestScheme, type SessionRequest } from '../flask/request.js';
import { resolveCsrfConfig, type CsrfConfig } from './config.js';
import { validateCsrf } from './csrf.js';
import { sameOrigin } from './same-origin.js';

/** A request whose form has been read, by `express.urlencoded()` or multer. */
export interface FormRequest extends SessionRequest {
  readonly body?: unknown;
}

export interface CsrfProtectOptions<Request extends FormRequest = FormRequest> {
  /** Requests that need no token. Python: `CSRFProtect.exempt`. @defaultValue none */
  readonly exempt?: ((request: Request) => boolean) | undefined;
}

/** The middleware, and the check by itself. */
export interface CsrfProtect<Request extends FormRequest> extends Middleware<Request> {
  /**
   * Checks a request whatever WTF_CSRF_ENABLED, WTF_CSRF_CHECK_DEFAULT and `exempt` say. Python:
   * `CSRFProtect.protect`.
   *
   * @throws {@link CSRFError} with status 400 when its token or its Referer is no good.
   * @throws {@link SessionUseError} when it has no session.
   */
  protect(request: Request): void;
}

/**
 * Middleware that passes requests of WTF_CSRF_METHODS only with a token: in the form, which the
 * middleware before it has read, or in a header. Under TLS the Referer must be of the same origin.
 *
 * @throws {@link ConfigError} for wrong settings, and without a key that signs.
 */
export function csrfProtect<Request extends FormRequest>(
  config: FlaskConfig,
  options: CsrfProtectOptions<Request> = {},
): CsrfProtect<Request> {
  const csrf = resolveCsrfConfig(config);
  const protect = (request: Request): void => {
    checkRequest(request, csrf);
  };
  const middleware: Middleware<Request> = (request, _response, next) => {
    try {
      if (csrf.enabled && csrf.checkDefault && !options.exempt?.(request)) protect(request);
    } catch (error) {
      next(error);
      return;
    }
    next();
  };
  return Object.assign(middleware, { protect });
}

function checkRequest(request: FormRequest, config: CsrfConfig): void {
  if (!config.methods.has(request.method ?? 'GET')) return;
  if (!request.session) throw new SessionUseError('none on the request; put its middleware first');
  validateCsrf(request.session, tokenOf(request, config), config);
  if (requestScheme(request) !== 'https' || !config.sslStrict) return;
  const referrer = headerOf(request, 'referer');
  if (!referrer) throw new CSRFError('The referrer header is missing.');
  if (!sameOrigin(referrer, `https://${requestHost(request)}/`)) {
    throw new CSRFError('The referrer does not match the host.');
  }
}

/** The form's token, that of a form with a prefix, then that of a header; of these the first. */
function tokenOf(request: FormRequest, config: CsrfConfig): string | undefined {
  const form = formOf(request);
  const prefixed = Object.keys(form).filter((name) => name.endsWith(config.fieldName));
  const fields = [config.fieldName, ...prefixed].map((name) => firstText(form, name));
  const headers = config.headers.map((name) => headerOf(request, name));
  return [...fields, ...headers].find((token) => token);
}

/** What Flask has in `request.form`: nothing for a body that is no form, such as JSON. */
function formOf({ headers, body }: FormRequest): Readonly<Record<string, unknown>> {
  const isForm = /^(application\/x-www-form-urlencoded|multipart\/form-data)\s*(;|$)/i.test(
    String(headers['content-type'] ?? ''),
  );
  return isForm && typeof body === 'object' && body !== null ? { ...body } : {};
}

/** A field that is sent several times counts as the first of them. */
function firstText(form: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = Object.hasOwn(form, name) ? form[name] : undefined;
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' ? first : undefined;
}
