// What the program tells the page; mirrors Device/LiveView.cs. Integers with the unit in the name; null is "not known".

export type DeviceState =
  | "Booting" | "SelfTest" | "Unhomed" | "Homing" | "Parked" | "Armed" | "Running" | "Retracting"
  | "Faulted" | "EmergencyStopped" | "Service";

export interface DeviceView {
  serialNumber: number;
  firmware: string;
  protocol: string;
  simulated: boolean;
  minimumDepthMicrometers: number;
  unsupervisedDepthMicrometers: number;
  /** 0: this device does not count strokes. */
  maximumBurstStrokes: number;
  minimumRateMillihertz: number;
  maximumRateMillihertz: number;
}

export interface StatusView {
  ageMilliseconds: number;
  deviceTimeMilliseconds: number;
  state: DeviceState;
  stateWords: string;
  fault: number;
  faultWords: string;
  homed: boolean;
  parking: boolean;
  stageMoving: boolean;
  stagePositionMicrometers: number;
  activeDepthMicrometers: number;
  activeRateMillihertz: number;
  drivenRateMillihertz: number;
  measuredRateMillihertz: number;
  token: number;
  triggerPressed: boolean;
  emergencyStopPressed: boolean;
  cartridgeSeated: boolean;
  supplyGood: boolean;
  homeSwitchClosed: boolean;
  limitSwitchOpen: boolean;
  activeBurstStrokes: number;
  /** Armed, stage at its depth, cam at its top: a press strokes at the depth at once. */
  readyAtDepth: boolean;
  cartridgeUsedBefore: boolean;
}

export interface TreatmentView {
  token: number;
  zoneId: string;
  setDepthMicrometers: number;
  setRateMillihertz: number;
  /** 0: glide. */
  setBurstStrokes: number;
  activeDepthMicrometers: number;
  activeDepthCapMicrometers: number;
  activeRateMillihertz: number;
  activeBurstStrokes: number;
}

export interface PassView {
  number: number;
  zoneId: string;
  areaSquareMillimeters: number;
  /** With needles out. */
  strokes: number;
  /** Strokes × needles. */
  punctures: number;
  puncturesPerSquareCentimeter: number;
  /** Of all passes of this session over the zone. */
  zonePuncturesPerSquareCentimeter: number;
  /** In the zone, in this session. */
  strokingMilliseconds: number;
  ending: "Running" | "Disarmed" | "Stopped" | "Fault" | "LinkLost" | "Interrupted";
}

export interface SessionView {
  id: number;
  /** null: on a test block. */
  clientLabel: string | null;
  needles: number;
  strokes: number;
  /** The latest of each zone, the newest last. */
  passes: PassView[];
  recordingFault: string | null;
}

export interface FinishedSessionView {
  id: number;
  outcome: string;
  outcomeWords: string;
  strokes: number;
}

/** One thing that arming still needs. */
export interface MissingView {
  step: "client" | "cartridge" | "zone" | "values" | "device";
  words: string;
  /** null: on the Treat page. */
  href: string | null;
}

export interface UnlockView {
  zoneId: string;
  depthCapMicrometers: number;
  by: string;
  reason: string;
}

/** Present, acknowledged and silenced are three things. */
export interface AlarmView {
  id: string;
  priority: "High" | "Medium" | "Low";
  title: string;
  cause: string;
  nextStep: string;
  acknowledged: boolean;
  silencedForSeconds: number;
  /** Number of the latched fault to clear, or 0. */
  fault: number;
}

export interface ControlView {
  page: string | null;
  person: string | null;
  askingPage: string | null;
  askingPerson: string | null;
}

export interface LogView {
  deviceTimeMilliseconds: number;
  words: string;
}

export interface LiveView {
  link: { connected: boolean; degraded: boolean; words: string };
  device: DeviceView | null;
  status: StatusView | null;
  treatment: TreatmentView | null;
  session: SessionView | null;
  finishedSession: FinishedSessionView | null;
  missing: MissingView[];
  unlock: UnlockView | null;
  alarms: AlarmView[];
  control: ControlView;
  log: LogView[];
  notice: string | null;
}

/** Why a page may not command the device: its live stream has not begun, or another page controls. Null: it may. */
export function whyNoControl(view: LiveView | null, pageId: string): "not-live" | "another" | null {
  if (view === null) {
    return "not-live";
  }
  return view.control.page !== null && view.control.page !== pageId ? "another" : null;
}

/** States that go on only while the page in control is there. */
export function isMoving(status: StatusView | null): boolean {
  return status !== null && (status.state === "Homing" || status.state === "Armed" || status.state === "Running");
}

/** Silence after which shown values are old. */
const silenceMilliseconds = 1000;

/** What is shown is old when the program, or the device behind it, has been silent for more than a second. */
export function isOld(view: LiveView | null, silence: number, broken: boolean): boolean {
  return broken || view === null || !view.link.connected || view.status === null
    || silence + view.status.ageMilliseconds > silenceMilliseconds;
}
