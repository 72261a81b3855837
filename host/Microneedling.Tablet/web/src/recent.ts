// The last 30 s of statuses, for the live plot. Pure.

import type { StatusView } from "./live-view";
import type { Samples } from "./plots";

const keepSeconds = 30;

/** Keeps statuses by device time; a device that restarted begins anew. */
export class Recent {
  private samples: Samples = empty();

  /** Adds a status; false when it is known already. */
  add(status: StatusView): boolean {
    const seconds = status.deviceTimeMilliseconds / 1000;
    const latest = this.samples.seconds.at(-1);
    if (latest !== undefined && seconds < latest) {
      this.samples = empty();
    }
    if (seconds === this.samples.seconds.at(-1)) {
      return false;
    }

    const { samples } = this;
    samples.seconds.push(seconds);
    samples.stageMillimeters.push(status.homed ? status.stagePositionMicrometers / 1000 : null);
    samples.activeMillimeters.push(status.token !== 0 ? status.activeDepthMicrometers / 1000 : null);
    samples.drivenPerSecond.push(status.drivenRateMillihertz / 1000);
    samples.measuredPerSecond.push(status.measuredRateMillihertz / 1000);
    const old = samples.seconds.findIndex(time => time >= seconds - keepSeconds);
    if (old > 0) {
      for (const column of Object.values(samples) as unknown[][]) {
        column.splice(0, old);
      }
    }
    return true;
  }

  /** What is kept, with times counted back from the latest: −30 … 0. */
  backwards(): Samples {
    const latest = this.samples.seconds.at(-1) ?? 0;
    return { ...this.samples, seconds: this.samples.seconds.map(time => time - latest) };
  }
}

function empty(): Samples {
  return { seconds: [], stageMillimeters: [], activeMillimeters: [], drivenPerSecond: [], measuredPerSecond: [] };
}
