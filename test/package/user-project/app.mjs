/**
 * A user's app, as plain JavaScript: counts the visits of each session in Redis.
 * `node app.mjs CLIENT REDIS_URL KEY_PREFIX`
 * @module
 */
import express from 'express';
import { flaskSession } from 'flask-session-bridge';

const [client, url, SESSION_KEY_PREFIX] = process.argv.slice(2);

const CONNECT = {
  ioredis: async () => {
    const { default: Redis } = await import('ioredis');
    return new Redis(url);
  },
  iovalkey: async () => {
    const { default: Redis } = await import('iovalkey');
    return new Redis(url);
  },
  redis: async () => {
    const { createClient } = await import('redis');
    const redis = createClient({ url });
    await redis.connect();
    return redis;
  },
};

const app = express();
app.use(
  flaskSession({
    SESSION_TYPE: 'redis',
    SESSION_REDIS: await CONNECT[client](),
    SESSION_KEY_PREFIX,
    SESSION_USE_SIGNER: true,
    SECRET_KEY: 'shared with Flask',
  }),
);
app.get('/', (req, res) => {
  req.session.visits = (req.session.visits ?? 0) + 1;
  res.json({ visits: req.session.visits });
});

const server = app.listen(0, '127.0.0.1', () => {
  console.log(`listening at http://127.0.0.1:${server.address().port}`);
});
