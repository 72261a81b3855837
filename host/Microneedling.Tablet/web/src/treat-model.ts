// Decides everything that the Treat page says and allows, from the latest snapshot and what the person has set.
// Pure: no page, no clock, no network. Numbers and counters are in readouts.ts, the steps of the way in flow-model.ts.

import { accepted, capOf, heldTreatment, sheetOf, type Cap, type Draft } from "./draft";
import { isMoving, isOld, whyNoControl, type LiveView, type MissingView, type StatusView } from "./live-view";
import { text } from "./texts";
import * as words from "./words";
import type { ZoneSheet } from "./zone-sheet";

export type Tone = "calm" | "busy" | "ready" | "live" | "alarm";

/** What fills the page beside the controls: choosing, reading the device's answer, or watching the needles. */
export type Panel = "setup" | "read-back" | "live";

export interface Local {
  draft: Draft;
  pageId: string;
  silence: number;
  broken: boolean;
  /** A request is under way. */
  busy: boolean;
  /** The person has gone back from the read-back to change something. */
  changing: boolean;
}

export interface TreatModel {
  /** Values on the page are older than a second, or there are none. */
  old: boolean;
  tone: Tone;
  title: string;
  next: string;
  /** Where the next thing is done, when it is another page. */
  nextHref: string | null;
  panel: Panel;
  cap: Cap;
  canSet: boolean;
  canChooseZone: boolean;
  home: { shown: boolean; enabled: boolean };
  /** The one button below the controls: confirm at rest, apply while armed or running. */
  confirm: { kind: "confirm" | "apply"; label: string; enabled: boolean };
  canArm: boolean;
  canDisarm: boolean;
  canAskToStart: boolean;
  canFinish: boolean;
  canUnlock: boolean;
  /** This page only watches: who controls. */
  watches: boolean;
  canTakeControl: boolean;
  /** Another page asks for the control that this one has. */
  asked: boolean;
}

/** Somebody else's page controls the device. */
export function isWatching(view: LiveView | null, pageId: string): boolean {
  return whyNoControl(view, pageId) === "another";
}

/** What arming still needs, in order: what the program says, and what is not set on this page. */
export function missingOf(view: LiveView, draft: Draft, cap: Cap): MissingView[] {
  const before = view.missing.filter(missing => missing.step === "client" || missing.step === "cartridge");
  const here: MissingView[] = draft.zoneId === null || cap.micrometers === 0
    ? [{ step: "zone", words: cap.reason, href: null }]
    : !accepted(draft, heldTreatment(view)).all ? [{ step: "values", words: text("treat.setThenConfirm"), href: null }] : view.missing.filter(missing => missing.step === "zone" || missing.step === "values");
  return [...before, ...here, ...view.missing.filter(missing => missing.step === "device")];
}

interface Saying {
  tone: Tone;
  title: string;
  next: string;
  href?: string | null;
}

function say(view: LiveView, status: StatusView, local: Local, cap: Cap): Saying {
  const confirmed = accepted(local.draft, heldTreatment(view)).all;
  switch (status.state) {
    case "Unhomed":
      return { tone: "calm", title: text("treat.unhomed"), next: text("treat.unhomedNext") };
    case "Homing":
      return { tone: "busy", title: text("treat.homing"), next: text("treat.homingNext") };
    case "Parked": {
      const missing = missingOf(view, local.draft, cap)[0];
      return confirmed && !local.changing
        ? { tone: "ready", title: text("treat.confirmed"), next: missing?.words ?? text("treat.confirmedNext"), href: missing?.href ?? null }
        : { tone: "calm", title: text("treat.parked"), next: missing?.words ?? text("treat.setThenConfirm"), href: missing?.href ?? null };
    }
    case "Armed":
      return !confirmed ? { tone: "ready", title: text("treat.armed"), next: text("treat.armedNewValues") }
        : !status.readyAtDepth ? { tone: "busy", title: text("treat.arming"), next: text("treat.armingNext") }
        : { tone: "ready", title: text("treat.armed"), next: text("treat.armedNext") };
    case "Running":
      return { tone: "live", title: text("treat.running"), next: confirmed ? text("treat.runningNext") : text("treat.runningNewValues") };
    case "Retracting":
      return { tone: "busy", title: text("treat.retracting"), next: text("treat.retractingNext") };
    case "Faulted":
      return { tone: "alarm", title: status.parking ? text("treat.faultRetracting") : text("treat.fault"), next: faultNext(view, status) };
    case "EmergencyStopped":
      return { tone: "alarm", title: text("treat.emergency"), next: status.emergencyStopPressed ? text("treat.emergencyNext") : text("treat.emergencyReleased") };
    case "Service":
      return { tone: "busy", title: text("treat.service"), next: text("treat.serviceNext") };
    default:
      return { tone: "busy", title: text("treat.starting"), next: text("treat.startingNext") };
  }
}

