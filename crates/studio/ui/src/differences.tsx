/** How code, files and database differ; asked once, since a comparison takes its time. */
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { ask, type Refused } from "./api";
import { Failure } from "./parts/basics";
import { about, refused } from "./state";

export interface Difference {
  sign: "+" | "-" | "~";
  kind: string;
  name: string;
  lines: string[];
}

export interface Comparison {
  part: string;
  previous: string;
  next: string;
  differences: Difference[];
  notes: string[];
  advice: string | null;
}

export const comparisons = signal<Comparison[] | null>(null);
export const failure = signal<Refused | null>(null);
let asked = false;

export async function compare(again = false): Promise<void> {
  if (asked && !again) return;
  asked = true;
  failure.value = null;
  if (again) comparisons.value = null;
  try {
    comparisons.value = await ask<Comparison[]>("comparisons");
  } catch (error) {
    failure.value = refused(error);
  }
}

/** What concerns one table. */
export function Differences({ of }: { of: string }) {
  useEffect(() => {
    if (about.value?.project) void compare();
  }, []);
  const found = (comparisons.value ?? []).map((comparison) => ({
    comparison,
    own: comparison.differences.filter(({ name }) => name === of || name.startsWith(`${of}.`)),
  }));
  if (found.every(({ own }) => own.length === 0)) return null;
  return (
    <div class="block">
      <h2>Differences</h2>
      {found.filter(({ own }) => own.length > 0).map(({ comparison, own }) => <DifferenceList key={comparison.part} differences={own} />)}
    </div>
  );
}

const classOf = { "+": "plus", "-": "minus", "~": "tilde" } as const;

export const DifferenceList = ({ differences }: { differences: Difference[] }) => (
  <ul class="differences">
    {differences.flatMap((difference) => difference.lines.map((text, at) => (
      <li key={`${difference.kind}${difference.name}${at}`}>
        <span class={`sign ${classOf[difference.sign]}`} aria-hidden="true">{difference.sign}</span>
        <span>{text.replace(/^[-+~] /, "")}</span>
      </li>
    )))}
  </ul>
);

/** All of them, by what is compared. */
export function AllDifferences() {
  useEffect(() => void compare(), []);
  if (failure.value) return <Failure error={failure.value} />;
  if (!comparisons.value) return <p class="dim" role="status">Comparing code, files and database…</p>;
  return (
    <>
      {comparisons.value.map((comparison) => (
        <div class="block" key={comparison.part}>
          <h3>{comparison.part}</h3>
          {comparison.differences.length === 0
            ? <p><span class="badge good">agree</span> {comparison.previous} is what {comparison.next} says.</p>
            : <DifferenceList differences={comparison.differences} />}
          {comparison.notes.map((note) => <p class="dim" key={note}>{note}</p>)}
          {comparison.advice && <p>{comparison.advice}</p>}
        </div>
      ))}
    </>
  );
}
