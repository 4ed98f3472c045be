// Keeps a development network on loopback. The reference implementation's
// servers listen on every interface; a test must not open ports to a network.
// Import this before anything that listens.
import dns from 'node:dns';
import net from 'node:net';

const listen = net.Server.prototype.listen;

// Node normalises the many forms of listen() to one object or a port first.
net.Server.prototype.listen = function (...args) {
  const [first, ...rest] = args;
  if (typeof first === 'object' && first !== null && 'port' in first) {
    return listen.call(this, { ...first, host: '127.0.0.1' }, ...rest);
  }
  const callback = args.find((argument) => typeof argument === 'function');
  const isPath = typeof first === 'string' && Number.isNaN(Number(first));
  if (isPath || (typeof first === 'object' && first !== null)) return listen.apply(this, args);
  const port = typeof first === 'function' || first === undefined ? 0 : Number(first);
  return listen.call(this, { port, host: '127.0.0.1' }, ...(callback ? [callback] : []));
};

// "localhost" is where its parts look for each other.
dns.setDefaultResultOrder('ipv4first');
