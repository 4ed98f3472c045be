"""A time stamp authority on loopback: `openssl ts` behind an HTTP server (RFC 3161, 3.4).

  authority.py FOLDER

Makes a root and a signer in FOLDER (ca.pem is what verifiers trust), prints the port, and
serves until it is killed. Each query leaves a line in FOLDER/asked. How it behaves stands
in FOLDER/mode: well, error, garbage, hang, stale (the answer to the first query, again).
"""
import http.server
import pathlib
import subprocess
import sys
import threading
import time

CONFIG = """[tsa]
default_tsa = t
[t]
serial = serial
signer_cert = tsa.pem
signer_key = tsa.key
default_policy = 1.2.3.4.1
digests = sha256
signer_digest = sha256
ess_cert_id_alg = sha256
tsa_name = yes
"""


class Authority:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.one_at_a_time = threading.Lock()  # the serial number is a file
        self.first = None
        (self.folder / 'ts.cnf').write_text(CONFIG)
        (self.folder / 'ext.cnf').write_text('extendedKeyUsage = critical,timeStamping\n')
        (self.folder / 'serial').write_text('01\n')
        name = self.folder.name
        key = '-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'
        self.openssl(f'req -x509 {key} -days 30 -subj /CN=root-{name} -keyout ca.key -out ca.pem')
        self.openssl(f'req {key} -subj /CN=authority-{name} -keyout tsa.key -out tsa.csr')
        self.openssl('x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30'
                     ' -extfile ext.cnf -out tsa.pem')

    def openssl(self, arguments):
        subprocess.run(['openssl', *arguments.split()], cwd=self.folder, check=True,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def mode(self):
        mode = self.folder / 'mode'
        return mode.read_text().strip() if mode.exists() else 'well'

    def stamp(self, query):
        with self.one_at_a_time:
            (self.folder / 'query.tsq').write_bytes(query)
            self.openssl('ts -reply -config ts.cnf -section t -queryfile query.tsq -out reply.tsr')
            reply = (self.folder / 'reply.tsr').read_bytes()
            self.first = self.first or reply
            return reply

    def answer(self, query):
        """Status and body."""
        mode = self.mode()
        if mode == 'hang':
            time.sleep(60)
        if mode in ('error', 'hang'):
            return 500, b'out of order'
        if mode == 'garbage':
            return 200, bytes(range(256)) * 8
        if mode == 'stale' and self.first:
            return 200, self.first
        return 200, self.stamp(query)


class Desk(http.server.BaseHTTPRequestHandler):
    authority = None

    def do_POST(self):
        query = self.rfile.read(int(self.headers['Content-Length']))
        kind = self.headers['Content-Type']
        with open(self.authority.folder / 'asked', 'a', encoding='ascii') as asked:
            asked.write(f'{self.authority.mode()} {kind} {len(query)}\n')
        status, body = 400, b''
        if kind == 'application/timestamp-query':
            status, body = self.authority.answer(query)
        try:
            self.send_response(status)
            self.send_header('Content-Type', 'application/timestamp-reply')
            self.send_header('Content-Length', str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except BrokenPipeError:
            pass  # nobody waits any more

    def log_message(self, *_):
        pass


Desk.authority = Authority(sys.argv[1])
server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Desk)
server.daemon_threads = True
(Desk.authority.folder / 'port').write_text(f'{server.server_port}\n')
server.serve_forever()
