// A host's end of the line over TCP: greeting, heartbeat, commands that are repeated and settled, STOP, events without gaps, and the knowledge of when
// the link is lost. It decides nothing about a treatment (treat.mjs) and knows no bytes (protocol.mjs).

import net from 'node:net';
import { randomInt } from 'node:crypto';
import { decode, encode, flags, messages, Receiver, reasons, STOP, VERSION } from './protocol.mjs';

const GREET_EVERY = 200, GREET_FOR = 3000, HEARTBEAT = 100, REPEAT_EVERY = 150, REPEAT_FOR = 1500, SETTLE_FOR = 3000, STOP_FOR = 2000, SILENCE = 1000, GAP = 100;

/** Something is not as it must be. The message says what, for a person. */
export class Deviation extends Error {}
export class LinkLost extends Deviation {}
export class Rejected extends Deviation {
  constructor(command, { Reason, Detail }) {
    super(`The device refused ${command}: ${reasons.get(Reason) ?? `reason ${Reason}`}, detail ${Detail}.`);
    this.reason = reasons.get(Reason) ?? Reason;
  }
}

export class Link {
  /** The latest status, the answer to the greeting, every event heard, by number, and the first that is wanted. */
  status; hello; events = new Map(); firstEvent = 1;
  /** What happened on the line. */
  counts = { repeats: 0, settled: 0, damaged: 0, gaps: 0 };

  #socket; #receiver = new Receiver(); #nonce = randomInt(1, 2 ** 32); #sequence = randomInt(1, 65536);
  #ended; #heard = performance.now(); #deafSince; #clock; #waiting = new Set(); #stopped = false; #watchers = []; #trouble; #asking = new Set();
  #missing = { number: 0, since: 0, asking: false };

