// The map of zones and the list beside it, which is its equal. Shows which zone is chosen, treated, blocked.

import { byId, setText } from "./dom";
import { text } from "./texts";
import * as words from "./words";
import type { ZoneSheet } from "./zone-sheet";

export interface MapState {
  zoneId: string | null;
  /** Punctures per cm² of each zone treated in this session. */
  treated: ReadonlyMap<string, number>;
  enabled: boolean;
}

/** Calls back with the zone that is chosen, on the map or in the list. Returns what shows a state. */
export function zoneMap(zones: readonly ZoneSheet[], choose: (zone: ZoneSheet) => void): (state: MapState) => void {
  const select = byId<HTMLSelectElement>("zone-select");
  const shapes = [...document.querySelectorAll<SVGGElement>("svg.map .zone")];
  const tabs = [...document.querySelectorAll<HTMLButtonElement>("button[data-map]")];
  const places = [...document.querySelectorAll<HTMLElement>("[data-map-of]")];
  let enabled = false;
  let shownZone: string | null = null;

  const turnTo = (view: string): void => {
    for (const tab of tabs) {
      tab.setAttribute("aria-pressed", String(tab.dataset["map"] === view));
    }
    for (const place of places) {
      place.hidden = place.dataset["mapOf"] !== view;
    }
  };
  const pick = (id: string | undefined): void => {
    const zone = zones.find(one => one.id === id);
    if (enabled && zone !== undefined) {
      choose(zone);
    }
  };

  for (const tab of tabs) {
    tab.addEventListener("click", () => turnTo(tab.dataset["map"]!));
  }
  for (const shape of shapes) {
    shape.addEventListener("click", () => pick(shape.dataset["zone"]));
    shape.addEventListener("keydown", event => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        pick(shape.dataset["zone"]);
      }
    });
  }
  select.addEventListener("change", () => pick(select.value));

  return state => {
    enabled = state.enabled;
    select.disabled = !enabled;
    if (shownZone !== state.zoneId) {
      shownZone = state.zoneId;
      select.value = shownZone ?? "";
      const zone = zones.find(one => one.id === shownZone);
      if (zone !== undefined) {
        turnTo(zone.view);
      }
    }
    for (const shape of shapes) {
      showZone(shape, zones.find(one => one.id === shape.dataset["zone"]), state);
    }
  };
}

function showZone(shape: SVGGElement, zone: ZoneSheet | undefined, state: MapState): void {
  const id = shape.dataset["zone"]!;
  const density = state.treated.get(id);
  const isBlocked = zone?.depthCapMicrometers === 0;
  set(shape, "data-treated", density === undefined ? null : "true");
  set(shape, "data-blocked", isBlocked ? "true" : null);
  set(shape, "aria-pressed", String(state.zoneId === id));
  set(shape, "aria-disabled", state.enabled ? null : "true");
  const said = [
    shape.dataset["name"]!,
    ...(isBlocked ? [`${text("treat.zoneBlocked")}: ${zone.capReason}`] : []),
    ...(density === undefined ? [] : [text("treat.zoneTreated", words.density(density))]),
  ].join(", ");
  set(shape, "aria-label", said);
  setText(shape.querySelector("title")!, said);
  setText(shape.querySelector(".number")!, density === undefined ? "" : words.density(density));
}

function set(element: Element, name: string, value: string | null): void {
  if (value === null) {
    element.removeAttribute(name);
  } else if (element.getAttribute(name) !== value) {
    element.setAttribute(name, value);
  }
}
