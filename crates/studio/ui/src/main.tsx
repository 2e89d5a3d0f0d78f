import { render } from "preact";
import { App } from "./app";
import { load } from "./state";

// What the page shows is asked for before it is drawn.
void load();
render(<App />, document.querySelector("#app")!);
