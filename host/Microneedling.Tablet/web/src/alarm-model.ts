// Decides how alarms look and sound, after IEC 60601-1-8: condition, acknowledged and silenced are three things. Pure.

import type { AlarmView } from "./live-view";
import { text } from "./texts";

export type Priority = AlarmView["priority"];

/** One beep of a burst, in seconds from its beginning. */
export interface Beep {
  at: number;
  long: number;
}

export interface Burst {
  beeps: Beep[];
  hertz: number;
  /** Seconds from the beginning of one burst to that of the next. */
  repeatSeconds: number;
}

const rank: Record<Priority, number> = { High: 0, Medium: 1, Low: 2 };

function beeps(long: number, ...starts: number[]): Beep[] {
  return starts.map(at => ({ at, long }));
}

const bursts: Record<Priority, Burst> = {
  High: { beeps: beeps(0.15, 0, 0.25, 0.5, 0.9, 1.15, 2, 2.25, 2.5, 2.9, 3.15), hertz: 880, repeatSeconds: 7 },
  Medium: { beeps: beeps(0.2, 0, 0.4, 0.8), hertz: 660, repeatSeconds: 10 },
  Low: { beeps: beeps(0.2, 0), hertz: 523, repeatSeconds: 25 },
};

export function burstOf(priority: Priority): Burst {
  return bursts[priority];
}

/** Gravest first; among equals the one that nobody has acknowledged. */
export function sorted(alarms: readonly AlarmView[]): AlarmView[] {
  return [...alarms].sort((one, other) => Number(one.acknowledged) - Number(other.acknowledged) || rank[one.priority] - rank[other.priority]);
}

/** What sounds now, or null: everything is acknowledged or silenced. */
export function soundOf(alarms: readonly AlarmView[]): Priority | null {
  return sorted(alarms.filter(alarm => !alarm.acknowledged && alarm.silencedForSeconds === 0))[0]?.priority ?? null;
}

/** What has been done about an alarm, in words; it is still there. */
export function stateWords(alarm: AlarmView): string {
  return alarm.acknowledged ? text("alarms.acknowledged")
    : alarm.silencedForSeconds > 0 ? text("alarms.silencedFor", clock(alarm.silencedForSeconds))
    : text(`alarms.priority-${alarm.priority}`);
}

function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
