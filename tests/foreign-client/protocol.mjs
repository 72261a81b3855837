// The protocol on the line: frames, payloads and numbers, written from shared/PROTOCOL.md alone. What a host does with them stands in link.mjs.

export const VERSION = { major: 1, minor: 2 };
export const STOP = 0x18;

const FLAG = 0x7e, ESCAPE = 0x7d, XON = 0x11, XOFF = 0x13, MASK = 0x20;
const RESERVED = new Set([FLAG, ESCAPE, STOP, XON, XOFF]);
const SHORTEST = 9, LONGEST = 63;

// id, name, fields in the order of the line; behind "|" stand those that a device of an earlier minor version does not send.
const LAYOUTS = `
01 HelloRequest       u8 ProtocolMajor, u8 ProtocolMinor, u32 HostNonce
02 HelloReply         u8 ProtocolMajor, u8 ProtocolMinor, u8 FirmwareMajor, u8 FirmwareMinor, u8 FirmwarePatch, u32 SerialNumber, u32 BootId, u32 Capabilities, u16 MinimumDepthMicrometers, u16 UnsupervisedDepthMicrometers, u16 AbsoluteDepthMicrometers, u32 MinimumRateMillihertz, u32 MaximumRateMillihertz, u16 LinkTimeoutMilliseconds | u32 HostNonce
03 Heartbeat          u32 HostNonce
20 Home
21 ConfigureTreatment u16 DepthMicrometers, u16 DepthCapMicrometers, u32 RateMillihertz, u8 SupervisorUnlock | u16 BurstStrokes
22 Arm                u32 Token
23 Disarm
24 Stop
25 ClearFault         u16 Fault
26 Start
27 BeginSession       u32 SessionNumber
28 EnterService
29 LeaveService
2A Jog                i16 Micrometers
2B CalibrateZero      i16 MeasuredMicrometers
2C WriteSettings      u32 SerialNumber, i16 ZeroOffsetMicrometers
2D SilenceAlarm
2E SelfTest
30 StatusRequest
31 EventsRequest      u32 FirstNumber
32 SettingsRequest
33 CountersRequest
34 SelfTestRequest
35 TimeRequest
36 SettleCommand      u16 CommandSequence, u8 CommandId
40 Accepted
41 Rejected           u8 Reason, i32 Detail
42 TreatmentAccepted  u16 DepthMicrometers, u16 DepthCapMicrometers, u32 RateMillihertz, u32 Token | u16 BurstStrokes
43 EventsAvailable    u32 OldestNumber, u32 LatestNumber
50 Status             u32 UptimeMilliseconds, u8 State, u16 Fault, u16 Inputs, u8 Flags, i16 StagePositionMicrometers, u16 DepthMicrometers, u16 DepthCapMicrometers, u32 RateMillihertz, u32 DrivenRateMillihertz, u32 MeasuredRateMillihertz, u32 StrokeCount, u32 Token, u32 LatestEventNumber, u16 DroppedReports, u16 TickGaps, u16 DamagedFrames | u16 BurstStrokes, u8 Alarm, u32 SessionNumber
51 Event              u32 Number, u32 UptimeMilliseconds, u16 Code, i32 Argument1, i32 Argument2
52 Settings           u8 GoodCopies, u32 SerialNumber, i16 ZeroOffsetMicrometers, u32 Writes, u8 Pending
53 Counters           u32 Strokes, u32 RunSeconds, u32 Starts, u32 Faults
54 SelfTestOutcome    u16 Failed, u16 Tested
55 TimeReport         u32 UptimeMilliseconds`;

const TYPES = {
  u8: { length: 1, get: 'getUint8', set: 'setUint8' },
  u16: { length: 2, get: 'getUint16', set: 'setUint16' },
  i16: { length: 2, get: 'getInt16', set: 'setInt16' },
  u32: { length: 4, get: 'getUint32', set: 'setUint32' },
  i32: { length: 4, get: 'getInt32', set: 'setInt32' },
};

/** Messages by name and by id: { id, name, fields: [{ name, type, offset }], length, shortest }. */
export const messages = new Map();
for (const [, id, name, , layout] of LAYOUTS.matchAll(/^([0-9A-F]{2}) (\w+)( +(.+))?$/gm)) {
  const message = { id: parseInt(id, 16), name, fields: [], length: 0, shortest: 0 };
  const parts = (layout ?? '').split('|').map((part) => part.match(/\w+ \w+/g) ?? []);
  for (const part of parts) {
    for (const field of part) {
      const [type, fieldName] = field.split(' ');
      message.fields.push({ name: fieldName, type: TYPES[type], offset: message.length });
      message.length += TYPES[type].length;
    }
    message.shortest ||= message.length;
  }
  messages.set(name, message).set(message.id, message);
}

const names = (text) => new Map([...text.matchAll(/(\d+) (\w+)/g)].map(([, number, name]) => [Number(number), name]));

