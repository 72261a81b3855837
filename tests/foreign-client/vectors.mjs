// The codec against shared/vectors: every frame written and read by protocol.mjs. Says what differs; says nothing of the device.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { crc32, decode, encode, messages, Receiver } from './protocol.mjs';

const hex = (bytes) => Buffer.from(bytes).toString('hex').toUpperCase();
const bytes = (text) => Buffer.from(text, 'hex');

/** What differs, in words, and how many vectors there are. */
export function compare(folder) {
  const read = (file) => JSON.parse(readFileSync(join(folder, file), 'utf8')).vectors;
  const [crcs, frames, streams] = ['crc.json', 'messages.json', 'streams.json'].map(read);
  const differences = [
    ...crcs.filter((vector) => crc32(bytes(vector.bytes)) !== parseInt(vector.crc, 16)).map((vector) => `CRC of ${vector.name}`),
    ...frames.flatMap((vector) => differencesOfFrame(vector).map((what) => `${vector.name}: ${what}`)),
    ...streams.flatMap((vector) => differencesOfStream(vector).map((what) => `stream "${vector.name}": ${what}`)),
    ...[...messages.values()].filter(({ id }) => !frames.some((vector) => vector.id === id)).map(({ name }) => `no vector for ${name}`),
  ];
  return { count: crcs.length + frames.length + streams.length, differences };
}

function differencesOfFrame(vector) {
  const taken = new Receiver().take(bytes(vector.frame));
  if (taken.length !== 1 || taken[0] === 'damaged' || taken[0] === 'stop') {
    return [`the frame was not taken: ${JSON.stringify(taken)}`];
  }
  const differences = [];
  const { name, sequence, replyTo, ...fields } = decode(taken[0]) ?? {};
  if (!isDeepStrictEqual({ name, sequence, replyTo, fields }, { name: vector.message, sequence: vector.sequence, replyTo: vector.replyTo, fields: vector.fields })) {
    differences.push(`read as ${JSON.stringify({ name, sequence, replyTo, fields })}`);
  }
  if (!vector.readOnly) {
    const written = hex(encode(vector.message, vector.sequence, vector.fields, vector.replyTo));
    if (written !== vector.frame) {
      differences.push(`written as ${written}`);
    }
  }
  return differences;
}

// In one portion and byte by byte: a receiver must not care.
function differencesOfStream(vector) {
  const line = bytes(vector.bytes);
  return [[line], [...line].map((byte) => [byte])].flatMap((portions) => {
    const receiver = new Receiver();
    const results = portions.flatMap((portion) => receiver.take(portion)).map((result) => (typeof result === 'string' ? result : { ...result, payload: hex(result.payload) }));
    return isDeepStrictEqual(results, vector.results) ? [] : [`taken as ${JSON.stringify(results)}`];
  });
}
