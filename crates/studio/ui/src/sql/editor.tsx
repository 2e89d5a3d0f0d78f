/**
 * The editor of SQL. It stands in a shadow root: there its styles are constructed style sheets, which need no
 * exception in the content security policy.
 */
import { autocompletion, closeBrackets, closeBracketsKeymap, closeCompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { PostgreSQL, sql, type SQLNamespace } from "@codemirror/lang-sql";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { Compartment, EditorState, Prec } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers, placeholder } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef } from "preact/hooks";
import type { Map_ } from "../api";

const theme = EditorView.theme({
  "&": { height: "100%", fontSize: "13px", color: "var(--text)", backgroundColor: "var(--raised)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55" },
  ".cm-gutters": { backgroundColor: "var(--raised)", color: "var(--dim)", border: "none" },
  ".cm-activeLine": { backgroundColor: "color-mix(in oklab, var(--hover), transparent 50%)" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--accent-bg) !important" },
  ".cm-placeholder": { color: "var(--dim)" },
  ".cm-tooltip": { backgroundColor: "var(--raised)", border: "1px solid var(--line)", color: "var(--text)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent-bg)", color: "var(--accent)" },
  ".cm-completionDetail": { color: "var(--dim)" },
});

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword], color: "var(--keyword)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--number)" },
  { tag: tags.comment, color: "var(--dim)", fontStyle: "italic" },
  { tag: tags.typeName, color: "var(--accent)" },
]);

/** Tables and columns by schema, and those of `public` without it. */
function namespace(map: Map_ | null): SQLNamespace {
  const out: Record<string, Record<string, { label: string; detail: string; type: string }[]>> = {};
  for (const table of map?.tables ?? []) {
    const columns = table.columns.map((column) => ({ label: column.name, detail: column.type, type: "property" }));
    (out[table.schema] ??= {})[table.name] = columns;
  }
  return out;
}

export interface EditorHandle {
  text: () => string;
  selection: () => string;
  set: (text: string) => void;
  focus: () => void;
}

export function Editor(props: { initial: string; map: Map_ | null; onRun: () => void; onChange: (text: string) => void; handle: (handle: EditorHandle) => void }) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | undefined>(undefined);
  const language = useRef(new Compartment());
  const latest = useRef(props);
  latest.current = props;
  useEffect(() => {
    const root = host.current!.shadowRoot ?? host.current!.attachShadow({ mode: "open" });
    const run = (editor: EditorView) => (closeCompletion(editor), latest.current.onRun(), true);
    const editor = new EditorView({
      parent: root,
      root,
      state: EditorState.create({
        doc: props.initial,
        extensions: [
          Prec.highest(keymap.of([{ key: "Mod-Enter", run }])),
          lineNumbers(), history(), drawSelection(), bracketMatching(), closeBrackets(), highlightActiveLine(),
          autocompletion({ icons: false }),
          keymap.of([...closeBracketsKeymap, ...completionKeymap, ...defaultKeymap, ...historyKeymap, indentWithTab]),
          language.current.of(support(props.map)),
          syntaxHighlighting(colours), theme, EditorView.lineWrapping,
          placeholder("select …"),
          EditorView.contentAttributes.of({ "aria-label": "SQL. Escape, then Tab leaves the editor." }),
          EditorView.updateListener.of((update) => update.docChanged && latest.current.onChange(update.state.doc.toString())),
        ],
      }),
    });
    view.current = editor;
    props.handle({
      text: () => editor.state.doc.toString(),
      selection: () => editor.state.sliceDoc(editor.state.selection.main.from, editor.state.selection.main.to),
      set: (text) => editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } }),
      focus: () => editor.focus(),
    });
    editor.focus();
    return () => editor.destroy();
  }, []);
  useEffect(() => view.current?.dispatch({ effects: language.current.reconfigure(support(props.map)) }), [props.map]);
  return <div class="editor" ref={host} />;
}

const support = (map: Map_ | null) => sql({ dialect: PostgreSQL, schema: namespace(map), defaultSchema: "public", upperCaseKeywords: false });
