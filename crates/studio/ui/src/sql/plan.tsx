/** A plan as a tree: each step with what it is thought to cost, and what it took where it was run. */
interface Step {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Join Type"?: string;
  "Total Cost": number;
  "Plan Rows": number;
  "Actual Total Time"?: number;
  "Actual Rows"?: number;
  "Actual Loops"?: number;
  Filter?: string;
  "Index Cond"?: string;
  "Hash Cond"?: string;
  "Sort Key"?: string[];
  Plans?: Step[];
}

export interface Explained {
  Plan: Step;
  "Planning Time"?: number;
  "Execution Time"?: number;
}

const number = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });
const time = (step: Step): number | undefined =>
  step["Actual Total Time"] === undefined ? undefined : step["Actual Total Time"] * (step["Actual Loops"] ?? 1);

export function Plan({ plan }: { plan: Explained }) {
  const root = plan.Plan;
  return (
    <div class="plan">
      {plan["Execution Time"] !== undefined && <p>Planned in {number.format(plan["Planning Time"] ?? 0)} ms, run in {number.format(plan["Execution Time"])} ms.</p>}
      <ul><Node step={root} most={time(root) ?? root["Total Cost"]} /></ul>
    </div>
  );
}

function Node({ step, most }: { step: Step; most: number }) {
  const took = time(step);
  const share = Math.min(1, (took ?? step["Total Cost"]) / (most || 1));
  const on = step["Relation Name"] ?? step["Index Name"];
  const conditions = [step["Index Cond"], step["Hash Cond"], step.Filter, step["Sort Key"]?.join(", ")].filter(Boolean);
  const wrong = step["Actual Rows"] !== undefined && Math.max(step["Actual Rows"], 1) / Math.max(step["Plan Rows"], 1);
  return (
    <li>
      <span class="bar" style={{ width: `${Math.round(share * 80)}px` }} />
      <strong>{step["Join Type"] && step["Join Type"] !== "Inner" ? `${step["Join Type"]} ` : ""}{step["Node Type"]}</strong>
      {on && <> on <code>{on}</code></>}{" "}
      <span class="dim">
        cost {number.format(step["Total Cost"])}, {number.format(step["Plan Rows"])} rows expected
        {took !== undefined && `, ${number.format(took)} ms, ${number.format(step["Actual Rows"] ?? 0)} rows`}
      </span>
      {wrong !== false && (wrong > 10 || wrong < 0.1) && <> <span class="badge warn">rows misjudged</span></>}
      {conditions.map((condition) => <div key={condition}><code class="dim">{condition}</code></div>)}
      {step.Plans && <ul>{step.Plans.map((inside, at) => <Node key={at} step={inside} most={most} />)}</ul>}
    </li>
  );
}
