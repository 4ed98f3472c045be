// A webhook receiver that trusts nothing: Standard Webhooks 1.0.0, checked with
// Node's own HMAC.
import crypto from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';

const tolerance = 300; // seconds, as the reference libraries have it

// Says what is wrong with a signed message, or nothing.
export function complaint(secret, headers, body, now = Date.now() / 1000) {
  const id = headers['webhook-id'];
  const timestamp = headers['webhook-timestamp'];
  if (!id || id.includes('.')) return `webhook-id is ${JSON.stringify(id)}`;
  if (!/^\d+$/.test(timestamp ?? '')) return `webhook-timestamp is ${JSON.stringify(timestamp)}`;
  if (Math.abs(now - Number(timestamp)) > tolerance) return `webhook-timestamp ${timestamp} is off`;
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const wanted = crypto
    .createHmac('sha256', key)
    .update(`${id}.${timestamp}.`)
    .update(body)
    .digest();
  const matches = (entry) => {
    const [version, text] = entry.split(',');
    if (version !== 'v1' || !text) return false;
    const given = Buffer.from(text, 'base64');
    return given.length === wanted.length && crypto.timingSafeEqual(given, wanted);
  };
  const signatures = (headers['webhook-signature'] ?? '').split(' ');
  return signatures.some(matches) ? '' : 'no signature matches';
}

export const newSecret = () => `whsec_${crypto.randomBytes(32).toString('base64')}`;

// Answers the first `failures` requests with 503, then 204. `attempts` holds
// every request: {at, id, status, complaint, body, message}.
export class Receiver {
  attempts = [];
  #server;

  static async start(secret, failures) {
    const receiver = new Receiver();
    receiver.#server = http.createServer(async (request, response) => {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const status = receiver.attempts.length < failures ? 503 : 204;
      receiver.#note(secret, request, Buffer.concat(chunks), status);
      response.writeHead(status).end();
    });
    receiver.#server.listen(0, '127.0.0.1');
    await once(receiver.#server, 'listening');
    receiver.port = receiver.#server.address().port;
    return receiver;
  }

  get delivered() {
    return this.attempts.filter((attempt) => attempt.status === 204);
  }

  stop() {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #note(secret, request, body, status) {
    const attempt = { at: Date.now(), id: request.headers['webhook-id'], status, body: String(body) };
    attempt.complaint = complaint(secret, request.headers, body);
    if (request.method !== 'POST') attempt.complaint += ` method ${request.method}`;
    try {
      attempt.message = JSON.parse(attempt.body);
    } catch {
      attempt.complaint += ' the body is no JSON';
    }
    this.attempts.push(attempt);
  }
}
