// What a person has set on the Treat page and not necessarily confirmed: zone, area, depth, rate, mode, and the preset that
// the values came from until one of them is changed. Decides how far each may go. Pure.

import type { DeviceView, LiveView, TreatmentView } from "./live-view";
import { text } from "./texts";
import * as words from "./words";
import type { PresetSheet, ZoneSheet } from "./zone-sheet";

export interface Draft {
  /** null: none chosen yet. */
  zoneId: string | null;
  areaSquareMillimeters: number;
  depthMicrometers: number;
  rateMillihertz: number;
  /** Strokes of a press; 0: glide. */
  burstStrokes: number;
  /** null: set by hand, or changed since. */
  preset: { key: string; version: number } | null;
}

/** Where the controls stand before anything has been set. */
export const firstDraft: Draft = { zoneId: null, areaSquareMillimeters: 0, depthMicrometers: 250, rateMillihertz: 60_000, burstStrokes: 0, preset: null };

/** Strokes of a press when stamping is chosen. */
const firstBurstStrokes = 3;

/** Smallest and largest area of a zone; the program refuses others. */
export const areaRange = { least: 100, most: 200_000 };

export interface Cap {
  /** 0: nothing can be set. */
  micrometers: number;
  reason: string;
  isUnlocked: boolean;
}

export function sheetOf(zones: readonly ZoneSheet[], zoneId: string | null): ZoneSheet | null {
  return zones.find(zone => zone.id === zoneId) ?? null;
}

export function presetOf(sheet: ZoneSheet | null, draft: Draft): PresetSheet | null {
  return sheet?.presets.find(preset => preset.key === draft.preset?.key && preset.version === draft.preset.version) ?? null;
}

/** How deep one may go in a zone, and why no deeper. */
export function capOf(sheet: ZoneSheet | null, view: LiveView | null): Cap {
  if (sheet === null) {
    return { micrometers: 0, reason: text("treat.chooseZone"), isUnlocked: false };
  }
  const unlock = view?.unlock ?? null;
  if (unlock !== null && unlock.zoneId === sheet.id) {
    return { micrometers: unlock.depthCapMicrometers, reason: text("treat.unlocked", words.setDepth(unlock.depthCapMicrometers), unlock.by, unlock.reason), isUnlocked: true };
  }
  return { micrometers: sheet.depthCapMicrometers, reason: sheet.capReason, isUnlocked: false };
}

const between = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

/** The same values, within what the device and the cap allow. */
export function limitDraft(draft: Draft, device: DeviceView, cap: Cap): Draft {
  return {
    ...draft,
    depthMicrometers: cap.micrometers === 0 ? draft.depthMicrometers : between(draft.depthMicrometers, device.minimumDepthMicrometers, Math.max(device.minimumDepthMicrometers, cap.micrometers)),
    rateMillihertz: between(draft.rateMillihertz, device.minimumRateMillihertz, device.maximumRateMillihertz),
    burstStrokes: between(draft.burstStrokes, 0, device.maximumBurstStrokes),
  };
}

/** Another zone: its area, the other values as they are; a preset belongs to its zone. */
export function withZone(draft: Draft, sheet: ZoneSheet): Draft {
  return draft.zoneId === sheet.id ? draft : { ...draft, zoneId: sheet.id, areaSquareMillimeters: sheet.areaSquareMillimeters, preset: null };
}

/** The values of a preset, never above the cap. */
export function withPreset(draft: Draft, preset: PresetSheet, cap: Cap): Draft {
  return {
    ...draft,
    depthMicrometers: Math.min(preset.depthMicrometers, cap.micrometers),
    rateMillihertz: preset.rateMillihertz ?? draft.rateMillihertz,
    burstStrokes: preset.burstStrokes ?? draft.burstStrokes,
    preset: { key: preset.key, version: preset.version },
  };
}

/** A value changed by hand: no longer those of a preset. */
export function changed(draft: Draft, change: Partial<Pick<Draft, "depthMicrometers" | "rateMillihertz" | "burstStrokes">>): Draft {
  const next = { ...draft, ...change };
  const same = next.depthMicrometers === draft.depthMicrometers && next.rateMillihertz === draft.rateMillihertz && next.burstStrokes === draft.burstStrokes;
  return same ? draft : { ...next, preset: null };
}

/** Glide, or stamping with as many strokes as last. */
export function withMode(draft: Draft, mode: "glide" | "stamp"): Draft {
  return changed(draft, { burstStrokes: mode === "glide" ? 0 : draft.burstStrokes || firstBurstStrokes });
}

/** The values that were confirmed, as a draft: what a page shows that has set nothing itself. */
export function draftOf(treatment: TreatmentView, before: Draft, zones: readonly ZoneSheet[]): Draft {
  const sheet = sheetOf(zones, treatment.zoneId);
  return {
    ...(sheet === null ? before : withZone(before, sheet)),
    depthMicrometers: treatment.setDepthMicrometers,
    rateMillihertz: treatment.setRateMillihertz,
    burstStrokes: treatment.setBurstStrokes,
  };
}

/** The treatment that was confirmed, if the device says that it still holds to it. */
export function heldTreatment(view: LiveView | null): TreatmentView | null {
  const treatment = view?.treatment ?? null;
  return treatment !== null && treatment.token === view?.status?.token ? treatment : null;
}

/** Which of the values that are set the device has accepted as they are. */
export function accepted(draft: Draft, held: TreatmentView | null): { zone: boolean; depth: boolean; rate: boolean; mode: boolean; all: boolean } {
  const zone = held !== null && held.zoneId === draft.zoneId;
  const depth = held?.setDepthMicrometers === draft.depthMicrometers;
  const rate = held?.setRateMillihertz === draft.rateMillihertz;
  const mode = held?.setBurstStrokes === draft.burstStrokes;
  return { zone, depth, rate, mode, all: zone && depth && rate && mode };
}

/** Square millimetres from what was typed in square centimetres, or null: that is no area of a zone. */
export function areaFrom(typed: string): number | null {
  const squareMillimeters = Math.round(Number(typed.trim().replace(",", ".")) * 100);
  return typed.trim() !== "" && squareMillimeters >= areaRange.least && squareMillimeters <= areaRange.most ? squareMillimeters : null;
}
