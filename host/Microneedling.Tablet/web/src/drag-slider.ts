// A slider that follows a drag and ignores a tap: a value never jumps to where a finger happened to land.
// It moves by as much as the finger does, from the value it had.

/** Movement below which a touch is a tap, in pixels. */
const tapPixels = 8;

export interface SliderRange {
  least: number;
  most: number;
  grain: number;
}

/** Value after a drag by some pixels along a track of some width, on the grain and within the range. */
export function dragged(start: number, pixels: number, trackPixels: number, range: SliderRange): number {
  if (Math.abs(pixels) < tapPixels || trackPixels <= 0) {
    return start;
  }
  const moved = start + (pixels / trackPixels) * (range.most - range.least);
  const onGrain = Math.round(moved / range.grain) * range.grain;
  return Math.min(range.most, Math.max(range.least, onGrain));
}

/** Makes an element a slider. Arrow keys move by the grain. */
export function dragSlider(track: HTMLElement, range: () => SliderRange, value: () => number, isEnabled: () => boolean, change: (value: number) => void): void {
  let drag: { from: number; start: number } | null = null;

  track.addEventListener("pointerdown", event => {
    if (isEnabled() && event.button === 0) {
      drag = { from: event.clientX, start: value() };
      track.setPointerCapture(event.pointerId);
    }
  });
  track.addEventListener("pointermove", event => {
    if (drag !== null && isEnabled()) {
      change(dragged(drag.start, event.clientX - drag.from, track.clientWidth, range()));
    }
  });
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
    track.addEventListener(end, () => { drag = null; });
  }
  track.addEventListener("keydown", event => {
    const { least, most, grain } = range();
    const step = event.key === "ArrowRight" || event.key === "ArrowUp" ? grain : event.key === "ArrowLeft" || event.key === "ArrowDown" ? -grain : 0;
    if (step !== 0 && isEnabled()) {
      event.preventDefault();
      change(Math.min(most, Math.max(least, value() + step)));
    }
  });
}
