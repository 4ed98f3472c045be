// nginx on loopback with feeds as files, as a blog's server serves them: ETags and dates
// from the file, gzip for whoever takes it. What it was asked stands in its access log.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

const accepts = (port) =>
  new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.end());
  });

const entry = ({ id, at }) => `<item><guid isPermaLink="false">${id}</guid><title>Post ${id}</title>
<pubDate>${at.toUTCString()}</pubDate><description>&lt;p&gt;All of ${id}&lt;/p&gt;</description></item>`;

const configuration = (folder, port) => `daemon off; master_process off; pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events { worker_connections 64; }
http {
  log_format asked escape=json '{"path":"$uri","status":$status,"if_none_match":"$http_if_none_match","etag":"$sent_http_etag","coding":"$sent_http_content_encoding"}';
  access_log ${folder}/access.log asked;
  client_body_temp_path ${folder}/tmp;
  types { application/rss+xml xml; }
  gzip on; gzip_min_length 1; gzip_types application/rss+xml;
  server { listen 127.0.0.1:${port}; root ${folder}/www; }
}
`;

export class FeedSite {
  static async start(folder) {
    const site = new FeedSite();
    site.folder = folder;
    fs.mkdirSync(path.join(folder, 'www'), { recursive: true });
    site.port = await freePort();
    fs.writeFileSync(path.join(folder, 'nginx.conf'), configuration(folder, site.port));
    site.child = spawn('/usr/sbin/nginx', ['-p', folder, '-c', path.join(folder, 'nginx.conf')], { stdio: 'ignore' });
    for (let i = 0; i < 100 && !(await accepts(site.port)); ++i) await sleep(50);
    return site;
  }

  url(name) {
    return `http://127.0.0.1:${this.port}/${name}.xml`;
  }

  // Newest first. Written beside it and moved, so that no reader meets half a file.
  publish(name, entries) {
    const file = path.join(this.folder, 'www', `${name}.xml`);
    const text = `<?xml version="1.0"?>\n<rss version="2.0"><channel><title>${name}</title>\n${entries.map(entry).join('\n')}\n</channel></rss>\n`;
    fs.writeFileSync(`${file}.new`, text);
    fs.renameSync(`${file}.new`, file);
  }

  // {path, status, if_none_match, etag, coding} of each request for this feed, in order.
  asked(name) {
    const lines = fs.readFileSync(path.join(this.folder, 'access.log'), 'utf8').trim().split('\n');
    return lines.filter(Boolean).map((line) => JSON.parse(line)).filter((ask) => ask.path === `/${name}.xml`);
  }

  stop() {
    this.child.kill('SIGQUIT');
  }
}