export const states = names(`0 Booting 1 SelfTest 2 Unhomed 3 Homing 4 Parked 5 Armed 6 Running 7 Retracting 8 Faulted 9 EmergencyStopped 10 Service`);
export const reasons = names(`1 UnknownMessage 2 MalformedPayload 3 VersionMismatch 4 NotGreeted 5 OutOfDate 6 NotExecuted 10 WrongState 11 NotHomed
  12 FaultLatched 20 DepthTooShallow 21 DepthAboveCap 22 SupervisorRequired 23 DepthAboveAbsolute 24 RateTooLow 25 RateTooHigh 26 CapFixedWhileArmed
  30 NothingConfigured 31 StaleToken 32 TriggerHeld 33 TriggerRequired 34 NoHeartbeat 35 SessionLimitReached 40 NothingToClear 41 OtherFaultLatched
  42 FaultStillPresent 43 StillRetracting 50 EmergencyStopPressed 51 CartridgeMissing 52 SupplyLow 53 CartridgeSeated 54 CartridgeUsed 55 DriverFault
  60 BurstTooLong 61 JogTooFar 62 ZeroOffsetOutOfRange 63 SerialNumberMissing 64 StillMoving 65 SessionNumberMissing`);
export const faults = names(`101 LinkLost 201 HomeSwitchNotFound 202 HomeSwitchStuckClosed 203 PositionLost 204 LimitSwitchOpen 205 DepthDriverFault
  301 IndexNotFound 302 RateOutOfBand 303 NeedleStalled 304 NeedleDriverFault 401 SupplyLow 501 CartridgeRemoved 502 EmergencyStop
  503 CartridgeInService 601 TickGap 602 InternalError 603 ImplausibleInputs 604 SettingsLost 605 WatchdogNotWorking 606 SettingsNotStored`);
export const events = names(`1 Started 2 StateChanged 3 FaultRaised 4 FaultCleared 5 TriggerPressed 6 TriggerReleased 7 TreatmentAccepted 8 StopRequested
  9 PressLimitReached 10 IdleDisarmed 11 CartridgeChanged 12 SessionBegun 13 CartridgeUsed 14 SessionLimitReached 15 BurstEnded 16 SettingsStored
  17 StoredCopyMended 18 CountersLost 19 ZeroCalibrated 20 Jogged 21 AlarmSilenced 22 SupplyChanged 23 EmergencyStopChanged 24 SelfTestDone`);
export const inputs = { TriggerPressed: 0x0001, EmergencyStop: 0x0010, CartridgeSeated: 0x0020, SupplyGood: 0x0040 };
export const flags = { Homed: 0x01, StageMoving: 0x02, NeedlesMoving: 0x04, Parking: 0x08, LinkAlive: 0x10 };
export const capabilities = { Sessions: 0x00000002 };

export function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    }
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** A frame from flag to flag. Fields that are not given are 0. */
export function encode(name, sequence, fields = {}, replyTo = 0) {
  const message = messages.get(name);
  const body = Buffer.alloc(5 + message.length + 4);
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  view.setUint8(0, message.id);
  view.setUint16(1, sequence, true);
  view.setUint16(3, replyTo, true);
  for (const { name: field, type, offset } of message.fields) {
    view[type.set](5 + offset, fields[field] ?? 0, true);
  }
  view.setUint32(body.length - 4, crc32(body.subarray(0, -4)), true);
  return Buffer.from([FLAG, ...[...body].flatMap((byte) => (RESERVED.has(byte) ? [ESCAPE, byte ^ MASK] : [byte])), FLAG]);
}

/** A taken frame with its name and fields; undefined for a message that is not known or is shorter than it ever was. */
export function decode({ id, sequence, replyTo, payload }) {
  const message = messages.get(id);
  if (!message || payload.length < message.shortest) {
    return undefined;
  }
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  const fields = {};
  for (const { name, type, offset } of message.fields) {
    fields[name] = offset + type.length <= payload.length ? view[type.get](offset, true) : 0;
  }
  return { ...fields, name: message.name, sequence, replyTo };
}

/** Takes bytes as they come, in any portions, and gives what they are, in order: 'stop', 'damaged' or { id, sequence, replyTo, payload }. */
export class Receiver {
  #body; #damaged; #escaped; // no body: no frame is open

  take(bytes) {
    const results = [];
    for (const byte of bytes) {
      if (byte === STOP) {
        results.push('stop');
      } else if (byte === FLAG) {
        if (this.#body && (this.#body.length > 0 || this.#escaped || this.#damaged)) {
          results.push(this.#close());
        }
        this.#body = [];
        this.#damaged = this.#escaped = false;
      } else if (this.#body) {
        this.#append(byte);
      }
    }
    return results;
  }

  #append(byte) {
    if (this.#escaped) {
      byte ^= MASK;
      this.#damaged ||= !RESERVED.has(byte);
      this.#escaped = false;
    } else if (byte === ESCAPE) {
      this.#escaped = true;
      return;
    } else if (byte === XON || byte === XOFF) {
      this.#damaged = true;
      return;
    }
    this.#damaged ||= this.#body.length === LONGEST;
    if (!this.#damaged) {
      this.#body.push(byte);
    }
  }

  #close() {
    const body = Buffer.from(this.#body);
    if (this.#damaged || this.#escaped || body.length < SHORTEST || crc32(body.subarray(0, -4)) !== body.readUInt32LE(body.length - 4)) {
      return 'damaged';
    }
    return { id: body[0], sequence: body.readUInt16LE(1), replyTo: body.readUInt16LE(3), payload: body.subarray(5, -4) };
  }
}
