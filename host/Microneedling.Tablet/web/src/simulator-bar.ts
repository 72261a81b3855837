// The hands at a simulated device: trigger, cartridge, emergency stop.

import { byId, setText } from "./dom";
import type { LiveView } from "./live-view";
import { ask } from "./requests";
import { text } from "./texts";

const hands = [
  ["simulated-trigger", "triggerPressed", "treat.releaseTrigger", "treat.pressTrigger"],
  ["simulated-emergency-stop", "emergencyStopPressed", "treat.releaseEmergency", "treat.pressEmergency"],
  ["simulated-cartridge", "cartridgeSeated", "treat.removeCartridge", "treat.seatCartridge"],
] as const;

/** Returns what shows the latest snapshot. */
export function simulatorBar(): (view: LiveView | null) => void {
  for (const [id] of hands) {
    const button = byId<HTMLButtonElement>(id);
    button.addEventListener("click", () => void ask(`/api/simulator/${button.dataset["simulate"]}`, { on: button.dataset["on"] !== "true" }));
  }
  return view => {
    byId("simulator").hidden = view?.device?.simulated !== true;
    for (const [id, input, whenOn, whenOff] of hands) {
      const button = byId(id);
      const on = view?.status?.[input] ?? false;
      button.dataset["on"] = String(on);
      setText(button, text(on ? whenOn : whenOff));
    }
  };
}