  /** Connects and greets. */
  static async connect(host, port) {
    const link = new Link();
    link.#socket = net.connect({ host, port, noDelay: true });
    link.#socket.on('data', (bytes) => link.#take(bytes));
    link.#socket.on('error', (error) => link.#end(new LinkLost(`${error.message}.`)));
    link.#socket.on('close', () => link.#end(new LinkLost('The other end closed it.')));
    const greeting = encode('HelloRequest', link.#sequence, { ProtocolMajor: VERSION.major, ProtocolMinor: VERSION.minor, HostNonce: link.#nonce });
    const hello = await link.#ask(greeting, [link.#sequence], GREET_EVERY, GREET_FOR, (answer) => answer.name === 'Rejected' || link.#isMine(answer));
    if (!hello) {
      throw link.#end(new LinkLost(`Nobody answered the greeting for ${GREET_FOR} ms.`));
    } else if (hello.name === 'Rejected') {
      throw link.#end(new Rejected('the greeting', hello));
    } else if (hello.ProtocolMajor !== VERSION.major) {
      const older = hello.ProtocolMajor < VERSION.major ? 'the device' : 'this program';
      throw link.#end(new Deviation(`Versions do not fit: the device speaks ${hello.ProtocolMajor}, this program ${VERSION.major}: update ${older}.`));
    }
    link.hello = hello;
    link.#heard = performance.now();
    link.#beat();
    link.#clock = setInterval(() => link.#beat(), HEARTBEAT);
    return link;
  }

  /** A command, sent until it is answered, settled if it is not. Sent anew with another number as long as it was not executed and is still wanted. */
  async command(name, fields, stillWanted) {
    for (let attempt = 1; ; attempt++) {
      const answer = await this.#once(name, fields);
      if (answer.name !== 'Rejected') {
        return answer;
      }
      const rejection = new Rejected(name, answer);
      if (rejection.reason === 'NotGreeted') {
        throw this.#end(new LinkLost('The device has restarted: this connection is over.'));
      }
      if (rejection.reason === 'OutOfDate') {
        throw this.#end(new LinkLost(`${name} is out of date: the numbers are not this program's alone. This connection is over.`));
      }
      if (attempt === 3 || rejection.reason !== 'NotExecuted' || !stillWanted(await this.question('StatusRequest'))) {
        throw rejection;
      }
    }
  }

  /** A question: answered with what is so now. */
  async question(name, fields) {
    const sequence = this.#number();
    const answer = await this.#ask(encode(name, sequence, fields), [sequence], REPEAT_EVERY, REPEAT_FOR);
    if (!answer) {
      throw new Deviation(`${name} was not answered for ${REPEAT_FOR} ms.`);
    } else if (answer.name === 'Rejected') {
      throw new Rejected(name, answer);
    }
    return answer;
  }

  /** STOP byte and Stop until it is confirmed. Ends all watching, and all commands: none is sent or repeated any more. */
  async stop() {
    this.#stopped = true;
    this.#trouble = undefined;
    this.#watchers = [];
    this.#look();
    const sequence = this.#number();
    const answer = await this.#ask(Buffer.from([STOP, ...encode('Stop', sequence)]), [sequence], REPEAT_EVERY, STOP_FOR);
    if (answer?.name !== 'Accepted') {
      throw new Deviation(`The stop was not confirmed (${answer ? answer.name : `no answer for ${STOP_FOR} ms`}): RELEASE THE TRIGGER AND PRESS THE EMERGENCY STOP.`);
    }
  }

  /** Waits until this returns something true, and returns it; looks at once and after every frame. Throws what it or a watcher throws, and when the link
   * is lost. */
  async until(condition, milliseconds, what) {
    const value = await this.#wait(() => this.#well() && condition(), milliseconds);
    if (value === undefined) {
      throw new Deviation(`Waited ${milliseconds} ms in vain: ${what}.`);
    }
    return value;
  }

  /** Calls this with every status. What it throws, commands and waiting throw too. */
  watch(watcher) {
    this.#watchers.push(watcher);
  }

  /** The first number between the first wanted and the latest known of, whose event has not come; 0 when none is missing. */
  get firstMissingEvent() {
    for (let number = this.firstEvent; number <= Math.max(this.status?.LatestEventNumber ?? 0, ...this.events.keys()); number++) {
      if (!this.events.has(number)) {
        return number;
      }
    }
    return 0;
  }

  close() {
    this.#end(new LinkLost('This program has closed the link.'));
  }

  #isMine(answer) {
    const tellsNonce = answer.ProtocolMajor > 1 || answer.ProtocolMinor >= 2;
    return answer.name === 'HelloReply' && (!tellsNonce || answer.HostNonce === this.#nonce);
  }

  #well() {
    if (this.#trouble) {
      throw this.#trouble;
    }
    return true;
  }

