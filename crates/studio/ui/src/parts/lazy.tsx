/** A page that is loaded when it is first opened. */
import type { ComponentChildren, ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";

export function lazy(load: () => Promise<ComponentType>): ComponentType {
  let loaded: ComponentType | null = null;
  return function Lazy() {
    const [, draw] = useState(0);
    useEffect(() => {
      if (!loaded) void load().then((component) => { loaded = component; draw(1); });
    }, []);
    const Loaded = loaded;
    return Loaded ? <Loaded /> : <p class="empty" role="status">Opening…</p>;
  };
}

/** Marks where one stands. */
export const Suspense = ({ children }: { children: ComponentChildren }) => <>{children}</>;
