import { isIP } from 'node:net';
import { InvalidArgumentError } from 'commander';

export interface ListenAddress {
  /** A name or an IP address, without brackets. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
}

/** Reads `HOST:PORT` or `[IPV6]:PORT`, as a commander argument. Throws InvalidArgumentError. */
export function parseListenAddress(text: string): ListenAddress {
  const parts = /^(?:\[(?<six>[^\]]+)\]|(?<host>[^:[\]\s]+)):(?<port>\d{1,5})$/.exec(text)?.groups;
  const host = parts?.six ?? parts?.host;
  const port = Number(parts?.port);
  if (host === undefined || (parts?.six !== undefined && isIP(parts.six) !== 6)) {
    throw new InvalidArgumentError('It must be HOST:PORT, such as 127.0.0.1:8480 or [::1]:8480.');
  }
  if (port > 65_535) throw new InvalidArgumentError('The port must be from 0 to 65535.');
  return { host, port };
}

/** Whether only this machine can connect. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