  #number() {
    this.#sequence = (this.#sequence % 65535) + 1;
    return this.#sequence;
  }

  async #once(name, fields) {
    if (this.#stopped) {
      throw new Deviation(`${name} was not sent: a stop came first.`);
    }
    const sequence = this.#number();
    const goOn = () => this.#well() && !this.#stopped;
    const answer = await this.#ask(encode(name, sequence, fields), [sequence], REPEAT_EVERY, REPEAT_FOR, undefined, goOn);
    if (answer) {
      return answer;
    }
    if (this.#stopped) {
      throw new Deviation(`${name} was not answered before a stop.`);
    }
    this.counts.settled++;
    const settling = this.#number();
    const outcome = await this.#ask(
      encode('SettleCommand', settling, { CommandSequence: sequence, CommandId: messages.get(name).id }), [sequence, settling], REPEAT_EVERY, SETTLE_FOR, undefined, goOn);
    if (!outcome) {
      throw this.#end(new LinkLost(`${name} was not answered, nor what became of it. Whether it was executed is not known.`));
    } else if (outcome.replyTo === settling) {
      throw new Rejected(`to settle ${name} (whether that was executed is not known)`, outcome);
    }
    return outcome;
  }

  // The identical bytes, again and again, until a frame answers one of these numbers; undefined when none has.
  async #ask(bytes, numbers, every, during, fits = () => true, goOn = () => true) {
    let answer;
    const asking = (frame) => {
      answer ??= numbers.includes(frame.replyTo) && fits(frame) ? frame : undefined;
    };
    this.#asking.add(asking);
    try {
      for (let sent = 0; sent * every < during && !answer && goOn(); sent++) {
        this.counts.repeats += sent > 0 ? 1 : 0;
        this.#socket.write(bytes);
        await this.#wait(() => answer !== undefined || !goOn(), every);
      }
      return answer;
    } finally {
      this.#asking.delete(asking);
    }
  }

  #wait(condition, milliseconds) {
    return new Promise((resolve, reject) => {
      const done = (how, value) => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        how(value);
      };
      const look = () => {
        try {
          const value = condition();
          if (value) {
            done(resolve, value);
          } else if (this.#ended) {
            done(reject, this.#ended);
          }
        } catch (error) {
          done(reject, error);
        }
      };
      const timer = setTimeout(() => done(resolve, undefined), milliseconds);
      this.#waiting.add(look);
      look();
    });
  }

  #take(bytes) {
    for (const result of this.#receiver.take(bytes)) {
      if (typeof result === 'string') {
        this.counts.damaged++;
        continue;
      }
      this.#heard = performance.now();
      const frame = decode(result);
      if (!frame || this.#ended) {
        continue;
      }
      this.#asking.forEach((asking) => frame.replyTo !== 0 && asking(frame));
      try {
        this.#keep(frame);
      } catch (error) {
        this.#end(error);
      }
      this.#look();
    }
  }

  #keep(frame) {
    if (frame.name === 'Status') {
      if (this.status && ((frame.UptimeMilliseconds - this.status.UptimeMilliseconds) >>> 0) > 2 ** 31) {
        throw new LinkLost('The device has restarted: its time went back. This connection is over.');
      }
      this.status = frame;
      this.#deafSince = frame.Flags & flags.LinkAlive ? undefined : (this.#deafSince ?? performance.now());
      try {
        this.#watchers.forEach((watcher) => watcher(frame));
      } catch (error) {
        this.#trouble ??= error;
      }
    } else if (frame.name === 'Event') {
      const { name, sequence, replyTo, ...event } = frame;
      const known = this.events.get(event.Number);
      if (known && JSON.stringify(known) !== JSON.stringify(event)) {
        throw new LinkLost(`The device has restarted: event ${event.Number} is another than before. This connection is over.`);
      }
      this.events.set(event.Number, event);
    } else if (frame.name === 'HelloReply' && this.hello && frame.BootId !== this.hello.BootId) {
      throw new LinkLost('The device has restarted: it has another boot id. This connection is over.');
    }
  }

  // Every 100 ms: is the other end there, the heartbeat, and the events that did not come.
  #beat() {
    if (performance.now() - this.#heard > SILENCE) {
      this.#end(new LinkLost(`No frame for ${SILENCE} ms.`));
      return;
    }
    if (performance.now() - this.#deafSince > SILENCE) {
      this.#end(new LinkLost(`The device has not heard this program for ${SILENCE} ms.`));
      return;
    }
    this.#socket.write(encode('Heartbeat', 0, { HostNonce: this.#nonce }));
    if (performance.now() - this.#heard > HEARTBEAT / 2 && this.hello.ProtocolMinor >= 2) {
      this.#socket.write(encode('TimeRequest', this.#number())); // Its short answer comes through where a status does not.
    }
    const missing = this.firstMissingEvent;
    if (missing !== this.#missing.number) {
      Object.assign(this.#missing, { number: missing, since: performance.now() });
    } else if (missing !== 0 && !this.#missing.asking && performance.now() - this.#missing.since > GAP) {
      this.#fetch(missing);
    }
  }

  async #fetch(first) {
    this.#missing.asking = true;
    this.counts.gaps++;
    try {
      const { OldestNumber } = await this.question('EventsRequest', { FirstNumber: first });
      if (OldestNumber > first) {
        this.#end(new Deviation(`Events ${first} to ${OldestNumber - 1} are gone for good.`));
      }
    } catch (error) {
      this.#end(error);
    }
    Object.assign(this.#missing, { asking: false, since: performance.now() });
  }

  #end(why) {
    if (!this.#ended) {
      this.#ended = why;
      clearInterval(this.#clock);
      this.#socket.destroy();
      this.#look();
    }
    return why;
  }

  #look() {
    this.#waiting.forEach((look) => look());
  }
}
