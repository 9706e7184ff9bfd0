import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { poll, type Screen } from "./polling.ts";

function fakeScreen(): Screen & { show: (visible: boolean) => void } {
  let visible = true;
  let listener = (): void => undefined;
  return {
    visible: () => visible,
    onChange: (given) => {
      listener = given;
      return () => {
        listener = () => undefined;
      };
    },
    show: (now) => {
      visible = now;
      listener();
    },
  };
}

describe("polling", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("asks at once and then at every interval", async () => {
    const work = vi.fn(() => Promise.resolve());
    const stop = poll(work, 1000, fakeScreen());
    await vi.advanceTimersByTimeAsync(2500);
    expect(work).toHaveBeenCalledTimes(3);
    stop();
    await vi.advanceTimersByTimeAsync(5000);
    expect(work).toHaveBeenCalledTimes(3);
  });

  it("asks nothing while nobody looks, and at once when somebody looks again", async () => {
    const on = fakeScreen();
    const work = vi.fn(() => Promise.resolve());
    const stop = poll(work, 1000, on);
    await vi.advanceTimersByTimeAsync(100);
    on.show(false);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(work).toHaveBeenCalledTimes(1);
    on.show(true);
    await vi.advanceTimersByTimeAsync(1);
    expect(work).toHaveBeenCalledTimes(2);
    stop();
  });

  it("does not ask earlier because of looking away and back", async () => {
    const on = fakeScreen();
    const work = vi.fn(() => Promise.resolve());
    const stop = poll(work, 1000, on);
    await vi.advanceTimersByTimeAsync(10);
    on.show(false);
    on.show(true);
    await vi.advanceTimersByTimeAsync(500);
    expect(work).toHaveBeenCalledTimes(1);
    stop();
  });

  it("leaves a failing platform more and more time", async () => {
    const work = vi.fn(() => Promise.reject(new Error("away")));
    const stop = poll(work, 1000, fakeScreen());
    await vi.advanceTimersByTimeAsync(2100);
    expect(work).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(3800);
    expect(work).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(200);
    expect(work).toHaveBeenCalledTimes(3);
    stop();
  });
});
