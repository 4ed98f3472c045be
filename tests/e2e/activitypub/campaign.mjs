// The campaign's files as an operator would write them.
import fs from 'node:fs';
import path from 'node:path';

const local = (instant) => new Date(instant).toISOString().slice(0, 19);

const rules = `rules:
  - name: posted-during-freeze
    when: pledge.window.covers(post.appeared) && post.surface in pledge.surfaces
    severity: breach
    mode: alert
    summary: "\${actor.name} posted a \${post.surface}"
`;

const campaign = (setup) => `campaign:
  name: activitypub-freeze
  window: { start: ${local(setup.start)}, end: ${local(setup.end)}, zone: UTC }
  default_zone: UTC
  surfaces: [post, reply, repost]
  sweep: 3s
  sweep_again: 6s
  closes: 10s
roster: pledges.csv
rules: [ rules.yaml ]
connectors:
  activitypub:
    base: ${setup.base}
    allow_hosts: [ 127.0.0.1 ]
    allow_ports: [ ${setup.port} ]
    interval: 1s
    interval_floor: 1s
    lag: 0s
${setup.keyId ? `    credentials:
      - { user_id: "${setup.keyId}", token: { file: reader.pem }, budget: 1000/m }
` : '    host_budget: 1000/m\n'}sinks:
  - name: organisers
    type: webhook
    url: http://127.0.0.1:${setup.receiverPort}/hook
    allow_hosts: [ 127.0.0.1 ]
    allow_ports: [ ${setup.receiverPort} ]
    secret: { file: hook.secret }
http: { contact: "mailto:test@example.org", deadline: 5s }
store: state
`;

// Returns the campaign file's path. Without `keyId` nothing is signed.
export function writeCampaign(folder, setup) {
  fs.mkdirSync(folder, { recursive: true });
  const file = (name, text, mode = 0o644) =>
    fs.writeFileSync(path.join(folder, name), text, { mode });
  const row = `brandco,activitypub,@brandco@${setup.domain},UTC,confirmed,https://example.org/pledge,`;
  file('pledges.csv', `actor,platform,handle,zone,status,source,scope\n${row}\n`);
  file('rules.yaml', rules);
  file('hook.secret', `${setup.secret}\n`, 0o600);
  if (setup.pem) file('reader.pem', setup.pem, 0o600);
  file('campaign.yaml', campaign(setup));
  return path.join(folder, 'campaign.yaml');
}
