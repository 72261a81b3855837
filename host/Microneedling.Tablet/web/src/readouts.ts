// Decides the numbers that the Treat page shows: what is set, what the device holds to, what it measures, what was counted.
// Pure. Set values are written to their grain, the device's to the micrometre and the tenth: they never look alike.

import { accepted, heldTreatment, type Draft } from "./draft";
import type { LiveView, PassView } from "./live-view";
import { modeWords } from "./treat-model";
import * as words from "./words";

const noValue = "–";

export interface Readouts {
  setDepth: string;
  setRate: string;
  setMode: string;
  activeDepth: string;
  activeRate: string;
  activeMode: string;
  /** Whether the device holds to exactly what is set. */
  depthIsActive: boolean;
  rateIsActive: boolean;
  modeIsActive: boolean;
  stage: string;
  measuredRate: string;
  /** Of the pass that goes on or was the last. */
  strokes: string;
  punctures: string;
  density: string;
  time: string;
}

export function readoutsOf(view: LiveView | null, draft: Draft): Readouts {
  const status = view?.status ?? null;
  const holds = status !== null && status.token !== 0;
  const is = accepted(draft, heldTreatment(view));
  const pass = view?.session?.passes.at(-1);
  return {
    setDepth: words.setDepth(draft.depthMicrometers),
    setRate: words.setRate(draft.rateMillihertz),
    setMode: modeWords(draft.burstStrokes),
    activeDepth: holds ? words.deviceDepth(status.activeDepthMicrometers) : noValue,
    activeRate: holds ? words.deviceRate(status.activeRateMillihertz) : noValue,
    activeMode: holds ? modeWords(status.activeBurstStrokes) : noValue,
    depthIsActive: is.zone && is.depth,
    rateIsActive: is.zone && is.rate,
    modeIsActive: is.zone && is.mode,
    stage: status?.homed ? words.deviceDepth(status.stagePositionMicrometers) : noValue,
    measuredRate: status ? words.deviceRate(status.measuredRateMillihertz) : noValue,
    strokes: words.countOr(pass?.strokes, noValue),
    punctures: words.countOr(pass?.punctures, noValue),
    density: pass === undefined ? noValue : words.density(pass.zonePuncturesPerSquareCentimeter),
    time: pass === undefined ? noValue : words.minutes(pass.strokingMilliseconds),
  };
}

/** Punctures per cm² of each zone treated in this session, by zone: the latest pass of each knows them all. */
export function treatedZones(passes: readonly PassView[]): Map<string, number> {
  const zones = new Map<string, number>();
  for (const pass of passes) {
    if (pass.zonePuncturesPerSquareCentimeter > 0) {
      zones.set(pass.zoneId, pass.zonePuncturesPerSquareCentimeter);
    }
  }
  return zones;
}
