// The campaign's files as an operator would write them.
import fs from 'node:fs';
import path from 'node:path';

// "2026-11-24T03:40:00" of UTC: whole seconds, which windows are given in.
const local = (instant) => new Date(instant).toISOString().slice(0, 19);

const rules = `rules:
  - name: posted-during-freeze
    when: pledge.window.covers(post.appeared) && post.surface in pledge.surfaces
    unless: campaign.is_statement(post) && pledge.statements_used < pledge.statements_allowed
    severity: breach
    mode: alert
    summary: "\${actor.name} posted a \${post.surface} on \${account.platform}"
`;

const campaign = (setup) => `campaign:
  name: atproto-freeze
  window: { start: ${local(setup.start)}, end: ${local(setup.end)}, zone: UTC }
  default_zone: UTC
  grace: 0s
  surfaces: [post, reply, repost]
  sweep: ${setup.sweep}s
  sweep_again: ${setup.sweepAgain}s
  closes: ${setup.closes}s
  statement: { allowed: 1, matches: 'post.text.contains("${setup.statement}")' }
roster: pledges.csv
rules: [ rules.yaml ]
connectors:
  bluesky:
    base: http://127.0.0.1:${setup.appviewPort}
    directory: http://127.0.0.1:${setup.plcPort}
    home: http://localhost:${setup.pdsPort}
    allow_hosts: [ 127.0.0.1, localhost ]
    allow_ports: [ ${setup.appviewPort}, ${setup.plcPort}, ${setup.pdsPort} ]
    interval: ${setup.interval}s
    interval_floor: 1s
    lag: 1s
sinks:
  - name: organisers
    type: webhook
    url: http://127.0.0.1:${setup.receiverPort}/hook
    allow_hosts: [ 127.0.0.1 ]
    allow_ports: [ ${setup.receiverPort} ]
    secret: { file: hook.secret }
http: { contact: "mailto:test@example.org", deadline: 5s }
store: state
`;

// Writes everything into `folder` and returns the campaign file's path. `setup`
// times are milliseconds since 1970 (start, end) and seconds (all others).
export function writeCampaign(folder, setup) {
  const roster = setup.handles.map(
    (handle) => `${handle.split('.')[0]},bluesky,${handle},UTC,confirmed,https://example.org/pledge,`,
  );
  const file = (name, text, mode = 0o644) =>
    fs.writeFileSync(path.join(folder, name), text, { mode });
  file('pledges.csv', `actor,platform,handle,zone,status,source,scope\n${roster.join('\n')}\n`);
  file('rules.yaml', rules);
  file('hook.secret', `${setup.secret}\n`, 0o600);
  file('campaign.yaml', campaign(setup));
  return path.join(folder, 'campaign.yaml');
}
