import { beforeEach, expect, it, vi } from "vitest";

/** A browser's screen lock that a test grants, refuses and takes away. */
class Screen {
  hidden = false;
  refuses = false;
  held = 0;
  asked = 0;
  private readonly becameVisible: (() => void)[] = [];
  private readonly releases: (() => void)[] = [];

  readonly document = {
    addEventListener: (_: string, listener: () => void) => this.becameVisible.push(listener),
    isHidden: () => this.hidden,
    get hidden(): boolean { return this.isHidden(); },
  };

  readonly navigator = {
    wakeLock: {
      request: (): Promise<unknown> => {
        this.asked++;
        if (this.refuses) {
          return Promise.reject(new Error("NotAllowedError"));
        }
        this.held++;
        let released = (): void => undefined;
        const release = (): Promise<void> => {
          this.held--;
          released();
          return Promise.resolve();
        };
        this.releases.push(() => void release());
        return Promise.resolve({ addEventListener: (_: string, listener: () => void) => { released = listener; }, release });
      },
    },
  };

  /** As a browser does when the page is hidden or the battery is low. */
  takeAway(): void {
    this.releases.pop()?.();
  }

  show(hidden: boolean): void {
    this.hidden = hidden;
    this.becameVisible.forEach(listener => { listener(); });
  }
}

let screen: Screen;
let keepAwake: (want: boolean) => void;
let isAwakeRefused: () => boolean;
const settled = (): Promise<void> => new Promise(resolve => { setTimeout(resolve); });

beforeEach(async () => {
  screen = new Screen();
  vi.stubGlobal("document", screen.document);
  vi.stubGlobal("navigator", screen.navigator);
  vi.resetModules();
  ({ keepAwake, isAwakeRefused } = await import("./wake-lock"));
});

it("is held while it is wanted, once, and let go after", async () => {
  keepAwake(true);
  keepAwake(true);
  await settled();
  expect(screen).toMatchObject({ held: 1, asked: 1 });
  keepAwake(false);
  await settled();
  expect(screen).toMatchObject({ held: 0, asked: 1 });
});

it("is taken again after the page was hidden", async () => {
  keepAwake(true);
  await settled();
  screen.show(true);
  screen.takeAway();
  await settled();
  expect(screen).toMatchObject({ held: 0, asked: 1 });
  screen.show(false);
  await settled();
  expect(screen).toMatchObject({ held: 1, asked: 2 });
});

it("that was wanted no more before the browser granted it is let go", async () => {
  keepAwake(true);
  keepAwake(false);
  await settled();
  expect(screen.held).toBe(0);
});

it("that the browser refuses is said, until it is not wanted", async () => {
  screen.refuses = true;
  keepAwake(true);
  await settled();
  expect(isAwakeRefused()).toBe(true);
  keepAwake(false);
  expect(isAwakeRefused()).toBe(false);
});

it("that the browser takes away and then refuses is said", async () => {
  keepAwake(true);
  await settled();
  screen.refuses = true;
  screen.takeAway();
  await settled();
  expect(isAwakeRefused()).toBe(true);
});