function faultNext(view: LiveView, status: StatusView): string {
  const alarm = view.alarms.find(one => one.fault !== 0);
  return alarm === undefined ? status.faultWords : `${alarm.title}. ${alarm.nextStep}`;
}

function panelOf(view: LiveView, status: StatusView, local: Local): Panel {
  const pass = view.session?.passes.at(-1);
  switch (status.state) {
    case "Armed":
    case "Running":
      return "live";
    case "Retracting":
    case "Faulted":
    case "EmergencyStopped":
      return pass === undefined ? "setup" : "live";
    case "Parked":
      return view.session !== null && accepted(local.draft, heldTreatment(view)).all && !local.changing ? "read-back" : "setup";
    default:
      return "setup";
  }
}

const nothing = {
  canSet: false, canChooseZone: false, home: { shown: false, enabled: false }, canArm: false, canDisarm: false, canAskToStart: false, canFinish: false, canUnlock: false,
};

export function treatModel(view: LiveView | null, zones: readonly ZoneSheet[], local: Local): TreatModel {
  const old = isOld(view, local.silence, local.broken);
  const { draft } = local;
  const cap = capOf(sheetOf(zones, draft.zoneId), view);
  const status = view?.status ?? null;
  const watches = isWatching(view, local.pageId);
  const control = {
    watches,
    canTakeControl: watches && !old && !local.busy && !isMoving(status) && view?.control.askingPage !== local.pageId,
    asked: view !== null && view.control.page === local.pageId && view.control.askingPage !== null,
  };

  if (view === null || status === null || !view.link.connected) {
    return {
      ...nothing, ...control, old, cap,
      tone: "alarm",
      title: view === null ? text("common.connecting") : text("treat.notConnected"),
      next: view?.link.words ?? text("treat.connectingNext"),
      nextHref: null,
      panel: "setup",
      confirm: { kind: "confirm", label: text("treat.confirm"), enabled: false },
    };
  }

  const { state } = status;
  const saying = say(view, status, local, cap);
  const mine = !old && !watches;
  const atRest = state === "Unhomed" || state === "Parked";
  const isLive = state === "Armed" || state === "Running";
  const isSet = draft.zoneId !== null && cap.micrometers > 0 && draft.depthMicrometers <= cap.micrometers;
  const confirmed = accepted(draft, heldTreatment(view)).all;
  const panel = panelOf(view, status, local);
  return {
    ...control, old, cap, panel,
    tone: saying.tone,
    title: old ? text("treat.lastKnown", lowered(saying.title)) : saying.title,
    next: old ? text("treat.nothingHeard") : watches ? watchingWords(view, local.pageId) : saying.next,
    nextHref: old || watches ? null : saying.href ?? null,
    canSet: mine && (atRest || isLive) && draft.zoneId !== null && cap.micrometers > 0,
    canChooseZone: mine && !isMoving(status) && state !== "Retracting",
    home: { shown: state === "Unhomed", enabled: mine && !local.busy },
    confirm: {
      kind: isLive ? "apply" : "confirm",
      label: text(isLive ? (confirmed ? "treat.valuesActive" : "treat.apply") : state === "Parked" && confirmed && !local.changing ? "treat.valuesConfirmed" : "treat.confirm"),
      enabled: mine && !local.busy && isSet && view.session !== null && (isLive ? !confirmed : state === "Parked" && (!confirmed || local.changing)),
    },
    canArm: mine && !local.busy && panel === "read-back" && missingOf(view, draft, cap).length === 0 && status.cartridgeSeated && !status.triggerPressed,
    canDisarm: !old && isLive,
    canAskToStart: mine && state === "Armed",
    canFinish: mine && !local.busy && view.session !== null && !isMoving(status) && state !== "Retracting" && !status.parking,
    canUnlock: mine && !local.busy && view.session !== null && cap.micrometers > 0 && (atRest || state === "Faulted"),
  };
}

function watchingWords(view: LiveView, pageId: string): string {
  const who = view.control.person ?? text("treat.anotherPage");
  return view.control.askingPage === pageId ? text("treat.askedFor", who) : text("treat.watching", who);
}

function lowered(title: string): string {
  return title.charAt(0).toLowerCase() + title.slice(1);
}

/** What the read-back says of the mode. */
export function modeWords(burstStrokes: number): string {
  return burstStrokes === 0 ? text("treat.glide") : text("treat.stampOf", words.countOr(burstStrokes, ""));
}
