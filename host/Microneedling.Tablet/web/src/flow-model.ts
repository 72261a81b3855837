// Decides what the five steps on the way to armed say: client, cartridge, zone, values, armed. Pure.

import { accepted, heldTreatment, sheetOf, type Cap, type Draft } from "./draft";
import type { LiveView } from "./live-view";
import { text } from "./texts";
import { missingOf } from "./treat-model";
import * as words from "./words";
import type { ZoneSheet } from "./zone-sheet";

export type StepName = "client" | "cartridge" | "zone" | "values" | "armed";

export interface Step {
  name: StepName;
  /** now: the first that is not done. */
  status: "done" | "now" | "missing";
  statusWords: string;
  /** What stands there, or what is missing. */
  words: string;
  href: string;
}

const prepare = "/prepare";

export function stepsOf(view: LiveView | null, zones: readonly ZoneSheet[], draft: Draft, cap: Cap): Step[] {
  const session = view?.session ?? null;
  const sheet = sheetOf(zones, draft.zoneId);
  const missing = view === null ? [] : missingOf(view, draft, cap);
  const lacks = (step: string) => missing.find(one => one.step === step);
  const state = view?.status?.state;
  const confirmed = accepted(draft, heldTreatment(view)).all;
  const isArmed = state === "Armed" || state === "Running";

  const steps: { name: StepName; done: boolean; words: string; href: string }[] = [
    {
      name: "client",
      done: session !== null && lacks("client") === undefined,
      words: session === null ? text("treat.noSession") : session.clientLabel ?? text("treat.testBlock"),
      href: lacks("client")?.href ?? prepare,
    },
    {
      name: "cartridge",
      done: session !== null && lacks("cartridge") === undefined,
      words: session === null ? text("treat.notNoted") : lacks("cartridge")?.words ?? text("treat.needles", session.needles),
      href: lacks("cartridge")?.href ?? prepare,
    },
    { name: "zone", done: sheet !== null && cap.micrometers > 0, words: sheet?.name ?? text("treat.noZone"), href: "#zone-select" },
    {
      name: "values",
      done: confirmed,
      words: confirmed ? `${words.setDepth(draft.depthMicrometers)} mm · ${words.setRate(draft.rateMillihertz)} ${text("treat.perSecond")}` : text("treat.notConfirmed"),
      href: "#depth-slider",
    },
    { name: "armed", done: isArmed, words: text(state === "Running" ? "treat.runningShort" : isArmed ? "treat.armedShort" : "treat.notArmed"), href: "#arm" },
  ];
  const now = steps.findIndex(step => !step.done);
  return steps.map(({ done, ...step }, index) => {
    const status = done ? "done" : index === now ? "now" : "missing";
    return { ...step, status, statusWords: text(`treat.step-${status}`) };
  });
}
