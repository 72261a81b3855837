// The sheet of the chosen zone: skin thickness, area, and the presets with everything that speaks for and against them.

import { areaFrom, areaRange, presetOf, type Draft } from "./draft";
import { byId, make, setText } from "./dom";
import { text } from "./texts";
import { modeWords } from "./treat-model";
import * as words from "./words";
import type { PresetSheet, ZoneSheet } from "./zone-sheet";

export interface PanelState {
  sheet: ZoneSheet | null;
  draft: Draft;
  treated: number | undefined;
  enabled: boolean;
}

/** Calls back when a preset is chosen or an area is given. Returns what shows a state. */
export function zonePanel(choosePreset: (preset: PresetSheet) => void, giveArea: (squareMillimeters: number) => void): (state: PanelState) => void {
  const area = byId<HTMLInputElement>("area");
  const error = byId("area-error");
  const presets = byId("presets");
  let cards: [PresetSheet, HTMLButtonElement][] = [];
  let shown: ZoneSheet | null = null;

  const readArea = (): void => {
    const given = areaFrom(area.value);
    setText(error, given === null ? text("treat.areaWrong", words.area(areaRange.least), words.area(areaRange.most)) : "");
    if (given !== null) {
      giveArea(given);
    }
  };
  area.addEventListener("input", readArea);

  return ({ sheet, draft, treated, enabled }) => {
    byId("sheet").hidden = sheet === null;
    byId("sheet-empty").hidden = sheet !== null;
    if (sheet === null) {
      shown = null;
      return;
    }

    if (shown !== sheet) {
      shown = sheet;
      setText(error, "");
      setText(byId("zone-name"), sheet.name);
      setText(byId("zone-thickness"), sheet.thicknessWords);
      const isBlocked = sheet.depthCapMicrometers === 0;
      byId("zone-blocked").hidden = !isBlocked;
      setText(byId("zone-blocked"), isBlocked ? sheet.capReason : "");
      byId("presets-head").hidden = isBlocked;
      cards = isBlocked ? [] : sheet.presets.map(preset => [preset, presetCard(preset, () => choosePreset(preset))]);
      presets.replaceChildren(...(isBlocked || cards.length > 0 ? cards.map(([, card]) => card) : [make("p", "hint", text("treat.noPresets"))]));
      presets.scrollTop = 0;
    }

    setText(byId("zone-treated"), treated === undefined ? "" : text("treat.treatedHere", words.density(treated)));
    if (document.activeElement !== area || areaFrom(area.value) !== null && areaFrom(area.value) !== draft.areaSquareMillimeters) {
      area.value = words.area(draft.areaSquareMillimeters);
      setText(error, "");
    }
    area.disabled = !enabled;
    const chosen = presetOf(sheet, draft);
    for (const [preset, card] of cards) {
      card.disabled = !enabled;
      card.setAttribute("aria-pressed", String(preset === chosen));
    }
  };
}

function presetCard(preset: PresetSheet, choose: () => void): HTMLButtonElement {
  const { depthFromMicrometers: from, depthToMicrometers: to } = preset;
  const range = from === to ? text("treat.rangeOne", words.setDepth(to)) : text("treat.range", words.setDepth(from), words.setDepth(to));
  const sets = [
    `${words.setDepth(preset.depthMicrometers)} mm`,
    ...(preset.rateMillihertz === null ? [] : [`${words.setRate(preset.rateMillihertz)} ${text("treat.perSecond")}`]),
    ...(preset.burstStrokes === null ? [] : [modeWords(preset.burstStrokes)]),
  ].join(" · ");
  const label = make("span", "badge", text(preset.onLabel ? "treat.onLabel" : "treat.offLabel"));
  label.dataset["tone"] = preset.onLabel ? "live" : "ready";
  const card = make("button", "preset",
    make("span", "preset-head", make("strong", "", preset.name), make("span", "preset-range", range)),
    make("span", "preset-badges", make("span", "badge", preset.gradeWords), label, make("span", "preset-sets", text("treat.sets", sets))),
    ...(preset.indication === "" || preset.indication === preset.name ? [] : [make("span", "preset-line", text("treat.for", preset.indication))]),
    make("span", "preset-line", text("treat.source", preset.source)),
    ...(preset.notes === "" ? [] : [make("span", "preset-line", preset.notes)]),
    ...preset.conflicts.map(conflict => make("span", "preset-conflict", conflict)));
  card.type = "button";
  card.dataset["preset"] = preset.key;
  card.addEventListener("click", choose);
  return card;
}
