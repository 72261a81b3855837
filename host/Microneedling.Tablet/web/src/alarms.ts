// The alarms in the header of every page: the gravest in a line, all of them in a list below it, and their sound. The line
// takes the place of identity and link, so that nothing on the page moves under a finger.

import { soundOf, sorted, stateWords, type Priority } from "./alarm-model";
import { canSound, sound } from "./alarm-sound";
import { make, setText } from "./dom";
import type { AlarmView } from "./live-view";
import { ask, type Answer } from "./requests";
import { text } from "./texts";

/** So long a button that has become another one takes no tap. */
const newButtonMilliseconds = 600;

interface Row {
  element: HTMLElement;
  mark: HTMLElement;
  title: HTMLElement;
  state: HTMLElement;
  cause: HTMLElement;
  next: HTMLElement;
  act: HTMLButtonElement;
  silence: HTMLButtonElement;
  alarm: AlarmView;
  actSince: number;
  silenceSince: number;
}

const marks: Record<Priority, string> = { High: "!!!", Medium: "!!", Low: "!" };

let refusal: string | null = null;

async function carryOut(request: Promise<Answer>): Promise<void> {
  const answer = await request;
  refusal = answer.ok ? null : answer.words;
}

/** One alarm: its words, what has been done about it, and two buttons that stay where they are. */
function makeRow(alarm: AlarmView): Row {
  const row: Row = {
    element: make("div", "alarm-row"),
    mark: make("span", "alarm-mark"),
    title: make("strong", "alarm-title"),
    state: make("span", "alarm-state"),
    cause: make("span", "alarm-cause"),
    next: make("span", "alarm-next"),
    act: make("button", "alarm-act"),
    silence: make("button", "alarm-silence"),
    alarm,
    actSince: 0,
    silenceSince: 0,
  };
  row.mark.setAttribute("aria-hidden", "true");
  row.act.type = "button";
  row.silence.type = "button";
  row.act.addEventListener("click", () => {
    const { alarm: now } = row;
    void carryOut(now.acknowledged ? ask("/api/clear-fault", { fault: now.fault }) : ask("/api/alarms/acknowledge", { id: now.id }));
  });
  row.silence.addEventListener("click", () => {
    // The first touch on a page is what lets it sound: it must not silence at once.
    if (row.silence.dataset["muted"] !== "true" && performance.now() - row.silenceSince >= newButtonMilliseconds) {
      void carryOut(ask("/api/alarms/silence"));
    }
  });
  row.element.append(
    make("div", "alarm-words", make("div", "alarm-head", row.mark, row.title, row.state), make("div", "alarm-body", row.cause, " ", row.next)),
    row.act, row.silence);
  return row;
}

function fill(row: Row, alarm: AlarmView, isMuted: boolean): void {
  const becomesAnother = row.act.textContent !== "" && (row.alarm.acknowledged !== alarm.acknowledged || row.alarm.id !== alarm.id);
  if (becomesAnother) {
    row.actSince = performance.now();
  }
  row.alarm = alarm;
  row.element.dataset["priority"] = alarm.priority;
  row.element.dataset["state"] = alarm.acknowledged ? "acknowledged" : alarm.silencedForSeconds > 0 ? "silenced" : "new";
  setText(row.mark, marks[alarm.priority]);
  setText(row.title, alarm.title);
  setText(row.state, stateWords(alarm));
  setText(row.cause, refusal ?? alarm.cause);
  setText(row.next, refusal === null ? alarm.nextStep : "");
  setText(row.act, text(!alarm.acknowledged ? "alarms.acknowledge" : alarm.fault !== 0 ? "alarms.clearFault" : "alarms.acknowledged"));
  row.act.disabled = (alarm.acknowledged && alarm.fault === 0) || performance.now() - row.actSince < newButtonMilliseconds;
  const mutes = isMuted && !alarm.acknowledged && alarm.silencedForSeconds === 0;
  if (row.silence.dataset["muted"] === "true" && !mutes) {
    row.silenceSince = performance.now();
  }
  row.silence.dataset["muted"] = String(mutes);
  setText(row.silence, text(mutes ? "alarms.muted" : "alarms.silence"));
  row.silence.disabled = alarm.acknowledged || alarm.silencedForSeconds > 0;
}

/** Shows alarms in a place and sounds them; `local` sounds for what only this page knows. */
export function showAlarms(place: HTMLElement): (alarms: readonly AlarmView[], local: Priority | null) => void {
  const polite = make("p", "visually-hidden");
  polite.setAttribute("aria-live", "polite");
  const assertive = make("p", "visually-hidden");
  assertive.setAttribute("aria-live", "assertive");
  const line = make("div", "alarm-line");
  const more = make("button", "alarm-more");
  more.type = "button";
  more.setAttribute("aria-controls", "alarm-list");
  const list = make("div", "alarm-list");
  list.id = "alarm-list";
  list.hidden = true;
  list.setAttribute("role", "group");
  list.setAttribute("aria-label", text("alarms.list"));
  place.append(polite, assertive, line, list);

  const first = makeRow({ id: "", priority: "Low", title: "", cause: "", nextStep: "", acknowledged: false, silencedForSeconds: 0, fault: 0 });
  line.append(first.element, more);
  const rows = new Map<string, Row>();
  more.addEventListener("click", () => { list.hidden = !list.hidden; });

  return (alarms, local) => {
    const loudest = local ?? soundOf(alarms);
    sound(loudest);
    const isMuted = loudest !== null && !canSound();
    const all = sorted(alarms);
    const gravest = all[0];
    place.hidden = gravest === undefined;
    place.dataset["state"] = gravest === undefined ? "" : gravest.acknowledged ? "acknowledged" : "new";
    if (gravest === undefined) {
      list.hidden = true;
      refusal = null;
    } else {
      fill(first, gravest, isMuted);
    }

    setText(more, all.length > 1 ? text("alarms.more", all.length - 1) : text("alarms.details"));
    more.setAttribute("aria-expanded", String(!list.hidden));
    if (!list.hidden) {
      for (const [id, row] of rows) {
        if (!all.some(alarm => alarm.id === id)) {
          row.element.remove();
          rows.delete(id);
        }
      }
      for (const alarm of all) {
        const row = rows.get(alarm.id) ?? makeRow(alarm);
        fill(row, alarm, isMuted);
        if (!rows.has(alarm.id)) {
          rows.set(alarm.id, row);
          list.append(row.element);
        }
      }
    }

    const spoken = all.filter(alarm => !alarm.acknowledged);
    const speak = (priorities: Priority[]): string => spoken.filter(alarm => priorities.includes(alarm.priority)).map(alarm => `${alarm.title}. ${alarm.cause} ${alarm.nextStep}`).join(" ");
    setText(assertive, speak(["High"]));
    setText(polite, speak(["Medium", "Low"]));
  };
}
