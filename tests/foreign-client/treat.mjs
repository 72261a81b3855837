// A whole treatment over TCP, for one person at the trigger: node treat.mjs HOST:PORT. Written from shared/PROTOCOL.md and shared/vectors alone, to prove that
// they suffice. It prints PRESS and RELEASE when the person is to do so; exits with 0 when everything was as the document says, else with 1 and in words.

import { randomInt } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { capabilities, events, faults, flags, inputs, states } from './protocol.mjs';
import { Deviation, Link, LinkLost } from './link.mjs';
import { compare } from './vectors.mjs';

const ASKED = { DepthMicrometers: 500, DepthCapMicrometers: 1000, RateMillihertz: 60000, SupervisorUnlock: 0, BurstStrokes: 0 };
const DEEPER = { ...ASKED, DepthMicrometers: 800 };
const PERSON = 60_000, MACHINE = 30_000; // Patience, in milliseconds.
const RATE_BAND = 0.1, RATE_TOLERANCE = 0.05, FOLLOWED_STATUSES = 20;

const say = (text) => console.log(text);
const must = (holds, words) => {
  if (!holds) {
    throw new Deviation(words);
  }
};
const nameOf = (names, number) => names.get(number) ?? `number ${number}`;
const ARGUMENTS = {
  StateChanged: ({ Argument1, Argument2 }) => `${nameOf(states, Argument2)} to ${nameOf(states, Argument1)}`,
  FaultRaised: ({ Argument1, Argument2 }) => `${Argument1} ${nameOf(faults, Argument1)} while ${nameOf(states, Argument2)}`,
  StopRequested: ({ Argument1, Argument2 }) => `by ${['', 'STOP byte', 'Stop', 'Disarm'][Argument1]} at stroke ${Argument2 >>> 0}`,
  SessionBegun: ({ Argument1 }) => Argument1 >>> 0,
  CartridgeUsed: ({ Argument1 }) => Argument1 >>> 0,
};
const describe = (event) => {
  const name = nameOf(events, event.Code);
  return `${event.Number} ${name} (${ARGUMENTS[name]?.(event) ?? `${event.Argument1}, ${event.Argument2}`}) at ${event.UptimeMilliseconds} ms`;
};

class Treatment {
  #link; #cursor; #deepest; #strokes = 0; #accepted = [];
  seen = { statuses: 0, deepest: -Infinity, slowest: Infinity, fastest: 0 };

  constructor(link) {
    this.#link = link;
  }

  async run() {
    await this.#meet();
    await this.#home();
    await this.#arm();
    say('PRESS');
    await this.#follow(['Running'], PERSON);
    await this.#watchStrokes();
    await this.#goDeeper();
    say('RELEASE');
    await this.#follow(['Armed'], PERSON);
    await this.#countPress();
    await this.#link.stop();
    say('The stop is confirmed.');
    this.#link.watch((status) => this.#checkFault(status));
    await this.#follow(['Retracting', 'Parked'], MACHINE);
    await this.#audit();
  }

