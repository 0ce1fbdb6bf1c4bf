export { flaskSession } from './middleware.js';
export type { FlaskSessionMiddleware, SessionRequest } from './middleware.js';
