/** Which of many items are to be drawn, along one axis. */
import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from "@tanstack/virtual-core";
import { useEffect, useLayoutEffect, useReducer, useState } from "preact/hooks";

export function useVirtual(options: {
  count: number;
  size: (index: number) => number;
  scroller: { current: HTMLElement | null };
  horizontal?: boolean;
  overscan: number;
  paddingStart?: number;
}): Virtualizer<HTMLElement, HTMLElement> {
  const [, draw] = useReducer((count: number) => count + 1, 0);
  const given = {
    count: options.count,
    estimateSize: options.size,
    getScrollElement: () => options.scroller.current,
    horizontal: options.horizontal ?? false,
    overscan: options.overscan,
    paddingStart: options.paddingStart ?? 0,
    scrollPaddingStart: options.paddingStart ?? 0,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => draw(0 as never),
  };
  const [virtual] = useState(() => new Virtualizer<HTMLElement, HTMLElement>(given));
  virtual.setOptions(given);
  useEffect(() => virtual._didMount(), []);
  useLayoutEffect(() => virtual._willUpdate());
  return virtual;
}