  // The device as it is found, its past, and whether a treatment can begin.
  async #meet() {
    const { hello } = this.#link;
    say(`Device ${hello.SerialNumber}, firmware ${hello.FirmwareMajor}.${hello.FirmwareMinor}.${hello.FirmwarePatch}, protocol ${hello.ProtocolMajor}.${hello.ProtocolMinor}.`);
    must(ASKED.DepthMicrometers >= hello.MinimumDepthMicrometers && ASKED.DepthCapMicrometers <= Math.min(hello.UnsupervisedDepthMicrometers, hello.AbsoluteDepthMicrometers)
      && ASKED.RateMillihertz >= hello.MinimumRateMillihertz && ASKED.RateMillihertz <= hello.MaximumRateMillihertz, 'This device does not allow the treatment.');
    this.#link.watch((status) => this.#checkFault(status));
    this.#link.watch((status) => this.#checkMotion(status));
    await this.#fetchEvents();
    const ready = ({ State, Flags }) => ['Unhomed', 'Parked'].includes(states.get(State)) && !(Flags & flags.StageMoving);
    const { Inputs } = await this.#link.until(() => this.#link.status && ready(this.#link.status) && this.#link.status, MACHINE, 'the device did not come to rest');
    must(Inputs & inputs.CartridgeSeated, 'Seat a cartridge first.');
    must(Inputs & inputs.SupplyGood, 'The supply is too low.');
    must(!(Inputs & inputs.TriggerPressed), 'Release the trigger first.');
    must(!(Inputs & inputs.EmergencyStop), 'Release the emergency stop first.');
  }

  async #home() {
    this.#cursor = (await this.#link.question('StatusRequest')).LatestEventNumber;
    this.begin = this.#cursor;
    await this.#link.command('Home', {}, ({ State }) => ['Unhomed', 'Parked'].includes(states.get(State)));
    await this.#follow(['Homing', 'Parked'], MACHINE);
    say('Homed and parked.');
  }

  async #arm() {
    if (this.#link.hello.Capabilities & capabilities.Sessions) {
      this.session = randomInt(1, 2 ** 32);
      await this.#link.command('BeginSession', { SessionNumber: this.session }, ({ SessionNumber }) => SessionNumber !== this.session);
    }
    const { Token, DepthMicrometers } = await this.#propose(ASKED);
    await this.#link.command('Arm', { Token }, ({ State }) => states.get(State) === 'Parked');
    await this.#follow(['Armed'], MACHINE);
    await this.#link.until(() => this.#stays() && this.#stands(DepthMicrometers), MACHINE, 'the stage did not reach its depth');
    must(this.#link.status.Token === Token && this.#link.status.DepthCapMicrometers === ASKED.DepthCapMicrometers, 'Armed with another treatment than was accepted.');
    must(this.#link.status.SessionNumber === (this.session ?? 0), 'Armed in another session than was begun.');
    say(`Armed at ${this.#link.status.StagePositionMicrometers} µm, needles still.`);
  }

  async #watchStrokes() {
    await this.#link.until(() => this.#stays() && this.#strokesSteadily(), MACHINE, 'the needles did not come to their rate');
    const first = this.#link.status;
    const enough = this.seen.statuses + FOLLOWED_STATUSES;
    await this.#link.until(() => this.#stays() && this.seen.statuses >= enough, MACHINE, 'too few statuses while running');
    const strokes = (this.#link.status.StrokeCount - first.StrokeCount) >>> 0;
    const seconds = ((this.#link.status.UptimeMilliseconds - first.UptimeMilliseconds) >>> 0) / 1000;
    const expected = (seconds * first.RateMillihertz) / 1000;
    must(Math.abs(strokes - expected) <= 2 + RATE_BAND * expected, `${strokes} strokes in ${seconds} s, expected ${expected.toFixed(1)}.`);
    say(`Running: ${strokes} strokes in ${seconds} s.`);
  }

  async #goDeeper() {
    const { DepthMicrometers, Token } = await this.#propose(DEEPER);
    await this.#link.until(() => this.#stays() && this.#stands(DepthMicrometers) && this.#link.status.Token === Token, MACHINE, 'the stage did not reach the new depth');
    await this.#watchStrokes();
    say(`Deeper, without a pause: the stage at ${this.#link.status.StagePositionMicrometers} µm.`);
  }

  // The needles slow down after the release: what the press made is known when the device is armed again.
  async #countPress() {
    const { StrokeCount } = await this.#link.until(() => states.get(this.#link.status.State) === 'Armed' && this.#link.status, MACHINE, 'no status came while armed');
    const of = (name) => [...this.#link.events.values()].filter(({ Code, Number: number }) => number > this.begin && events.get(Code) === name);
    const [pressed, released] = [of('TriggerPressed'), of('TriggerReleased')];
    must(pressed.length === 1 && released.length === 1, 'The events do not tell of one press of the trigger.');
    this.press = {
      strokes: (StrokeCount - pressed[0].Argument1) >>> 0,
      untilRelease: (released[0].Argument1 - pressed[0].Argument1) >>> 0,
      seconds: ((released[0].UptimeMilliseconds - pressed[0].UptimeMilliseconds) >>> 0) / 1000,
    };
    must(this.press.strokes >= this.press.untilRelease && this.press.untilRelease > 0, 'The stroke counts of the press contradict each other.');
  }

  // What the device will hold to: never more than was asked for.
  async #propose(asked) {
    this.#deepest = Math.max(this.#deepest ?? 0, asked.DepthMicrometers);
    const accepted = await this.#link.command('ConfigureTreatment', asked, () => true);
    for (const field of ['DepthMicrometers', 'DepthCapMicrometers', 'RateMillihertz', 'BurstStrokes']) {
      must(accepted[field] <= asked[field], `${field} is ${accepted[field]}, more than ${asked[field]} that was asked for.`);
    }
    must(accepted.Token !== 0 && accepted.DepthMicrometers > 0 && accepted.RateMillihertz > 0, 'The accepted treatment is empty.');
    this.#accepted.push(accepted);
    this.#deepest = Math.max(...this.#accepted.slice(-2).map(({ DepthMicrometers }) => DepthMicrometers));
    say(`Accepted: ${accepted.DepthMicrometers} µm (${asked.DepthMicrometers} asked), cap ${accepted.DepthCapMicrometers} µm, ${accepted.RateMillihertz / 1000} strokes/s.`);
    return accepted;
  }

  // The changes of state must be exactly these, one after the other.
  async #follow(path, patience) {
    const expected = [...path];
    await this.#link.until(() => this.#stays(expected) && expected.length === 0, patience, `the device did not go to ${path.join(' and ')}`);
  }

  // No other changes of state than these, which are taken from the list as they come.
  #stays(expected = []) {
    for (let event; (event = this.#link.events.get(this.#cursor + 1)); this.#cursor++) {
      if (events.get(event.Code) === 'StateChanged') {
        const state = nameOf(states, event.Argument1);
        must(state === expected[0], `The device went to ${state}, ${expected[0] ? `not to ${expected[0]}` : 'by itself'}. Its events: ${this.#lastEvents(event.Number)}.`);
        expected.shift();
      }
    }
    return true;
  }

  #lastEvents(to) {
    return [...this.#link.events.values()].filter(({ Number: number }) => number > this.begin && number <= to).slice(-4).map(describe).join('; ');
  }

  #checkFault({ Fault, State }) {
    must(Fault === 0, `FAULT ${Fault} ${nameOf(faults, Fault)}, the device is ${nameOf(states, State)}. A person must look and acknowledge it.`);
  }

  #checkMotion(status) {
    must(states.has(status.State), `State ${status.State} is not known: anything may move.`);
    must(((status.StrokeCount - this.#strokes) | 0) >= 0, `The stroke count went back from ${this.#strokes} to ${status.StrokeCount}.`);
    this.#strokes = status.StrokeCount;
    if (states.get(status.State) === 'Running') {
      must(status.Flags & flags.Homed, 'Running without being homed.');
      must(status.StagePositionMicrometers <= this.#deepest, `The stage is at ${status.StagePositionMicrometers} µm, deeper than ${this.#deepest} µm.`);
      must(status.DrivenRateMillihertz <= status.RateMillihertz, `Driven at ${status.DrivenRateMillihertz} mHz, faster than the accepted ${status.RateMillihertz}.`);
      must(status.MeasuredRateMillihertz <= status.RateMillihertz * (1 + RATE_BAND), `Measured ${status.MeasuredRateMillihertz} mHz.`);
      this.seen.statuses++;
      this.seen.deepest = Math.max(this.seen.deepest, status.StagePositionMicrometers);
      if (this.#strokesSteadily(status)) {
        this.seen.slowest = Math.min(this.seen.slowest, status.MeasuredRateMillihertz);
        this.seen.fastest = Math.max(this.seen.fastest, status.MeasuredRateMillihertz);
      }
    }
  }

  #stands(depth) {
    const { Flags, StagePositionMicrometers, State } = this.#link.status;
    return StagePositionMicrometers === depth && !(Flags & flags.StageMoving)
      && (states.get(State) === 'Running' || !(Flags & flags.NeedlesMoving));
  }

  #strokesSteadily({ Flags, MeasuredRateMillihertz, RateMillihertz } = this.#link.status) {
    return Flags & flags.NeedlesMoving && Math.abs(MeasuredRateMillihertz - RateMillihertz) <= RATE_TOLERANCE * RateMillihertz;
  }

  // Asks for all events that the device still has, and waits until they are there.
  async #fetchEvents() {
    const available = await this.#link.question('EventsRequest', { FirstNumber: this.#link.firstEvent });
    if (available.OldestNumber > this.#link.firstEvent) {
      say(`Events ${this.#link.firstEvent} to ${available.OldestNumber - 1} are gone for good.`);
      this.#link.firstEvent = available.OldestNumber;
    }
    await this.#link.until(() => this.#link.events.has(available.LatestNumber) && this.#link.firstMissingEvent === 0, MACHINE, 'not all events came');
    return available;
  }

  // All events anew: the same as came by themselves, without a gap, and they tell what was done here and nothing else.
  async #audit() {
    const heard = new Map(this.#link.events);
    this.#link.events.clear();
    const { LatestNumber } = await this.#fetchEvents();
    const told = [...this.#link.events.values()].sort((one, other) => one.Number - other.Number);
    must(told.at(-1).Number >= LatestNumber && told.length === told.at(-1).Number - told[0].Number + 1, 'The events have a gap.');
    told.forEach((event) => must(!heard.has(event.Number) || JSON.stringify(heard.get(event.Number)) === JSON.stringify(event), `Event ${event.Number} is another than it was.`));
    heard.forEach((event) => must(event.Number < this.#link.firstEvent || this.#link.events.has(event.Number), `Event ${event.Number} has vanished.`));
    const mine = told.filter(({ Number: number }) => number > this.begin);
    const of = (name) => mine.filter(({ Code }) => events.get(Code) === name);
    const path = of('StateChanged').map(({ Argument1 }) => nameOf(states, Argument1)).join(' ');
    must(path === 'Homing Parked Armed Running Armed Retracting Parked', `The events tell of other states: ${path}.`);
    told.filter(({ Code }) => events.get(Code) === 'StateChanged').reduce((before, now) => {
      must(before.Argument1 === now.Argument2, `Event ${now.Number} leaves a state that was not entered.`);
      return now;
    });
    must(of('FaultRaised').length === 0, 'The events tell of a fault.');
    must(this.session === undefined || (of('SessionBegun').length === 1 && of('SessionBegun')[0].Argument1 >>> 0 === this.session), 'The events do not tell of this session.');
    const treatments = (list, depth, rate) => list.map((one) => `${one[depth]} µm ${one[rate]} mHz`).join(', ');
    must(treatments(of('TreatmentAccepted'), 'Argument1', 'Argument2') === treatments(this.#accepted, 'DepthMicrometers', 'RateMillihertz'), 'The events tell of other treatments.');
    must(of('StopRequested').length > 0, 'The events do not tell of the stop.');
    const status = await this.#link.question('StatusRequest');
    must(states.get(status.State) === 'Parked' && status.Fault === 0 && !(status.Flags & (flags.StageMoving | flags.NeedlesMoving)), 'The device does not rest.');
    this.report = { events: mine, status };
  }

  summary() {
    const { counts } = this.#link;
    const { strokes, untilRelease, seconds } = this.press;
    const { status } = this.report;
    return [
      '',
      'Summary',
      ...this.#accepted.map(({ DepthMicrometers, DepthCapMicrometers, RateMillihertz }) => `  accepted   ${DepthMicrometers} µm, cap ${DepthCapMicrometers} µm, ${RateMillihertz / 1000} strokes/s`),
      `  press      ${strokes} strokes, ${untilRelease} of them in the ${seconds} s until the release; stage at ${this.seen.deepest} µm at most, ${this.seen.slowest / 1000} to ${this.seen.fastest / 1000} strokes/s measured`,
      `  now        ${nameOf(states, status.State)}, stage at ${status.StagePositionMicrometers} µm`,
      `  line       ${counts.repeats} repeats, ${counts.settled} commands settled, ${counts.gaps} gaps in events; damaged: ${counts.damaged} here, ${status.DamagedFrames} there`,
      `  events     ${this.report.events.length}, complete:`,
      ...this.report.events.map((event) => `    ${describe(event)}`),
    ].join('\n');
  }
}

// Where a device comes to by itself, after a stop or a lost link. Clears nothing.
async function resting(link) {
  const rests = ({ State, Flags }) => !['Homing', 'Armed', 'Running', 'Retracting'].includes(states.get(State)) && !(Flags & (flags.StageMoving | flags.NeedlesMoving | flags.Parking));
  const { State, Fault } = await link.until(() => link.status && rests(link.status) && link.status, MACHINE, 'the device does not come to rest');
  return `The device rests: ${nameOf(states, State)}${Fault ? `, fault ${Fault} ${nameOf(faults, Fault)}` : ''}. A person must look at it before anything moves.`;
}

async function lookAgain(host, port) {
  for (let attempt = 1; attempt <= 5; attempt++) {
    let link;
    try {
      link = await Link.connect(host, port);
      await link.question('StatusRequest');
      return await resting(link);
    } catch (error) {
      say(`Not connected again: ${error.message}`);
    } finally {
      link?.close();
    }
    await delay(1000);
  }
  return 'What the device does is not known: RELEASE THE TRIGGER AND PRESS THE EMERGENCY STOP.';
}

async function main(address) {
  const { count, differences } = compare(fileURLToPath(new URL('../../shared/vectors', import.meta.url)));
  must(differences.length === 0, `The codec differs from the vectors: ${differences.join('; ')}`);
  say(`The codec agrees with ${count} vectors.`);
  const [, host, port] = /^(.+):(\d+)$/.exec(address ?? '') ?? [];
  must(port, 'Usage: node treat.mjs HOST:PORT');
  let link;
  const lost = async (error) => {
    say(`LINK LOST. ${error.message}`);
    say(await lookAgain(host, Number(port)));
  };
  try {
    link = await Link.connect(host, Number(port));
    const stopping = new Promise((_, reject) => ['SIGINT', 'SIGTERM'].forEach((signal) => process.once(signal, () => reject(new Deviation('Asked to end.')))));
    const treatment = new Treatment(link);
    await Promise.race([treatment.run(), stopping]);
    say(treatment.summary());
  } catch (error) {
    process.exitCode = 1;
    await (error instanceof LinkLost ? lost(error) : endSafely(link, error, lost));
  } finally {
    link?.close();
  }
}

async function endSafely(link, error, lost) {
  say(`DEVIATION. ${error instanceof Deviation ? error.message : error.stack}`);
  try {
    await link?.stop();
    say(link ? `The stop is confirmed. ${await resting(link)}` : 'Nothing was begun.');
  } catch (another) {
    await (another instanceof LinkLost ? lost(another) : say(another.message));
  }
}

try {
  await main(process.argv[2]);
} catch (error) {
  say(error instanceof Deviation ? error.message : error.stack);
  process.exitCode = 1;
}
