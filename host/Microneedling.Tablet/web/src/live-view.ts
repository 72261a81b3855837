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
  depthCapMicrometers: number;
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
}

export interface TreatmentView {
  token: number;
  setDepthMicrometers: number;
  setRateMillihertz: number;
  activeDepthMicrometers: number;
  activeRateMillihertz: number;
}

export interface SessionView {
  id: number;
  strokes: number;
  recordingFault: string | null;
}

export interface FinishedSessionView {
  id: number;
  outcomeWords: string;
  strokes: number;
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
  log: LogView[];
  controllingPage: string | null;
  notice: string | null;
}

/** States that go on only while the page in control is there. */
export function isMoving(status: StatusView | null): boolean {
  return status !== null && (status.state === "Homing" || status.state === "Armed" || status.state === "Running");
}
