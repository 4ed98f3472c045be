// A real ActivityPub server (Fedify) on loopback with one account that pledged.
// Whoever reads its outbox has to sign: the key of a second actor of the same
// server, which readers' signatures are checked against, is given to the daemon.
import crypto from 'node:crypto';
import http from 'node:http';
import { once } from 'node:events';

import {
  Announce, createFederation, Create, Endpoints, exportJwk, generateCryptoKeyPair, MemoryKvStore,
  Note, Person, PUBLIC_COLLECTION,
} from '@fedify/fedify';
import { Temporal } from '@js-temporal/polyfill';

export const domain = 'brand.test';
const page = 5;

const body = async (request) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
};

export class ActivityPubServer {
  items = []; // newest first: {id, kind, text, at, followersOnly}
  signed = 0;
  unsigned = 0;
  requests = [];

  static async start() {
    const server = new ActivityPubServer();
    server.http = http.createServer((request, response) => server.#answer(request, response));
    server.http.listen(0, '127.0.0.1');
    await once(server.http, 'listening');
    server.base = `http://127.0.0.1:${server.http.address().port}`;
    server.keys = await generateCryptoKeyPair('RSASSA-PKCS1-v1_5');
    server.#federate();
    return server;
  }

  get port() {
    return this.http.address().port;
  }
  get keyId() {
    return `${this.base}/users/watcher#main-key`;
  }
  async pem() {
    const jwk = await exportJwk(this.keys.privateKey);
    return crypto.createPrivateKey({ key: jwk, format: 'jwk' }).export({ type: 'pkcs8', format: 'pem' });
  }

  publish(id, kind, text, followersOnly = false) {
    this.items.unshift({ id, kind, text, at: Temporal.Now.instant(), followersOnly });
  }

  #federate() {
    this.federation = createFederation({
      kv: new MemoryKvStore(),
      allowPrivateAddress: true,
      origin: { handleHost: domain, webOrigin: this.base },
    });
    this.federation
      .setActorDispatcher('/users/{identifier}', async (context, identifier) => {
        if (!['brandco', 'watcher'].includes(identifier)) return null;
        const pairs = await context.getActorKeyPairs(identifier);
        return new Person({
          id: context.getActorUri(identifier),
          preferredUsername: identifier,
          outbox: context.getOutboxUri(identifier),
          inbox: context.getInboxUri(identifier),
          publicKey: pairs[0].cryptographicKey,
        });
      })
      .setKeyPairsDispatcher(() => [this.keys]);
    this.federation.setInboxListeners('/users/{identifier}/inbox', '/inbox');
    this.federation
      .setOutboxDispatcher('/users/{identifier}/outbox', (context, identifier, cursor) => {
        if (cursor === null) return null;
        const start = Number(cursor);
        const items = this.items.slice(start, start + page).map((item) => this.#activity(context, item));
        const more = start + page < this.items.length;
        return { items, nextCursor: more ? String(start + page) : null };
      })
      .setFirstCursor(() => '0')
      .setCounter(() => this.items.length)
      .authorize((context, identifier, key) => {
        if (key === null) ++this.unsigned;
        else ++this.signed;
        return key !== null;
      });
  }

  #activity(context, { id, kind, text, at, followersOnly }) {
    const actor = context.getActorUri('brandco');
    const to = followersOnly ? new URL(`${actor.href}/followers`) : PUBLIC_COLLECTION;
    const address = new URL(`${this.base}/notes/${id}`);
    const common = { id: new URL(`${address.href}/activity`), actor, published: at, to };
    if (kind === 'announce') return new Announce({ ...common, object: new URL(text) });
    const object = new Note({ id: address, attribution: actor, content: text, published: at, to });
    return new Create({ ...common, object });
  }

  async #answer(request, response) {
    this.requests.push(`${request.method} ${request.url}`);
    const answer = await this.federation.fetch(
      new Request(this.base + request.url, {
        method: request.method,
        headers: new Headers(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
        body: ['GET', 'HEAD'].includes(request.method) ? undefined : await body(request),
      }),
      { contextData: undefined },
    );
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(Buffer.from(await answer.arrayBuffer()));
  }

  stop() {
    this.http.close();
    this.http.closeAllConnections();
  }
}
